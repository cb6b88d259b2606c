"""By what the findings on a screen can be filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from driftaudit.audit.audit import SEVERITIES
from driftaudit.report import words
from driftaudit.report.groups import Row

_CHIPS_AT_MOST = 4
_STATES = ("new", "reopened", "open", "first_assessed", "unconfirmed", "accepted")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to filter by, and how many findings have it."""

    value: str
    words: str
    sign: str
    amount: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One property to filter by."""

    kind: str
    name: str
    as_list: bool
    choices: tuple[Choice, ...]


def facets(rows: Iterable[Row], check_names: dict[str, str]) -> tuple[Facet, ...]:
    """Return the properties whose values tell findings apart."""
    rows = tuple(rows)
    amounts = {kind: Counter(getattr(row, kind) for row in rows) for kind in ("check", "severity", "state", "owner")}
    checks = [
        Choice(check, words.capitalised(name), "", amounts["check"][check]) for check, name in check_names.items()
    ]
    severities = [Choice(one, one.capitalize(), one, amounts["severity"][one]) for one in SEVERITIES]
    states = [Choice(one, words.capitalised(one.replace("_", " ")), "", amounts["state"][one]) for one in _STATES]
    owners = [Choice(owner, owner, "", amount) for owner, amount in sorted(amounts["owner"].items())]
    made = (
        _facet("check", "Check", checks, as_list=len(checks) > _CHIPS_AT_MOST),
        _facet("severity", "Severity", severities),
        _facet("state", "State", states, as_list=True),
        _facet("owner", "Owner", owners, as_list=True),
    )
    return tuple(facet for facet in made if len(facet.choices) > 1)


def _facet(kind: str, name: str, choices: Iterable[Choice], *, as_list: bool = False) -> Facet:
    return Facet(kind, name, as_list, tuple(choice for choice in choices if choice.amount))
