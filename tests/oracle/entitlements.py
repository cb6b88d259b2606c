"""Entitlements: what an assignment gives, or gave, while both it and the role lived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.assignments import Assignment
from tests.oracle.package_roles import Role, RoleLife
from tests.oracle.readings import Interval


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One role that one assignment gives or gave."""

    assignment: Assignment
    role: Role
    in_package: bool
    arrived: Interval
    left: Interval | None
    """When the role left the package for good; nothing while it is in it."""
    back: Interval
    """When the role's newest stay began."""

    @property
    def life(self) -> str:
        """Return the assignment's life."""
        return self.assignment.life

    @property
    def over(self) -> Interval | None:
        """Return when it was over: at the assignment's end, failing that when the role left."""
        return self.assignment.ended or self.left

    @property
    def over_at_the_latest(self) -> datetime | None:
        """Return by when the assignment has ended or the role has left, whichever came first."""
        told = [i.by for i in (self.assignment.ended, self.left) if i]
        return min(told) if told else None


def entitlements(assignments: list[Assignment], lives: list[RoleLife]) -> list[Entitlement]:
    """Return what every assignment gives or gave."""
    found = []
    for assignment in assignments:
        if not assignment.entitles:
            continue
        stays: dict[Role, list[RoleLife]] = {}
        for life in lives:
            if life.package == assignment.package and _together(assignment, life):
                stays.setdefault(life.role, []).append(life)
        found += [_joined(assignment, role, of_role) for role, of_role in stays.items()]
    return found


def _together(a: Assignment, life: RoleLife) -> bool:
    """Tell whether the assignment and the role's stay may have lived at the same time."""
    arrived_in_time = a.ended is None or life.arrived.after is None or life.arrived.after < a.ended.by
    began_in_time = life.left is None or a.began.after is None or a.began.after < life.left.by
    return arrived_in_time and began_in_time


def _joined(assignment: Assignment, role: Role, stays: list[RoleLife]) -> Entitlement:
    """Return one entitlement for all stays of a role."""
    open_now = any(s.left is None for s in stays)
    lefts = [s.left for s in stays if s.left]
    arrivals = sorted((s.arrived for s in stays), key=lambda i: (i.by, i.after or datetime.min))
    left = None if open_now else max(lefts, key=lambda i: i.by)
    return Entitlement(assignment, role, open_now, arrivals[0], left, arrivals[-1])
