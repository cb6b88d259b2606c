"""The clock of this machine, which is only ever compared with the service's: no finding and no file depends on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

WORTH_TELLING = timedelta(minutes=5)
"""From here on, signing in with a certificate may fail."""


def local_time() -> datetime:
    """Return what time this machine thinks it is, in UTC."""
    return datetime.now(UTC)


def difference(service: datetime, local: datetime) -> str | None:
    """Return in words how far this machine's clock is off, or None if it is near enough."""
    off = local - service
    if abs(off) < WORTH_TELLING:
        return None
    return f"{_words(abs(off))} {'ahead of' if off > timedelta() else 'behind'} the service's"


def _words(span: timedelta) -> str:
    """Return a span in its largest unit."""
    seconds = span.total_seconds()
    for name, length in (("day", 86400), ("hour", 3600)):
        if seconds >= length:
            number = round(seconds / length)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{round(seconds / 60)} minutes"
