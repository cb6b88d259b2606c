"""Checks on drift: access outside packages, past its end, of removed roles, through nested groups, and absent."""

from __future__ import annotations

import json
from typing import Any

from tests.oracle.directory import EVERYBODY, OWNERS, dynamic, inside, is_person, principal_type, synced
from tests.oracle.grants import GrantLife
from tests.oracle.ladder import Explained, Facts
from tests.oracle.overlaps import lived_together
from tests.oracle.package_roles import Role
from tests.queries.cases import Row

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The tenant of Microsoft's own applications: who holds something on them is not read."""
_HOMES = {
    "member": ("groups", "group_members"),
    "owner": ("groups", "group_owners"),
    "app_role": ("service_principals", "app_role_assignments"),
    "site_group": ("sites", "site_members"),
    "directory_role": ("role_definitions", "role_assignments"),
    "eligible_directory_role": ("role_definitions", "role_eligibilities"),
}
"""Where a resource is listed, and who holds something on it; else it is a group of which somebody may be eligible."""
_ONE_STEP = ("app_role", "directory_role", "eligible_directory_role", "eligible_member")
"""What the direct members of a group hold through it, and those of groups inside it do not."""
Found = dict[tuple[str, ...], tuple[str, str | None]]
"""Severity and confidence by the values of the finding's key."""


def told(facts: Facts) -> list[Explained]:
    """Return the grants of which the checks may speak: looked for in this snapshot, and assessable."""
    return [e for e in facts.explained if e.grant.read_now and e.assessable]


def of_persons(facts: Facts) -> list[Explained]:
    """Return those that a person holds."""
    return [e for e in told(facts) if is_person(facts.history, e.grant.principal)]


def key(grant: GrantLife) -> tuple[str, ...]:
    """Return the values that tell one grant's finding from another's."""
    return (grant.principal, *grant.role)


def grant_outside_package(facts: Facts) -> Found:
    """Return what persons hold on a packaged role without any package."""
    outside = ("none", "readded", "pre_existing")
    found = [e for e in of_persons(facts) if e.in_package and e.explanation in outside]
    return {key(e.grant): ("high", e.confidence) for e in found}


def grant_past_expiry(facts: Facts) -> Found:
    """Return the persons and packages of which something is left over."""
    found: Found = {}
    for e in of_persons(facts):
        if e.explanation in ("ended", "ended_censored") and e.chosen:
            pair = (e.grant.principal, str(e.chosen.package))
            sure = "high" in (e.confidence, *found.get(pair, ())[1:])
            found[pair] = ("high", "high" if sure else "medium")
    return found


def bundle_partly_removed(facts: Facts) -> Found:
    """Return the left-overs of which another part was held during the assignment and is gone."""
    left_over = grant_past_expiry(facts)
    return {pair: told for pair, told in left_over.items() if _part_gone(facts, *pair)}


def _part_gone(facts: Facts, principal: str, package: str) -> bool:
    """Tell whether a role that an ended assignment gave was there during it and is not any more."""
    held_now = {(g.role, g.principal) for g in facts.open_grants}
    for e in facts.entitlements:
        a = e.assignment
        if (a.principal, a.package, a.life) != (principal, package, "ended") or (e.role, principal) in held_now:
            continue
        lives = [g for g in facts.grants if (g.role, g.principal) == (e.role, principal) and g.gone]
        if any(lived_together(g, e) and not _gone_before(g, e.assignment.ended) for g in lives):
            return True
    return False


def _gone_before(grant: GrantLife, ended: Any) -> bool:
    """Tell whether a grant surely went before an assignment's end."""
    return bool(grant.gone and ended and ended.after and grant.gone.by <= ended.after)


def grant_of_removed_role(facts: Facts) -> Found:
    """Return what the holders of a package still hold although it left the package."""
    return {key(e.grant): ("medium", e.confidence) for e in of_persons(facts) if e.explanation == "role_removed"}


def nested_group_opens_package(facts: Facts) -> Found:
    """Return the groups that hold a packaged role."""
    excused = ("assignment", "activated", "delivering", "grace")
    found: Found = {}
    for e in told(facts):
        child = e.grant.principal
        if principal_type(facts.history, child) != "group" or not e.in_package or e.explanation in excused:
            continue
        if child in EVERYBODY:
            continue
        if _made_by_policy(facts, e.grant) or _own_group(facts, e.grant):
            continue
        packaged = any(r.role == ("member", child, "") and r.left is None for r in facts.roles)
        found[key(e.grant)] = ("low" if packaged else "high", e.confidence)
    return found


def _made_by_policy(facts: Facts, grant: GrantLife) -> bool:
    """Tell whether the group has the very rule of an automatic policy of a package that gives the role."""
    giving = {r.package for r in facts.roles if r.role == grant.role and r.left is None}
    group = facts.history.known("groups").get((grant.principal,))
    if not group or not dynamic(facts.history, grant.principal) or not group["membership_rule"]:
        return False
    policies = [p for p in facts.history.known("policies").values() if p["package_id"] in giving]
    return any(_plain(group["membership_rule"]) in _rules(policy) for policy in policies)


def _rules(policy: Row) -> set[str]:
    """Return the rules by which an automatic policy chooses people."""
    if policy["automatic"] is None or json.loads(policy["automatic"]) is None:
        return set()
    targets = json.loads(policy["allowed_targets"] or "null") or []
    return {_plain(target["membershipRule"]) for target in targets if target.get("membershipRule")}


def _plain(rule: str) -> str:
    """Return a rule without its spaces, in lower case."""
    return "".join(rule.split()).lower()


def _own_group(facts: Facts, grant: GrantLife) -> bool:
    """Tell whether a group holds a role on a site because the site is its own."""
    if grant.kind != "site_group":
        return False
    group = facts.history.known("groups").get((grant.principal,))
    site = facts.history.known("sites").get((grant.resource,))
    if grant.principal.endswith("_o"):
        return True
    if not group or not site or "Unified" not in (group["group_types"] or ()) or not group["mail"]:
        return False
    return group["mail"].partition("@")[0].lower() == (site["web_url"] or "").rstrip("/").rpartition("/")[2].lower()


def assignment_without_access(facts: Facts) -> Found:
    """Return the live assignments of which the person lacks a role."""
    missing: dict[tuple[str, str], set[Role]] = {}
    for e in facts.entitlements:
        a = e.assignment
        settled = facts.history.now - facts.history.grace
        if e.life != "live" or not e.in_package or max(a.began.by, e.back.by) > settled:
            continue
        principal = str(a.principal)
        if works(facts, principal) and _missing(facts, principal, e.role):
            missing.setdefault((principal, str(a.package)), set()).add(e.role)
    return {pair: ("info" if _awaited(facts, pair[0], roles) else "medium", "high") for pair, roles in missing.items()}


def works(facts: Facts, principal: str) -> bool:
    """Tell whether somebody is there and enabled, and a person."""
    account = facts.history.known("users").get((principal,)) or facts.history.known("service_principals").get(
        (principal,)
    )
    return bool(account) and account["enabled"] is not False and is_person(facts.history, principal)


def _missing(facts: Facts, principal: str, role: Role) -> bool:
    """Tell whether somebody lacks a role that was looked for, and nothing stands in for it."""
    kind, resource, _ = role
    if not _readable(facts, role):
        return False
    mine = {g.role for g in facts.open_grants if g.principal == principal}
    if role in mine or (kind == "member" and (dynamic(facts.history, resource) or synced(facts.history, resource))):
        return False
    if (f"eligible_{kind}", *role[1:]) in mine:
        return False
    return not _through_groups(facts, principal, role) and not _hidden(facts, role)


def _readable(facts: Facts, role: Role) -> bool:
    """Tell whether the resource is there and who holds something on it was read."""
    kind, resource, _ = role
    home, holders = _HOMES.get(kind, ("groups", "pim_group_eligibilities"))
    history = facts.history
    place = history.known(home).get((resource,))
    if place is None or place.get("owner_tenant_id") == MICROSOFT or place.get("personal"):
        return False
    return history.shown(holders).looked(history.at, resource)


def _through_groups(facts: Facts, principal: str, role: Role) -> bool:
    """Tell whether somebody holds a role through groups: membership and site groups however deep, others one step."""
    memberships = [g for g in facts.open_grants if g.kind == "member"]
    if role[0] == "member":
        return principal in inside(role[1], memberships)
    holders = {g.principal for g in facts.open_grants if g.role == role}
    if role[0] == "site_group":
        return _let_in(facts, principal, holders)
    if role[0] in _ONE_STEP:
        return any(m.resource in holders and m.principal == principal for m in memberships)
    return False


def _let_in(facts: Facts, principal: str, holders: set[str]) -> bool:
    """Tell whether a site group lets somebody in without naming them: in a group, as its owner, or as everybody."""
    memberships = [g for g in facts.open_grants if g.kind == "member"]
    groups = {group for holder in holders for group in inside(holder, memberships)}
    owned = {holder.removesuffix(OWNERS) for holder in holders if holder.endswith(OWNERS)}
    for g in facts.open_grants:
        through = groups if g.kind == "member" else owned if g.kind == "owner" else set()
        if g.principal == principal and g.resource in through:
            return True
    within = principal_type(facts.history, principal) == "user" and EVERYBODY[1] in holders
    return within or EVERYBODY[0] in holders


def _hidden(facts: Facts, role: Role) -> bool:
    """Tell whether somebody may hold a role through a group whose members were not read."""
    shown, at = facts.history.shown("group_members"), facts.history.at
    if role[0] == "site_group" and _owners_hidden(facts, role):
        return True
    memberships = [g for g in facts.open_grants if g.kind == "member"]
    holders = {g.principal for g in facts.open_grants if g.role == role}
    through = inside(role[1], memberships) if role[0] == "member" else holders if role[0] in _ONE_STEP else set()
    if role[0] == "site_group":
        through = {group for holder in holders for group in inside(holder, memberships)}
        through = {group for group in through if group not in EVERYBODY and not group.endswith(OWNERS)}
    groups = [p for p in through if principal_type(facts.history, p) == "group"]
    return any(not shown.looked(at, group) for group in groups)


def _owners_hidden(facts: Facts, role: Role) -> bool:
    """Tell whether the owners of a group are in a site group, and nobody looked who they are."""
    shown, at = facts.history.shown("group_owners"), facts.history.at
    holders = {g.principal for g in facts.open_grants if g.role == role and g.principal.endswith(OWNERS)}
    return any(not shown.looked(at, holder.removesuffix(OWNERS)) for holder in holders)


def _awaited(facts: Facts, principal: str, roles: set[Role]) -> bool:
    """Tell whether all that is missing are sites, and no site ever had the guest."""
    if principal_type(facts.history, principal) != "guest" or any(role[0] != "site_group" for role in roles):
        return False
    return not any(g.kind == "site_group" and g.principal == principal for g in facts.grants)
