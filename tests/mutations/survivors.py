"""Survivors: clauses whose loss no test can notice, each with the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.mutations.court import Verdict

LISTED = Path(__file__).with_suffix(".toml")


def listed() -> dict[str, str]:
    """Return the reason of every listed survivor by its name."""
    found: dict[str, str] = {}
    for entry in tomllib.loads(LISTED.read_text("utf-8")).get("survivor", []):
        for change in entry["changes"]:
            name = f"{entry['file']} · {entry['place']} · {change}"
            if name in found:
                raise ValueError(f"{name!r} is listed twice")
            found[name] = entry["reason"]
    return found


def unlisted(verdicts: Iterable[Verdict], reasons: Mapping[str, str]) -> list[Verdict]:
    """Return the survivors for which nobody gives a reason."""
    return [v for v in verdicts if v.survives and v.mutant.name not in reasons]


def outdated(verdicts: Iterable[Verdict], reasons: Mapping[str, str]) -> list[str]:
    """Return what is listed and is no survivor of any of these verdicts: seen by a test, or not there."""
    surviving = {v.mutant.name for v in verdicts if v.survives}
    return sorted(reasons.keys() - surviving)
