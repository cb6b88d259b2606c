"""Checks on what is open to everybody, and on schedules that give less than a package promises."""

from __future__ import annotations

from datetime import datetime

from tests.oracle.activations import SCHEDULES, activated, schedules
from tests.oracle.directory import EVERYBODY, is_person
from tests.oracle.drift import Found, works
from tests.oracle.entitlements import Entitlement
from tests.oracle.ladder import Facts
from tests.oracle.package_roles import Role
from tests.oracle.readings import History, real

_NEVER = datetime.max
_INSIDE_ONLY = ("site_role", "1073741825")
"""What SharePoint notes where one thing inside a site is shared: a limited access to the site itself."""
_LISTS = {
    "member": ("group_members", "pim_group_eligibilities", SCHEDULES["group"]),
    "owner": ("group_owners", "pim_group_eligibilities", SCHEDULES["group"]),
    "directory_role": ("role_assignments", "role_eligibilities", SCHEDULES["directory"]),
}


def app_open_to_everyone(facts: Facts) -> Found:
    """Return the applications that a package gives and that anybody may use."""
    given = {r.role[1] for r in facts.roles if r.role[0] == "app_role" and r.left is None}
    applications = facts.history.known("service_principals")
    open_ = [applications[app,] for app in given if (app,) in applications]
    return {
        (app["id"],): ("high", "high")
        for app in open_
        if app["assignment_required"] is False and app["enabled"] is not False
    }


def site_open_to_everyone(facts: Facts) -> Found:
    """Return the claims by which everybody is let into a site that a package gives."""
    given = {r.role[1] for r in facts.roles if r.role[0] == "site_group" and r.left is None}
    found: Found = {}
    for g in facts.open_grants:
        on_site = g.kind in ("site_group", "site_role") and g.resource in given
        if on_site and g.principal in EVERYBODY and (g.read_now or g.told == facts.history.at):
            inside_only = (g.kind, g.role[2]) == _INSIDE_ONLY
            found[g.resource, g.principal, g.role[2]] = ("low" if inside_only else "high", "high")
    return found


def pim_mismatch(facts: Facts) -> Found:
    """Return who may only activate what a package promises for good, or has it for a shorter time than promised."""
    promised: dict[tuple[str, Role], list[Entitlement]] = {}
    settled = facts.history.now - facts.history.grace
    for e in facts.entitlements:
        if e.life == "live" and e.in_package and max(e.assignment.began.by, e.back.by) <= settled:
            promised.setdefault((str(e.assignment.principal), e.role), []).append(e)
    return {
        (person, role[1]): ("medium", "high")
        for (person, role), given in promised.items()
        if works(facts, person)
        and is_person(facts.history, person)
        and _seen(facts.history, role)
        and (_only_eligible(facts, person, role) or _too_short(facts, person, role, given))
    }


def _seen(history: History, role: Role) -> bool:
    """Tell whether all that could tell of a role was read."""
    lists = _LISTS.get(role[0].removeprefix("eligible_"), ())
    return all(history.shown(name).looked(history.at, role[1]) for name in lists)


def _only_eligible(facts: Facts, person: str, role: Role) -> bool:
    """Tell whether somebody may activate a role that they should have, and do not have it now."""
    mine = {g.role for g in facts.open_grants if g.principal == person}
    may = (f"eligible_{role[0]}", *role[1:]) in mine
    return may and role not in mine and not activated(facts.history, role, person)


def _too_short(facts: Facts, person: str, role: Role, given: list[Entitlement]) -> bool:
    """Tell whether what somebody has ends a grace or more before the package that promises it longest."""
    ends = _ends(facts, person, role)
    promised = max(_end(facts.history, e) for e in given)
    return bool(ends) and promised - max(ends) >= facts.history.grace


def _ends(facts: Facts, person: str, role: Role) -> list[datetime]:
    """Return when each of somebody's schedules of a role ends."""
    if role[0].startswith("eligible_"):
        name = "role_eligibilities" if role[0] == "eligible_directory_role" else "pim_group_eligibilities"
        held = facts.history.known(name).get((*role, person))
        return [real(held["ends_at"]) or _NEVER] if held else []
    mine = [s for s in schedules(facts.history) if (s.role, s.principal) == (role, person)]
    return [s.end or _NEVER for s in mine if s.listed and not s.activated]


def _end(history: History, e: Entitlement) -> datetime:
    """Return when an assignment is meant to end."""
    return e.assignment.end or _NEVER
