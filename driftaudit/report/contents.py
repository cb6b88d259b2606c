"""The list of what stands in the report: every check with what it found, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from driftaudit.report.sections import CheckPage, Outcome

_FAMILIES = {
    "drift": "Access and packages",
    "reviews": "Reviews",
    "people": "People",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One section: its number, its name, what it says in a word and where it stands."""

    number: int
    title: str
    anchor: str
    outcome: Outcome | None
    """Null for a section that is about no check."""
    severity: str
    counted: str


@dataclass(frozen=True, slots=True)
class Part:
    """Sections that belong together."""

    title: str
    entries: tuple[Entry, ...]


def contents(pages: Sequence[CheckPage], others: Sequence[tuple[int, str, str]]) -> tuple[Part, ...]:
    """Return the checks by family between the first of the other sections (number, title, anchor) and the rest."""
    parts: dict[str, list[Entry]] = {}
    for page in pages:
        parts.setdefault(page.check.family, []).append(_entry(page))
    made = [Part(_FAMILIES.get(name, name.capitalize()), tuple(entries)) for name, entries in parts.items()]
    first, *rest = (Entry(number, title, anchor, None, "", "") for number, title, anchor in others)
    return (Part("Overview", (first,)), *made, Part("Numbers and proof", tuple(rest)))


def _entry(page: CheckPage) -> Entry:
    anchor = f"check-{page.check.id}"
    return Entry(page.number, page.check.title, anchor, page.outcome, page.check.severity, page.counted)
