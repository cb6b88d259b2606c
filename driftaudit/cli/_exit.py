"""Exit codes that are no errors, and which of several codes a command ends with."""

from __future__ import annotations

from collections.abc import Iterable

FINDINGS = 3
"""Findings at or above what --fail-on names."""
INCOMPLETE = 4
"""Something that was asked for was not read whole."""
INTERRUPTED = 130
_GRAVEST_FIRST = (8, 1, 2, 6, 5, 7, INCOMPLETE, FINDINGS)


def gravest(codes: Iterable[int]) -> int:
    """Return the code that says most, 0 if there is none."""
    found = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in found), 0)
