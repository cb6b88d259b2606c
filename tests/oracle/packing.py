"""Packing: many histories in one database, on one timeline, none of which can see another's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from random import Random

from tests.oracle.stories import history
from tests.oracle.timeline import RHYTHMS, Timeline, timeline
from tests.queries.cases import Tenant

MARK = re.compile(r"h\d+\.")
"""What every id of a history begins with: no two of a pack have the same."""


@dataclass(frozen=True, slots=True)
class Made:
    """One random history."""

    seed: int
    mark: str
    """What every id of it begins with."""
    tenant: Tenant
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Histories that share a database."""

    seed: int
    timeline: Timeline
    histories: tuple[Made, ...]

    @property
    def tenant(self) -> Tenant:
        """Return all of them as one tenant."""
        return together(self.timeline, (made.tenant for made in self.histories))


def pack(seed: int, size: int) -> Pack:
    """Return a pack; the same seed and size give the same pack for ever."""
    line = timeline(Random(seed), RHYTHMS[seed % len(RHYTHMS)], seed)
    made = []
    for number in range(size):
        own, mark = seed * 100_000 + number, f"h{number:03}."
        tenant, stories = history(own, mark, line)
        made.append(Made(own, mark, tenant, stories))
    return Pack(seed, line, tuple(made))


def together(line: Timeline, tenants: Iterable[Tenant]) -> Tenant:
    """Return tenants of one timeline as one."""
    every = list(tenants)
    names = sorted({name for tenant in every for name in tenant.rows})
    rows = {name: tuple(chain.from_iterable(t.rows.get(name, ()) for t in every)) for name in names}
    gaps = tuple(chain.from_iterable(t.gaps for t in every))
    return Tenant(line.snapshots, rows, line.coverage, gaps, line.finished)
