"""The maker of one history: ids of its own, instants at interesting distances, and rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from tests.oracle.timeline import Timeline
from tests.queries.cases import Row, Tenant

_HOUR, _DAY, _SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
_DISTANCES = (
    timedelta(),
    timedelta(),
    _SECOND,
    6 * _HOUR,
    _DAY - _SECOND,
    _DAY,
    _DAY + _SECOND,
    2 * _DAY,
    2 * _DAY + _SECOND,
    10 * _DAY,
    40 * _DAY,
)
NEVER = datetime(9999, 12, 31)
NO_DATE = datetime(1, 1, 1)


_OF_GROUPS = ("group_members", "group_owners", "pim_group_eligibilities")


class Maker:
    """Collects the rows of one history; every id carries its mark, so that histories can share a database."""

    def __init__(self, seed: int, mark: str, timeline: Timeline) -> None:
        """Begin with nothing but a timeline."""
        self.chance = Random(seed)
        self.timeline = timeline
        self.told: list[str] = []
        """The stories of this history."""
        self._mark = mark
        self._rows: dict[str, list[Row]] = {}
        self._gaps: list[Row] = []
        self._taken: set[tuple[Any, ...]] = set()
        self._moments: list[datetime] = []
        self._count = 0

    def id(self, name: str) -> str:
        """Return the id of something in this history."""
        return f"{self._mark}{name}"

    def new(self, name: str) -> str:
        """Return an id that nothing has yet."""
        self._count += 1
        return self.id(f"{name}{self._count}")

    @property
    def length(self) -> int:
        """Return how many snapshots there are."""
        return len(self.timeline.snapshots)

    @property
    def all(self) -> list[int]:
        """Return all snapshots."""
        return list(range(1, self.length + 1))

    def likely(self, share: float) -> bool:
        """Tell, by chance, whether something is so."""
        return self.chance.random() < share

    def moment(self) -> datetime:
        """Return an instant near a snapshot, or one that was used before: exactly, a second or a grace away, ..."""
        if self._moments and self.likely(0.25):
            return self.chance.choice(self._moments)
        far = self.timeline.snapshots[0] - 100 * _DAY
        base = self.chance.choice((*self.timeline.snapshots, far, *self.timeline.finished[-1:]))
        found = base + self.chance.choice((1, -1, -1)) * self.chance.choice(_DISTANCES)
        self._moments.append(found)
        return found

    def maybe_moment(self, share: float = 0.5) -> datetime | None:
        """Return an instant, or none, or one of the dates that stand for none."""
        if self.likely(share):
            return self.moment()
        return self.chance.choice((None, None, None, NO_DATE, NEVER))

    def presence(self) -> list[int]:
        """Return in which snapshots something is there: mostly in a row, sometimes with a hole."""
        every = self.all
        first, last = sorted((self.chance.choice(every), self.chance.choice(every)))
        holes = [n for n in every if not first <= n < first + self.chance.choice((1, 1, 2, 3))]
        return self.chance.choice(
            (every, every, every, every[first - 1 :], every[first - 1 :], every[:last], every[first - 1 : last], holes)
        )

    def split(self, parts: int) -> list[list[int]]:
        """Return the snapshots cut into so many runs; some may be empty."""
        cuts = sorted(self.chance.randint(0, self.length) for _ in range(parts - 1))
        bounds = [0, *cuts, self.length]
        return [self.all[a:b] for a, b in pairwise(bounds)]

    def add(self, table: str, among: Iterable[int] | None = None, **row: Any) -> None:
        """Add a row that is there in these snapshots."""
        there = self.all if among is None else list(among)
        key = (table, *(row.get(name) for name in ("id", "kind", "principal", "resource", "role", "package_id")))
        key = (*key, *(row.get(name) for name in ("instance", "definition_id", "group_id")))
        there = [n for n in there if (key, n) not in self._taken]
        self._taken |= {(key, n) for n in there}
        if there:
            self._rows.setdefault(table, []).append(row if there == self.all else {**row, "in": there})

    def gap(self, collection: str, scope: str, n: int) -> None:
        """Leave a scope of a collection unread in a snapshot."""
        found = {"snapshot": n, "collection": collection, "scope": scope}
        if found not in self._gaps:
            self._gaps.append(found)

    def tenant(self) -> Tenant:
        """Return the history; nobody is in a group that is not there."""
        groups: dict[str, set[int]] = {}
        for row in self._rows.get("groups", ()):
            groups.setdefault(row["id"], set()).update(row.get("in", self.all))
        for name in _OF_GROUPS:
            told = [_while(row, groups.get(row["resource"], set()), self.all) for row in self._rows.get(name, ())]
            self._rows[name] = [row for row in told if row.get("in", self.all)]
        rows = {name: tuple(found) for name, found in sorted(self._rows.items())}
        line = self.timeline
        return Tenant(line.snapshots, rows, line.coverage, tuple(self._gaps), line.finished)


def _while(row: Row, there: set[int], every: list[int]) -> Row:
    """Return a row without the snapshots in which what it is in was not there."""
    among = [n for n in row.get("in", every) if n in there]
    return row if among == row.get("in", every) else {**row, "in": among}
