"""The ladder: the one best reason why a grant on a role that a package gives, or gave, exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.activations import SCHEDULES, is_activated
from tests.oracle.assignments import Assignment, assignments
from tests.oracle.directory import dynamic, principal_type, synced
from tests.oracle.entitlements import Entitlement, entitlements
from tests.oracle.grants import GrantLife, grant_lives
from tests.oracle.overlaps import (
    delivers,
    inside_grace,
    lived_together,
    must_overlap,
    no_later,
    over,
    recent,
)
from tests.oracle.package_roles import RoleLife, role_lives
from tests.oracle.readings import History

_ACTIVATED = ("member", "owner", "directory_role")
_EXPLAINS_ELIGIBLE = ("assignment", "delivering", "grace")
_SETTLED = ("assignment", "delivering", "dynamic_rule", "synced", "activated")


@dataclass(frozen=True, slots=True)
class Explained:
    """One open grant with its explanation."""

    grant: GrantLife
    explanation: str
    confidence: str
    in_package: bool
    chosen: Assignment | None
    doubts: tuple[str, ...]
    """Why nobody can tell, if so."""

    @property
    def assessable(self) -> bool:
        """Tell whether the checks may speak of it."""
        return not self.doubts


@dataclass(frozen=True)
class Facts:
    """All that the checks stand on."""

    history: History
    assignments: list[Assignment]
    roles: list[RoleLife]
    entitlements: list[Entitlement]
    grants: list[GrantLife]
    explained: list[Explained] = field(default_factory=list)

    @property
    def open_grants(self) -> list[GrantLife]:
        """Return the grants that are there, as far as anybody knows."""
        return [g for g in self.grants if g.gone is None]

    def of(self, grant: GrantLife) -> list[Entitlement]:
        """Return what entitles, or entitled, the holder of a grant to it."""
        return [e for e in self.entitlements if (e.role, e.assignment.principal) == (grant.role, grant.principal)]


@dataclass(frozen=True, slots=True)
class _Reason:
    """An explanation before it is checked what was not read."""

    explanation: str
    chosen: Entitlement | Assignment | None = None


def facts(history: History) -> Facts:
    """Return what is known of a history, every grant on a role of a package explained."""
    held, roles = assignments(history), role_lives(history)
    told = Facts(history, held, roles, entitlements(held, roles), grant_lives(history))
    of_packages = {life.role for life in roles}
    asked = [g for g in told.open_grants if g.role in of_packages]
    eligible = {g: _reason(told, g, {}) for g in asked if g.kind.startswith("eligible_")}
    for grant in asked:
        reason = eligible.get(grant) or _reason(told, grant, eligible)
        told.explained.append(_explained(told, grant, reason, eligible))
    return told


def _reason(told: Facts, grant: GrantLife, eligible: dict[GrantLife, _Reason]) -> _Reason:
    """Return the first rung that holds."""
    mine = told.of(grant)
    rungs: list[Callable[[], _Reason | None]] = [
        lambda: _latest("assignment", [e for e in mine if e.life == "live" and e.in_package]),
        lambda: _activated(told, grant, eligible),
        lambda: _latest("delivering", [e for e in mine if delivers(grant, e)]),
        lambda: _ruled("dynamic_rule", grant, dynamic(told.history, grant.resource)),
        lambda: _ruled("synced", grant, synced(told.history, grant.resource)),
        lambda: _latest("grace", [e for e in over(grant, mine) if inside_grace(told.history, e)]),
        lambda: _ended(grant, mine),
        lambda: _latest("role_removed", [e for e in over(grant, mine) if e.life == "live"]),
        lambda: _latest("pre_existing", [e for e in over(grant, mine) if e.life == "ended"]),
        lambda: _latest("readded", _came_back(told, grant, mine)),
    ]
    return next((found for rung in rungs if (found := rung())), _Reason("none"))


def _latest(explanation: str, among: list[Entitlement]) -> _Reason | None:
    """Return the candidate that was over last, the greatest id among equals; what is not over is the latest of all."""
    if not among:
        return None
    return _Reason(explanation, max(among, key=lambda e: (e.over.by if e.over else datetime.max, e.assignment.id)))


def _ruled(explanation: str, grant: GrantLife, holds: bool) -> _Reason | None:
    """Return a rule's explanation: rules make members, nothing else."""
    return _Reason(explanation) if holds and grant.kind == "member" else None


def _ended(grant: GrantLife, mine: list[Entitlement]) -> _Reason | None:
    """Return `ended` or `ended_censored`, if an assignment ended that was no later than the grant."""
    candidates = over(grant, mine)
    ended = [e for e in candidates if e.life == "ended"]
    if not any(no_later(grant, e.assignment) for e in candidates):
        return None
    return _latest("ended" if any(must_overlap(grant, e) for e in ended) else "ended_censored", ended)


def _came_back(told: Facts, grant: GrantLife, mine: list[Entitlement]) -> list[Entitlement]:
    """Return the ended entitlements that an earlier life of this grant may have lived together with."""
    earlier = [g for g in told.grants if (g.role, g.principal) == (grant.role, grant.principal) and g.gone]
    return [e for e in mine if e.life == "ended" and any(lived_together(g, e) for g in earlier)]


def _activated(told: Facts, grant: GrantLife, eligible: dict[GrantLife, _Reason]) -> _Reason | None:
    """Return the eligible grant's reason, if the holder has activated it just now."""
    if grant.kind not in _ACTIVATED or not is_activated(told.history, grant):
        return None
    (reason,) = [*_explained_eligible(grant, eligible), None][:1]
    return _Reason("activated", reason.chosen) if reason else None


def _explained_eligible(grant: GrantLife, eligible: dict[GrantLife, _Reason]) -> list[_Reason]:
    """Return why the holder of a grant may activate it, if for a good reason."""
    asked = ((f"eligible_{grant.kind}", *grant.role[1:]), grant.principal)
    return [
        reason
        for g, reason in eligible.items()
        if (g.role, g.principal) == asked and reason.explanation in _EXPLAINS_ELIGIBLE
    ]


def _explained(told: Facts, grant: GrantLife, reason: _Reason, eligible: dict[GrantLife, _Reason]) -> Explained:
    """Return a grant with its reason, how sure that is and whether it may be judged."""
    chosen = reason.chosen.assignment if isinstance(reason.chosen, Entitlement) else reason.chosen
    return Explained(
        grant=grant,
        explanation=reason.explanation,
        confidence=_confidence(told.history, grant, reason),
        in_package=any(r.role == grant.role and r.left is None for r in told.roles),
        chosen=chosen,
        doubts=tuple(_doubts(told, grant, reason, eligible)),
    )


def _doubts(told: Facts, grant: GrantLife, reason: _Reason, eligible: dict[GrantLife, _Reason]) -> Iterator[str]:
    """Yield every reason why a grant cannot be judged."""
    if _for_nobody_named(told, grant, reason):
        yield "its package is under way for nobody named"
    if _roles_unread(told, grant):
        yield "the roles of a package of its holder were not read"
    if _activations_unread(told, grant, reason, eligible):
        yield "activations were not read"
    if _eligibilities_unread(told, grant, reason):
        yield "eligible roles were not read"


def _confidence(history: History, grant: GrantLife, reason: _Reason) -> str:
    """Return how sure an explanation is."""
    e = reason.chosen
    if reason.explanation == "ended_censored":
        return "medium"
    if reason.explanation in ("ended", "role_removed", "pre_existing") and isinstance(e, Entitlement) and e.over:
        if recent(history, e.over):
            return "medium"
        if reason.explanation == "role_removed" and not must_overlap(grant, e):
            return "medium"
    return "high"


def _for_nobody_named(told: Facts, grant: GrantLife, reason: _Reason) -> bool:
    """Tell whether a package that gives the role is under way to nobody knows whom."""
    giving = {r.package for r in told.roles if r.role == grant.role and r.left is None}
    under_way = [a for a in told.assignments if a.life in ("pending", "unknown") and not a.principal]
    may_be = reason.explanation == "none" and principal_type(told.history, grant.principal) != "group"
    return may_be and any(a.package in giving for a in under_way)


def _roles_unread(told: Facts, grant: GrantLife) -> bool:
    """Tell whether the holder has a package whose roles were not read."""
    shown = told.history.shown("package_roles")
    return any(
        a.principal == grant.principal
        and a.life in ("live", "pending", "unknown")
        and shown.gap(told.history.at, a.package)
        for a in told.assignments
    )


def _activations_unread(told: Facts, grant: GrantLife, reason: _Reason, eligible: dict[GrantLife, _Reason]) -> bool:
    """Tell whether the holder may activate a role that nothing else explains, and nobody looked whether they did."""
    shown = told.history.shown(SCHEDULES["directory" if grant.kind == "directory_role" else "group"])
    looked = shown.looked(told.history.at, grant.resource)
    return _unsettled(grant, reason) and bool(_explained_eligible(grant, eligible)) and not looked


def _eligibilities_unread(told: Facts, grant: GrantLife, reason: _Reason) -> bool:
    """Tell whether the holder has activated a role that nothing else explains, and nobody looked who may."""
    shown = told.history.shown("role_eligibilities" if grant.kind == "directory_role" else "pim_group_eligibilities")
    looked = shown.looked(told.history.at, grant.resource)
    return _unsettled(grant, reason) and is_activated(told.history, grant) and not looked


def _unsettled(grant: GrantLife, reason: _Reason) -> bool:
    """Tell whether privileged identity management could explain a grant better."""
    return grant.kind in _ACTIVATED and reason.explanation not in _SETTLED
