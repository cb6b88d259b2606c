"""Stories of groups: eligibility and activation, groups in groups, groups that exclude a package."""

from __future__ import annotations

import json
from typing import Any

from tests.oracle.directory import EVERYBODY
from tests.oracle.ways import assignment, grant
from tests.oracle.world import GROUPS, PackagedRole, World, in_group, of_directory, site_group


def eligible(found: World) -> None:
    """Somebody is eligible in a group, and may have activated it."""
    maker, person = found.maker, found.person()
    kinds = ("eligible_member", "eligible_owner")
    groups = [r.resource for r in found.packaged if r.kind in kinds] or [found.group()]
    group, kind = maker.chance.choice(groups), maker.chance.choice(("member", "member", "owner"))
    for package, roles in found.roles.items():
        if any(r.resource == group and r.kind == f"eligible_{kind}" for r in roles) and maker.likely(0.8):
            assignment(found, person, package)
    held = PackagedRole("pim_group_eligibilities", f"eligible_{kind}", group)
    grant(found, person, held)
    if maker.likely(0.7):
        found.hold(
            person, PackagedRole(f"group_{kind}s", kind, group), maker.chance.choice((maker.all, maker.presence()))
        )
    if maker.likely(0.7):
        type_ = maker.chance.choice(("activated", "activated", "activated", "assigned"))
        told: dict[str, Any] = {"id": maker.new("pim"), "group_id": group, "principal_id": person, "access_id": kind}
        told |= {"start_at": maker.maybe_moment(0.3), "end_at": maker.maybe_moment(0.3)}
        maker.add("pim_group_assignments", maker.presence(), assignment_type=type_, **told)
    if not any((r.kind, r.resource) == (kind, group) for r in found.packaged) and maker.likely(0.7):
        package = found.package()
        found.give(package, *in_group(group, kind.title()))
        if maker.likely(0.5):
            assignment(found, person, package)


def activated(found: World) -> None:
    """A package makes somebody eligible, they activate it, and another package gives what that opens."""
    maker, person, group = found.maker, found.person(), found.group()
    kind = maker.chance.choice(("member", "owner"))
    one, other = found.package(), found.package()
    may, may_row = in_group(group, f"Eligible {kind.title()}")
    does, does_row = in_group(group, kind.title())
    found.give(one, may, may_row)
    found.give(other, does, does_row)
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": one}
    told |= {"start_at": maker.maybe_moment(0.2), "end_at": maker.maybe_moment(0.2)}
    maker.add("assignments", state=maker.chance.choice(("delivered", "delivered", "delivering")), **told)
    found.hold(person, may, maker.all if maker.likely(0.7) else maker.presence(), granted_at=maker.maybe_moment(0.2))
    among = maker.all[maker.chance.choice((0, *maker.all[:-1])) :]
    promised = maker.likely(0.3)
    if promised:
        assignment(found, person, other)
    if maker.likely(0.4 if promised else 0.9):
        found.hold(person, does, among)
    schedule: dict[str, Any] = {"id": maker.new("pim"), "group_id": group, "principal_id": person, "access_id": kind}
    schedule |= {"start_at": maker.maybe_moment(0.2), "end_at": maker.maybe_moment(0.3)}
    maker.add("pim_group_assignments", among, assignment_type="activated", **schedule)
    if maker.likely(0.6):
        unread = maker.chance.choice(("pim_group_assignments", "pim_group_eligibilities"))
        maker.gap(unread, group, maker.chance.choice(maker.timeline.asked))


def in_the_directory(found: World) -> None:
    """A package gives a role of the directory, which somebody, or a group, holds, may activate or has activated."""
    maker, person = found.maker, found.holder()
    how = maker.chance.choice(("Active", "Eligible"))
    (does, does_row), (may, may_row) = of_directory(maker, "Active"), of_directory(maker, "Eligible")
    one, other = found.package(), found.package()
    found.give(one, *((does, does_row) if how == "Active" else (may, may_row)))
    if maker.likely(0.5):
        found.give(other, does, does_row)
    assignment(found, person, one)
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": one, "state": "delivered"}
    if maker.likely(0.7):
        maker.add("assignments", start_at=maker.maybe_moment(0.3), end_at=maker.maybe_moment(0.4), **told)
    for role in (may, does):
        if maker.likely(0.8 if role is may else 0.6):
            unit = maker.likely(0.1)
            where = PackagedRole(role.table, role.kind, role.resource, "/units/x") if unit else role
            found.hold(
                person, where, maker.chance.choice((maker.all, maker.presence())), granted_at=maker.maybe_moment()
            )
    if maker.likely(0.8) and person not in map(maker.id, GROUPS):
        _schedule(found, person, does.resource)
    if maker.likely(0.3):
        found.hold(found.person(), PackagedRole("group_members", "member", found.group()), maker.all)


def _schedule(found: World, person: str, role: str) -> None:
    """Somebody has a schedule for a role of the directory: for some hours, or for longer."""
    maker = found.maker
    told: dict[str, Any] = {"id": maker.new("pim"), "role_definition_id": role, "principal_id": person}
    told |= {"scope_id": "/" if maker.likely(0.95) else "/units/x", "start_at": maker.maybe_moment(0.2)}
    type_ = maker.chance.choice(("Activated", "activated", "Assigned"))
    end = maker.maybe_moment(0.3)
    maker.add("role_assignment_schedules", maker.presence(), assignment_type=type_, end_at=end, **told)


def opened(found: World) -> None:
    """Everybody is let into the site, into a group of it or by a level, and somebody has a package that gives it."""
    maker, site = found.maker, found.maker.id("hub")
    if maker.likely(0.6):
        package = found.package()
        found.give(package, *site_group(maker), maker.presence())
        assignment(found, found.person(), package)
    for _ in range(maker.chance.choice((1, 2))):
        claim = maker.chance.choice(EVERYBODY)
        if maker.likely(0.6):
            told = {"principal": claim, "resource": site, "role": maker.chance.choice(("4", "5", "6"))}
            maker.add("site_members", maker.presence(), **told)
        else:
            level = maker.chance.choice(("1073741826", "1073741825", "1073741825"))
            maker.add("site_role_assignments", maker.presence(), principal=claim, resource=site, role=level)
    if maker.likely(0.4):
        owner, group = found.person(), found.group()
        told = {"principal": maker.chance.choice((group, f"{group}_o")), "resource": site, "role": "5"}
        maker.add("site_members", maker.presence(), **told)
        kind = maker.chance.choice(("member", "owner"))
        found.hold(owner, PackagedRole(f"group_{kind}s", kind, group), maker.presence())


def nested(found: World) -> None:
    """A group is inside another one, in a role of the application or in a group of the site."""
    maker, child = found.maker, found.group()
    for _ in range(maker.chance.choice((1, 1, 2))):
        roles = [r for r in found.packaged if not r.kind.startswith("eligible_")]
        if roles and maker.likely(0.7):
            role = maker.chance.choice(roles)
        else:
            role = PackagedRole("group_members", "member", found.group())
        if role.resource != child:
            found.hold(child, role, maker.chance.choice((maker.all, maker.presence())), granted_at=maker.maybe_moment())
    inner = PackagedRole("group_members", "member", child)
    grant(found, found.person(), inner)
    if maker.likely(0.3):
        package = found.package()
        assignment(found, child, package)
        for role in found.roles.get(package, []):
            found.hold(child, role, maker.presence(), granted_at=maker.maybe_moment())
    if maker.likely(0.5):
        assignment(found, found.person(), found.package())


def exclusive(found: World) -> None:
    """Two packages, or a package and a group, exclude each other, and somebody has both."""
    maker, person = found.maker, found.person()
    one, other, group = found.package(), found.package(), found.group()
    if one != other:
        pair = {"packages": json.dumps([{"id": other.upper(), "displayName": "x"}]), "groups": "[]"}
        if maker.likely(0.5):
            pair["groups"] = json.dumps([{"id": group}])
        maker.add("package_incompatibilities", maker.presence(), package_id=one, id=one, **pair)
        if maker.likely(0.3):
            packages = json.dumps([{"id": one}])
            maker.add("package_incompatibilities", package_id=other, id=other, packages=packages, groups=None)
    for package in (one, other):
        told = {"id": maker.new("a"), "principal_id": person, "package_id": package, "start_at": None}
        maker.add("assignments", maker.presence() if maker.likely(0.3) else maker.all, state="delivered", **told)
    if maker.likely(0.6):
        found.hold(person, PackagedRole("group_members", "member", group), maker.presence())
