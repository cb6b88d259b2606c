"""Overlaps: whether a grant and what entitled to it may have lived at the same time, or surely did."""

from __future__ import annotations

from datetime import datetime

from tests.oracle.assignments import Assignment
from tests.oracle.entitlements import Entitlement
from tests.oracle.grants import GrantLife
from tests.oracle.readings import History, Interval


def delivers(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether an assignment under way may have brought a grant: it was not there before."""
    if e.life not in ("pending", "unknown") or not e.in_package:
        return False
    began_after = e.assignment.began.after
    return e.assignment.first <= grant.first and not (began_after and grant.began.by < began_after)


def over(grant: GrantLife, mine: list[Entitlement]) -> list[Entitlement]:
    """Return what ended, or left its package, and may have lived together with the grant."""
    return [e for e in mine if (e.life == "ended" or (e.life == "live" and not e.in_package)) and may_overlap(grant, e)]


def may_overlap(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether the grant may have begun before it was over."""
    over = e.over_at_the_latest
    return over is None or grant.began.after is None or grant.began.after < over


def must_overlap(grant: GrantLife, e: Entitlement) -> bool:
    """Tell whether the grant surely began before it was over."""
    return surely_before(grant.began.by, e.assignment.ended) and surely_before(grant.began.by, e.left)


def surely_before(instant: datetime, happened: Interval | None) -> bool:
    """Tell whether an instant lies before whatever instant of the interval it was; what never happened is later."""
    if happened is None:
        return True
    if happened.after is None:
        return False
    return instant < happened.after or (instant == happened.after and happened.after < happened.by)


def inside_grace(history: History, e: Entitlement) -> bool:
    """Tell whether the removal may still be under way, the end being known well enough to say so."""
    return e.over is not None and recent(history, e.over) and e.over.long <= 2 * history.grace


def recent(history: History, over: Interval) -> bool:
    """Tell whether less than a grace has passed since the later bound."""
    return over.by > history.now - history.grace


def no_later(grant: GrantLife, a: Assignment) -> bool:
    """Tell whether an assignment may have begun at or before the instant when the grant was there."""
    return a.began.after is None or a.began.after < grant.began.by or a.began.by == grant.began.by


def lived_together(gone: GrantLife, e: Entitlement) -> bool:
    """Tell whether a life of a grant that is over may have overlapped an entitlement."""
    if gone.gone is None or not may_overlap(gone, e):
        return False
    began = e.assignment.began.after
    return (began is None or began < gone.gone.by) and (e.arrived.after is None or e.arrived.after < gone.gone.by)
