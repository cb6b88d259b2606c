"""Schedules of privileged identity management: who holds what by one, and who has switched something on just now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.grants import GrantLife
from tests.oracle.package_roles import Role
from tests.oracle.readings import History, Key, real
from tests.queries.cases import Row

SCHEDULES = {"group": "pim_group_assignments", "directory": "role_assignment_schedules"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule by which somebody holds something."""

    role: Role
    principal: str | None
    activated: bool
    start: datetime | None
    end: datetime | None
    listed: bool
    """Whether it stands in the snapshot; if not, it stood in the one before."""


def schedules(history: History) -> Iterator[Schedule]:
    """Yield the schedules that stand, and those that stood in the snapshot before."""
    for name in SCHEDULES.values():
        standing = history.known(name)
        before = history.known(name, history.at - 1)
        yield from (_schedule(told, listed=True) for told in standing.values())
        yield from (_schedule(told, listed=False) for told in _lost(before, standing))


def _lost(before: dict[Key, Row], standing: dict[Key, Row]) -> Iterator[Row]:
    """Yield what stood before and does not stand any more."""
    yield from (told for key, told in before.items() if key not in standing)


def _schedule(told: Row, *, listed: bool) -> Schedule:
    """Return one schedule."""
    if "group_id" in told:
        role = ((told["access_id"] or "").lower(), told["group_id"] or "", "")
    else:
        role = ("directory_role", told["role_definition_id"] or "", told["scope_id"] or "")
    activated = (told["assignment_type"] or "").lower() == "activated"
    return Schedule(role, told["principal_id"], activated, real(told["start_at"]), real(told["end_at"]), listed)


def is_activated(history: History, grant: GrantLife) -> bool:
    """Tell whether a schedule says that the holder has activated it now."""
    return activated(history, grant.role, grant.principal)


def activated(history: History, role: Role, principal: str) -> bool:
    """Tell whether somebody has activated a role now, or ended that while the snapshot was being taken."""
    return any(
        s.activated and (s.role, s.principal) == (role, principal) and _is_on(history, s) for s in schedules(history)
    )


def _is_on(history: History, schedule: Schedule) -> bool:
    """Tell whether a schedule has begun and has not ended."""
    begun = schedule.start is None or schedule.start <= history.finished
    lasts = schedule.end > history.now if schedule.end else schedule.listed
    return begun and lasts
