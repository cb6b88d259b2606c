"""The ladder: the one best reason why a grant on a role that a package gives, or gave, exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.assignments import Assignment, assignments
from tests.oracle.directory import dynamic, principal_type, synced
from tests.oracle.entitlements import Entitlement, entitlements
from tests.oracle.grants import GrantLife, grant_lives
from tests.oracle.package_roles import RoleLife, role_lives
from tests.oracle.readings import History, Interval, real
from tests.queries.cases import Row

EXPLAINS_ELIGIBLE = ("assignment", "delivering", "grace")


@dataclass(frozen=True, slots=True)
class Explained:
    """One open grant with its explanation."""

    grant: GrantLife
    explanation: str
    confidence: str
    in_package: bool
    chosen: Assignment | None
    assessable: bool


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
        lambda: _latest("delivering", [e for e in mine if _delivers(grant, e)]),
        lambda: _ruled("dynamic_rule", grant, dynamic(told.history, grant.resource)),
        lambda: _ruled("synced", grant, synced(told.history, grant.resource)),
        lambda: _latest("grace", [e for e in _over(grant, mine) if _inside_grace(told.history, e)]),
        lambda: _ended(grant, mine),
        lambda: _latest("role_removed", [e for e in _over(grant, mine) if e.life == "live"]),
        lambda: _latest("pre_existing", [e for e in _over(grant, mine) if e.life == "ended"]),
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


def _delivers(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether an assignment under way may have brought a grant: it was not there before."""
    if e.life not in ("pending", "unknown") or not e.in_package:
        return False
    began_after = e.assignment.began.after
    return e.assignment.first <= grant.first and not (began_after and grant.began.by < began_after)


def _over(grant: GrantLife, mine: list[Entitlement]) -> list[Entitlement]:
    """Return what ended, or left its package, and may have lived together with the grant."""
    return [
        e for e in mine if (e.life == "ended" or (e.life == "live" and not e.in_package)) and _may_overlap(grant, e)
    ]


def _may_overlap(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether the grant may have begun before it was over."""
    over = e.over_at_the_latest
    return over is None or grant.began.after is None or grant.began.after < over


def _must_overlap(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether the grant surely began before it was over."""
    return surely_before(grant.began.by, e.assignment.ended) and surely_before(grant.began.by, e.left)


def surely_before(instant: datetime, happened: Interval | None) -> bool:
    """Tell whether an instant lies before whatever instant of the interval it was; what never happened is later."""
    if happened is None:
        return True
    if happened.after is None:
        return False
    return instant < happened.after or (instant == happened.after and happened.after < happened.by)


def _inside_grace(history: History, e: Entitlement) -> bool:
    """Tell whether the removal may still be under way, the end being known well enough to say so."""
    return e.over is not None and _recent(history, e.over) and e.over.long <= 2 * history.grace


def _recent(history: History, over: Interval) -> bool:
    """Tell whether less than a grace has passed since the later bound."""
    return over.by > history.now - history.grace


def _ended(grant: GrantLife, mine: list[Entitlement]) -> _Reason | None:
    """Return `ended` or `ended_censored`, if an assignment ended that was no later than the grant."""
    over = _over(grant, mine)
    ended = [e for e in over if e.life == "ended"]
    if not any(_no_later(grant, e.assignment) for e in over):
        return None
    return _latest("ended" if any(_must_overlap(grant, e) for e in ended) else "ended_censored", ended)


def _no_later(grant: GrantLife, a: Assignment) -> bool:
    """Tell whether an assignment may have begun at or before the instant when the grant was there."""
    return a.began.after is None or a.began.after < grant.began.by or a.began.by == grant.began.by


def _came_back(told: Facts, grant: GrantLife, mine: list[Entitlement]) -> list[Entitlement]:
    """Return the ended entitlements that an earlier life of this grant may have lived together with."""
    earlier = [g for g in told.grants if (g.role, g.principal) == (grant.role, grant.principal) and g.gone]
    return [e for e in mine if e.life == "ended" and any(lived_together(g, e) for g in earlier)]


def lived_together(gone: GrantLife, e: Entitlement) -> bool:
    """Tell whether a life of a grant that is over may have overlapped an entitlement."""
    if gone.gone is None or not _may_overlap(gone, e):
        return False
    began = e.assignment.began.after
    return (began is None or began < gone.gone.by) and (e.arrived.after is None or e.arrived.after < gone.gone.by)


def _activated(told: Facts, grant: GrantLife, eligible: dict[GrantLife, _Reason]) -> _Reason | None:
    """Return the eligible grant's reason, if the holder has activated it just now."""
    if grant.kind not in ("member", "owner") or not is_activated(told.history, grant):
        return None
    (reason,) = [*_explained_eligible(grant, eligible), None][:1]
    return _Reason("activated", reason.chosen) if reason else None


def _explained_eligible(grant: GrantLife, eligible: dict[GrantLife, _Reason]) -> list[_Reason]:
    """Return why the holder of a grant may activate it, if for a good reason."""
    asked = (f"eligible_{grant.kind}", grant.resource, grant.principal)
    return [
        reason
        for g, reason in eligible.items()
        if (g.kind, g.resource, g.principal) == asked and reason.explanation in EXPLAINS_ELIGIBLE
    ]


def is_activated(history: History, grant: GrantLife) -> bool:
    """Tell whether a schedule of privileged identity management says that the holder has activated it now."""
    for schedule in _schedules(history):
        asked = (schedule["group_id"], schedule["principal_id"], (schedule["access_id"] or "").lower())
        start, end = real(schedule["start_at"]), real(schedule["end_at"])
        on = (start is None or start <= history.finished) and (end is None or end > history.now)
        named = (schedule["assignment_type"] or "").lower() == "activated"
        if asked == (grant.resource, grant.principal, grant.kind) and named and on:
            return True
    return False


def _schedules(history: History) -> list[Row]:
    """Return the schedules that stand, and those that ended before their time while the snapshot was being taken."""
    standing = history.known("pim_group_assignments")
    before = history.known("pim_group_assignments", history.at - 1)
    lost = [s for key, s in before.items() if key not in standing]
    return [*standing.values(), *(s for s in lost if (end := real(s["end_at"])) and end > history.now)]


def _explained(told: Facts, grant: GrantLife, reason: _Reason, eligible: dict[GrantLife, _Reason]) -> Explained:
    """Return a grant with its reason, how sure that is and whether it may be judged."""
    chosen = reason.chosen.assignment if isinstance(reason.chosen, Entitlement) else reason.chosen
    return Explained(
        grant=grant,
        explanation=reason.explanation,
        confidence=_confidence(told.history, grant, reason),
        in_package=any(r.role == grant.role and r.left is None for r in told.roles),
        chosen=chosen,
        assessable=not (
            _for_nobody_named(told, grant, reason)
            or _roles_unread(told, grant)
            or _pim_unread(told, grant, reason, eligible)
        ),
    )


def _confidence(history: History, grant: GrantLife, reason: _Reason) -> str:
    """Return how sure an explanation is."""
    e = reason.chosen
    if reason.explanation == "ended_censored":
        return "medium"
    if reason.explanation in ("ended", "role_removed") and isinstance(e, Entitlement) and e.over:
        if _recent(history, e.over):
            return "medium"
        if reason.explanation == "role_removed" and not _must_overlap(grant, e):
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


def _pim_unread(told: Facts, grant: GrantLife, reason: _Reason, eligible: dict[GrantLife, _Reason]) -> bool:
    """Tell whether an answer of privileged identity management that was not read could explain a grant."""
    settled = ("assignment", "delivering", "dynamic_rule", "synced", "activated")
    if grant.kind not in ("member", "owner") or reason.explanation in settled:
        return False
    history = told.history
    activations = history.shown("pim_group_assignments").looked(history.at, grant.resource)
    eligibilities = history.shown("pim_group_eligibilities").looked(history.at, grant.resource)
    may_activate = bool(_explained_eligible(grant, eligible))
    return (may_activate and not activations) or (is_activated(history, grant) and not eligibilities)
