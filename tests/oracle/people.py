"""Checks on people: who left and still holds access, guests without a package, packages that exclude each other."""

from __future__ import annotations

import json

from tests.oracle.directory import dynamic, inside
from tests.oracle.drift import Found
from tests.oracle.grants import GrantLife
from tests.oracle.ladder import Facts
from tests.oracle.readings import History, real


def leaver_with_access(facts: Facts) -> Found:
    """Return the accounts that are disabled, deleted, gone or past their leave date and still hold something."""
    history = facts.history
    people = {id_ for name in ("users", "deleted_users") for (id_,) in history.shown(name).versions()}
    return {(p,): ("high", "high") for p in people if departure(history, p) and _holds(facts, p, pending=True)}


def departure(history: History, person: str) -> str | None:
    """Return why an account is not one of somebody who works here, if so."""
    account = history.known("users").get((person,))
    binned = (person,) in history.known("deleted_users")
    if binned and (
        account is None or _last_shown(history, "users", person) <= _last_shown(history, "deleted_users", person)
    ):
        return "deleted"
    if account is None:
        return "gone"
    if account["enabled"] is False:
        return "disabled"
    leaving = history.known("leave_dates").get((person,))
    at = real(leaving["leave_at"]) if leaving else None
    return "left" if at is not None and at <= history.now else None


def _last_shown(history: History, name: str, id_: str) -> int:
    """Return the newest snapshot in which a list has somebody; if both have, the bin was read later."""
    return max(history.shown(name).versions()[id_,])


def _holds(facts: Facts, person: str, *, pending: bool) -> bool:
    """Tell whether somebody holds a grant that no rule gives, or an assignment that gives or will give one."""
    if pending and any(a.principal == person and a.life in ("live", "pending") for a in facts.assignments):
        return True
    mine = [g for g in facts.open_grants if g.principal == person and not _by_rule(facts.history, g)]
    return any(g.read_now or g.told == facts.history.at for g in mine)


def _by_rule(history: History, grant: GrantLife) -> bool:
    """Tell whether a rule gives a grant."""
    return grant.kind == "member" and dynamic(history, grant.resource)


def guest_without_assignment(facts: Facts) -> Found:
    """Return the guests who hold something and have no package."""
    users = facts.history.known("users").values()
    guests = [u["id"] for u in users if (u["user_type"] or "").lower() == "guest"]
    return {(g,): ("medium", "high") for g in guests if _holds(facts, g, pending=False) and not _packaged(facts, g)}


def _packaged(facts: Facts, guest: str) -> bool:
    """Tell whether a guest has a package, gets one, or lost it a moment ago."""
    since = facts.history.now - facts.history.grace
    mine = [a for a in facts.assignments if a.principal == guest]
    return any(
        a.life in ("live", "pending", "unknown") or (a.life == "ended" and a.ended and a.ended.by > since) for a in mine
    )


def incompatible_packages_held(facts: Facts) -> Found:
    """Return who holds two packages, or a package and a group, that were declared to exclude each other."""
    live = {(str(a.principal), str(a.package)) for a in facts.assignments if a.life == "live" and a.principal}
    found: Found = {}
    for declared in facts.history.known("package_incompatibilities").values():
        one = declared["package_id"]
        for principal, package in live:
            if package != one:
                continue
            for other in _ids(declared["packages"]):
                if (principal, other) in live:
                    found[principal, min(one, other), max(one, other)] = ("high", "high")
            for group in _ids(declared["groups"]):
                if _within(facts, principal, group):
                    found[principal, one, group] = ("high", "high")
    return found


def _ids(told: str | None) -> list[str]:
    """Return the ids of a list as the service nests it."""
    return [one["id"].lower() for one in json.loads(told or "null") or []]


def _within(facts: Facts, principal: str, group: str) -> bool:
    """Tell whether somebody is a member of a group, or of one inside it."""
    memberships = _memberships(facts)
    groups = inside(group, memberships)
    return any(m.principal == principal and m.resource in groups for m in memberships)


def _memberships(facts: Facts) -> list[GrantLife]:
    """Return the memberships that were looked for in this snapshot."""
    return [g for g in facts.open_grants if g.kind == "member" and g.read_now]
