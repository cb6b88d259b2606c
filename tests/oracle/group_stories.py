"""Stories of groups: eligibility and activation, groups in groups, groups that exclude a package."""

from __future__ import annotations

import json
from typing import Any

from tests.oracle.ways import assignment, grant
from tests.oracle.world import PackagedRole, World, in_group


def eligible(found: World) -> None:
    """Somebody is eligible in a group, and may have activated it."""
    maker, person = found.maker, found.person()
    groups = [r.resource for r in found.packaged if r.kind.startswith("eligible_")] or [found.group()]
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
        package, (_, row) = found.package(), in_group(group, kind.title())
        maker.add("package_roles", id=f"{package}_pim", package_id=package, **row)


def activated(found: World) -> None:
    """A package makes somebody eligible, they activate it, and another package gives what that opens."""
    maker, person, group = found.maker, found.person(), found.group()
    kind = maker.chance.choice(("member", "owner"))
    one, other = found.package(), found.package()
    may, may_row = in_group(group, f"Eligible {kind.title()}")
    does, does_row = in_group(group, kind.title())
    maker.add("package_roles", id=maker.new(f"{one}_may"), package_id=one, **may_row)
    maker.add("package_roles", id=maker.new(f"{other}_does"), package_id=other, **does_row)
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": one}
    told |= {"start_at": maker.maybe_moment(0.2), "end_at": maker.maybe_moment(0.2)}
    maker.add("assignments", state=maker.chance.choice(("delivered", "delivered", "delivering")), **told)
    found.hold(person, may, maker.all if maker.likely(0.7) else maker.presence(), granted_at=maker.maybe_moment(0.2))
    among = maker.all[maker.chance.choice((0, *maker.all[:-1])) :]
    found.hold(person, does, among)
    schedule: dict[str, Any] = {"id": maker.new("pim"), "group_id": group, "principal_id": person, "access_id": kind}
    schedule |= {"start_at": maker.maybe_moment(0.2), "end_at": maker.maybe_moment(0.3)}
    maker.add("pim_group_assignments", among, assignment_type="activated", **schedule)
    if maker.likely(0.4):
        unread = maker.chance.choice(("pim_group_assignments", "pim_group_eligibilities"))
        maker.gap(unread, group, maker.chance.choice(maker.timeline.asked))


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
