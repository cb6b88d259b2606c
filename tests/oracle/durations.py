"""Durations as the service writes them: P30D, PT36H, P1DT11H30M."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def span(text: str) -> timedelta:
    """Return how long a duration of days, hours, minutes and seconds is."""
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError(f"The oracle does not know the duration {text!r}.")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
