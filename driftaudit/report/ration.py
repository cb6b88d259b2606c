"""How many findings a report shows in full, on a short line, or only counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from driftaudit.report.counts import gravity
from driftaudit.report.groups import Group, Row

Form = Literal["full", "compact"]
Place = tuple[int, int]
"""Number of the check, number of its group."""


@dataclass(frozen=True, slots=True)
class Ration:
    """What a medium can carry."""

    full: int
    compact: int
    full_per_group: int
    least_per_check: int = 5


PAPER = Ration(full=300, compact=1200, full_per_group=15)
SCREEN = Ration(full=2000, compact=0, full_per_group=2000)


def rationed(checks: Sequence[Sequence[Group]], ration: Ration) -> list[list[Group]]:
    """Return the groups cut to what a medium can carry: gravest first, some of every check."""
    forms = _forms(checks, ration)
    return [[cut for group in groups if (cut := _cut(group, forms)).rows or cut.compact] for groups in checks]


def _forms(checks: Sequence[Sequence[Group]], ration: Ration) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    used: Counter[Form] = Counter()
    full_in: Counter[Place] = Counter()
    for place, row in _in_order(checks, ration.least_per_check):
        if used["full"] < ration.full and full_in[place] < ration.full_per_group:
            forms[row.anchor] = "full"
            full_in[place] += 1
        elif used["compact"] < ration.compact:
            forms[row.anchor] = "compact"
        else:
            continue
        used[forms[row.anchor]] += 1
    return forms


def _in_order(checks: Sequence[Sequence[Group]], least: int) -> Iterator[tuple[Place, Row]]:
    """Yield first the few that every check may show whatever its severity, then the rest, gravest first."""
    by_check = [[((number, place), row) for place, group in enumerate(groups) for row in group.rows]
                for number, groups in enumerate(checks)]  # fmt: skip
    rest = []
    for rows in by_check:
        rows.sort(key=lambda item: gravity(item[1].severity))
        yield from rows[:least]
        rest += rows[least:]
    yield from sorted(rest, key=lambda item: gravity(item[1].severity))


def _cut(group: Group, forms: dict[str, Form]) -> Group:
    full = tuple(row for row in group.rows if forms.get(row.anchor) == "full")
    compact = tuple(row for row in group.rows if forms.get(row.anchor) == "compact")
    return replace(group, rows=full, compact=compact)
