"""Grants: their lives, as the readings of their scopes saw them. A hole is no removal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from driftaudit.collectors import collections
from tests.oracle.directory import listed
from tests.oracle.package_roles import Role
from tests.oracle.readings import History, Interval, Shown, exactly, real
from tests.queries.cases import Row


@dataclass(frozen=True, slots=True)
class GrantLife:
    """One life of one grant."""

    role: Role
    principal: str
    first: int
    """The first snapshot that shows it."""
    began: Interval
    gone: Interval | None
    read_now: bool
    """Whether the audited snapshot looked for it, or is the first to show it."""
    told: int
    """The first snapshot that shows it with the dates that it has now."""

    @property
    def kind(self) -> str:
        """Return what is held."""
        return self.role[0]

    @property
    def resource(self) -> str:
        """Return on what it is held."""
        return self.role[1]


@dataclass(slots=True)
class _Stay:
    """A life that is still being put together."""

    first: int
    last: int
    granted_at: datetime | None
    """As the newest snapshot that tells it has it."""
    last_granted_at: datetime | None
    """As the last snapshot of the stay has it."""
    dates: tuple[Any, ...]
    """As that snapshot has them, just as they stand there."""
    told: int
    """The first snapshot that has them so."""


def grant_lives(history: History) -> list[GrantLife]:
    """Return every life of every grant."""
    found = []
    for name, collection in collections().items():
        if collection.is_grants:
            shown = history.shown(name)
            for (kind, resource, role, principal), versions in shown.versions().items():
                found += _lives(history, shown, (kind, resource, role), principal, versions)
    return found


def _lives(history: History, shown: Shown, role: Role, principal: str, versions: dict[int, Row]) -> list[GrantLife]:
    """Return the lives of one grant."""
    looks, stays = shown.looks(role[1]), list[_Stay]()
    for n in sorted(versions):
        granted_at = real(versions[n]["granted_at"]) if "granted_at" in versions[n] else None
        dates = tuple(versions[n].get(name) for name in ("granted_at", "ends_at"))
        if stays and _same(history, stays[-1], n, granted_at, looks, principal):
            # A hole in which somebody looked makes the record another one.
            again = stays[-1].dates != dates or any(m in looks for m in range(stays[-1].last + 1, n))
            stays[-1].told = n if again else stays[-1].told
            stays[-1].last, stays[-1].last_granted_at, stays[-1].dates = n, granted_at, dates
            stays[-1].granted_at = granted_at or stays[-1].granted_at
        else:
            stays.append(_Stay(n, n, granted_at, granted_at, dates, n))
    return [_life(history, stay, looks, role, principal) for stay in stays]


def _same(history: History, stay: _Stay, n: int, granted_at: datetime | None, looks: list[int], principal: str) -> bool:
    """Tell whether what a snapshot shows is what was last seen before it."""
    if granted_at and stay.last_granted_at and granted_at != stay.last_granted_at:
        return False
    hole = range(stay.last + 1, n)
    absent = [m for m in hole if m in looks]
    unread = [m for m in hole if m not in looks]
    if not absent:
        return True
    # The holder was away: in a list before the first reading that lacks the grant, and in none until it is back.
    known = any(listed(history, principal, m) for m in range(1, absent[0]))
    if known and not any(listed(history, principal, m) for m in range(absent[0], n)):
        return True
    short = history.taken(n) - history.taken(stay.last) < 3 * history.grace
    return len(absent) == 1 and (bool(unread) or short)


def _life(history: History, stay: _Stay, looks: list[int], role: Role, principal: str) -> GrantLife:
    """Return a finished life."""
    later = [m for m in looks if m > stay.last]
    seen = Interval(history.before(looks, stay.first), history.taken(stay.first))
    return GrantLife(
        role=role,
        principal=principal,
        first=stay.first,
        began=exactly(stay.granted_at) if stay.granted_at else seen,
        gone=Interval(history.taken(stay.last), history.taken(later[0])) if later else None,
        read_now=history.at in looks or history.at == stay.first,
        told=stay.told,
    )
