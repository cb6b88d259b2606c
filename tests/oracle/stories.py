"""Stories: small things that happen to people, mixed at random into a history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.oracle.maker import Maker
from tests.oracle.review_stories import review
from tests.oracle.timeline import Timeline
from tests.oracle.world import PackagedRole, World, world
from tests.queries.cases import Tenant

_STATES = ("delivering", "deliveryFailed", "partiallyDelivered", "hovering", "delivered")


def history(seed: int, mark: str, timeline: Timeline) -> tuple[Tenant, tuple[str, ...]]:
    """Return a random history with the names of its stories."""
    found = world(Maker(seed, mark, timeline))
    for _ in range(found.maker.chance.choice((2, 3, 3, 4, 5))):
        story = found.maker.chance.choice(STORIES)
        found.maker.told.append(story.__name__)  # type: ignore
        story(found)
    if found.maker.likely(0.3):
        found.maker.told.append(gaps.__name__)
        gaps(found)
    return found.maker.tenant(), tuple(found.maker.told)


def package_and_access(found: World) -> None:
    """Somebody has a package at some time, and its roles at some time."""
    maker, person, package = found.maker, found.person(), found.package()
    for _ in range(maker.chance.choice((1, 1, 1, 2))):
        assignment(found, person, package)
    for role in found.roles.get(package, []):
        if maker.likely(0.85):
            grant(found, person, role)


def left_over(found: World) -> None:
    """A package ended, and most of what it gave is still there."""
    maker, person, package = found.maker, found.person(), found.package()
    before, after = maker.split(2)
    id_, start = maker.new("a"), maker.maybe_moment(0.7)
    told = {"id": id_, "principal_id": person, "package_id": package, "start_at": start}
    maker.add("assignments", before, state="delivered", **told)
    if maker.likely(0.6):
        maker.add("assignments", after, state="expired", expired_at=maker.maybe_moment(0.7), **told)
    for role in found.roles.get(package, []):
        among = maker.chance.choice((maker.all, maker.all, before, maker.presence()))
        found.hold(person, role, among, granted_at=start if maker.likely(0.7) else maker.maybe_moment())


def two_packages(found: World) -> None:
    """Somebody has two packages, or the same one twice, one after the other."""
    person = found.person()
    for package in (found.package(), found.package()):
        assignment(found, person, package)
        for role in found.roles.get(package, []):
            grant(found, person, role)


def by_hand(found: World) -> None:
    """Somebody holds a packaged role that nobody gave."""
    maker = found.maker
    if found.packaged:
        grant(found, found.person(), maker.chance.choice(found.packaged))


def asked_for(found: World) -> None:
    """A request was delivered, whether or not the assignment that it made was ever seen."""
    maker, person, package = found.maker, found.person(), found.package()
    completed = maker.moment()
    if maker.likely(0.6):
        completed = min(completed, maker.timeline.snapshots[-1])
    unseen = maker.new("unseen")
    told: dict[str, Any] = {"id": maker.new("q"), "package_id": package, "requestor_id": person}
    told |= {"type": maker.chance.choice(("userAdd", "userAdd", "adminAdd", "systemAdd", "onBehalfAdd", "userRemove"))}
    told |= {"created_at": completed - timedelta(hours=maker.chance.choice((-1, 0, 1, 100)))}
    told |= {"completed_at": completed, "state": maker.chance.choice(("delivered", "delivered", "delivered", "denied"))}
    before, after = maker.split(2)
    named = {
        "assignment_id": unseen if maker.likely(0.4) else None,
        "principal_id": person if maker.likely(0.6) else "",
    }
    maker.add("requests", before, **told)
    maker.add("requests", after, **told | named)
    if maker.likely(0.4):
        assignment(found, person, package)
    if maker.likely(0.1):
        maker.add("requests", **told | {"id": maker.new("q"), "assignment_id": unseen, "created_at": maker.moment()})  # type: ignore
    for role in found.roles.get(package, []):
        grant(found, person, role)


def for_nobody(found: World) -> None:
    """An assignment does not say for whom it is."""
    maker, package = found.maker, found.package()
    told = {"id": maker.new("a"), "package_id": package, "state": maker.chance.choice(_STATES)}
    told |= {"start_at": maker.maybe_moment(0.3)}  # type: ignore
    before, after = maker.split(2)
    person = found.person()
    match maker.chance.choice(("never", "at first", "lately", "by its request")):
        case "never":
            maker.add("assignments", principal_id="", **told)
        case "at first":
            maker.add("assignments", before, principal_id="", **told)
            maker.add("assignments", after, principal_id=person, **told)
        case "lately":
            maker.add("assignments", before, principal_id=person, **told)
            maker.add("assignments", after, principal_id=None, **told)
        case _:
            maker.add("assignments", principal_id="", **told)
            request = {"id": maker.new("q"), "type": "userAdd", "state": "delivered", "package_id": package}
            maker.add("requests", assignment_id=told["id"], requestor_id=person, **request)  # type: ignore
    for role in found.roles.get(package, []):
        grant(found, person, role)


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
        told = {"id": maker.new("pim"), "group_id": group, "principal_id": person, "access_id": kind}
        told |= {"start_at": maker.maybe_moment(0.3), "end_at": maker.maybe_moment(0.3)}  # type: ignore
        maker.add("pim_group_assignments", maker.presence(), assignment_type=type_, **told)
    if not any(r.role == "" and (r.kind, r.resource) == (kind, group) for r in found.packaged) and maker.likely(0.7):
        package, role = found.package(), {"member": "Member", "owner": "Owner"}[kind]
        row = {"origin_system": "AadGroup", "role_origin_id": f"{role}_{group}", "scope_origin_id": group}
        maker.add("package_roles", id=f"{package}_pim", package_id=package, **row)  # type: ignore


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
            back = {"packages": json.dumps([{"id": one}]), "groups": None}
            maker.add("package_incompatibilities", package_id=other, id=other, **back)  # type: ignore
    for package in (one, other):
        told = {"id": maker.new("a"), "principal_id": person, "package_id": package, "start_at": None}
        maker.add("assignments", maker.presence() if maker.likely(0.3) else maker.all, state="delivered", **told)
    if maker.likely(0.6):
        found.hold(person, PackagedRole("group_members", "member", group), maker.presence())


def leaver(found: World) -> None:
    """Somebody leaves, or left long ago."""
    maker, person = found.maker, found.person()
    if maker.likely(0.6):
        maker.add("leave_dates", maker.presence(), id=person, leave_at=maker.maybe_moment(0.8))
    else:
        old = maker.new("old")
        told = {"id": old, "name": "old", "user_type": maker.chance.choice(("Member", "Guest"))}
        before, after = maker.split(2)
        maker.add("users", before, enabled=maker.likely(0.5), **told)
        if maker.likely(0.5):
            maker.add("deleted_users", after, id=old, name="old", deleted_at=maker.moment())
        person = old
    if maker.likely(0.7):
        found.hold(person, PackagedRole("group_owners", "owner", found.group()), maker.presence())
    if maker.likely(0.5):
        assignment(found, person, found.package())


def invited_again(found: World) -> None:
    """A guest was deleted and invited again, under another id."""
    maker = found.maker
    before, after = maker.split(2)
    package = found.package()
    for name, among in (("gone", before), ("again", after)):
        guest = maker.new(name)
        maker.add("users", among, id=guest, name=name, user_type="Guest", enabled=True)
        told = {"id": maker.new("a"), "principal_id": guest, "package_id": package, "start_at": maker.maybe_moment()}
        maker.add("assignments", among, state="expired", expired_at=maker.moment(), **told)
        for role in found.roles.get(package, []):
            found.hold(guest, role, among, granted_at=maker.maybe_moment())


def other_holders(found: World) -> None:
    """A device, a contact and somebody in no list hold what a package gives."""
    maker = found.maker
    for type_ in ("device", "orgcontact"):
        told = {"principal": maker.new("thing"), "resource": found.group(), "principal_type": type_}
        maker.add("group_members", maker.presence(), **told)
    if found.packaged:
        grant(found, maker.id("nowhere"), maker.chance.choice(found.packaged))


def gaps(found: World) -> None:
    """Some scopes were not read in some snapshots."""
    maker = found.maker
    for _ in range(maker.chance.choice((1, 2, 3))):
        match maker.chance.choice(("group", "group", "group", "app", "site", "package", "package", "pim")):
            case "group":
                collection, scope = (
                    maker.chance.choice(("group_members", "group_members", "group_owners")),
                    found.group(),
                )
            case "app":
                collection, scope = "app_role_assignments", maker.id("ledger")
            case "site":
                collection, scope = "site_members", maker.id("hub")
            case "package":
                collection, scope = maker.chance.choice(("package_roles", "package_incompatibilities")), found.package()
            case _:
                collection = maker.chance.choice(("pim_group_assignments", "pim_group_eligibilities"))
                scope = found.group()
        first = maker.chance.choice((*maker.all, maker.length))
        for n in range(first, min(first + maker.chance.choice((1, 1, 2)), maker.length + 1)):
            maker.gap(collection, scope, n)


def grant(found: World, person: str, role: PackagedRole) -> None:
    """Let somebody hold a role at some time; where the service dates it, it may date it anew, or not at all."""
    maker = found.maker
    among = maker.presence()
    if maker.likely(0.2):
        before, after = [n for n in among if n <= maker.length // 2], [n for n in among if n > maker.length // 2]
        found.hold(person, role, before, granted_at=maker.maybe_moment())
        found.hold(person, role, after, granted_at=maker.maybe_moment())
    else:
        found.hold(person, role, among, granted_at=maker.maybe_moment())


def assignment(found: World, person: str, package: str) -> None:
    """Give somebody a package: by one of the ways in which an assignment comes, lives and goes."""
    maker = found.maker
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": package}
    told |= {"start_at": maker.maybe_moment(0.6)}
    maker.chance.choice(_WAYS)(maker, told)


def _stays(maker: Maker, told: dict[str, Any]) -> None:
    """It is delivered and stays so, with or without an end."""
    maker.add("assignments", maker.presence(), state="delivered", end_at=maker.maybe_moment(), **told)


def _lasts(maker: Maker, told: dict[str, Any]) -> None:
    """It lasts for a duration."""
    duration = maker.chance.choice(("P1D", "PT36H", "P90D", "P1DT11H30M"))
    state = maker.chance.choice(("delivered", "partiallyDelivered"))
    maker.add("assignments", maker.presence(), state=state, duration=duration, **told)


def _expires(maker: Maker, told: dict[str, Any]) -> None:
    """It is delivered, then expired, then perhaps gone."""
    before, after, gone = maker.split(3)
    end = maker.maybe_moment()
    maker.add("assignments", before, state="delivered", end_at=end, **told)
    after = [*after, *gone] if maker.likely(0.7) else after
    expired_at = maker.moment() if maker.likely(0.6) else None
    maker.add("assignments", after, state="expired", end_at=end, expired_at=expired_at, **told)


def _vanishes(maker: Maker, told: dict[str, Any]) -> None:
    """It is there, and then it is not."""
    before, _ = maker.split(2)
    state = maker.chance.choice(("delivered", "delivered", *_STATES))
    maker.add("assignments", before, state=state, end_at=maker.maybe_moment(0.2), **told)


def _is_under_way(maker: Maker, told: dict[str, Any]) -> None:
    """It is on its way, and may arrive."""
    _, before, after = maker.split(3)
    maker.add("assignments", before, state=maker.chance.choice(_STATES), **told)
    maker.add("assignments", after, state=maker.chance.choice(_STATES), **told)


def _begins_anew(maker: Maker, told: dict[str, Any]) -> None:
    """An update rewrites its start."""
    before, after = maker.split(2)
    state = maker.chance.choice(("delivered", "expired"))
    again = told | {"start_at": maker.moment()}
    maker.add("assignments", before, state="delivered", **told)
    maker.add("assignments", after, state=state, end_at=maker.maybe_moment(), expired_at=maker.maybe_moment(), **again)


def _lies_ahead(maker: Maker, told: dict[str, Any]) -> None:
    """It begins next week, or was called off."""
    ahead = told | {"start_at": maker.timeline.snapshots[-1] + timedelta(days=maker.chance.choice((0, 7)), seconds=1)}
    expired_at = maker.moment() if maker.likely(0.5) else None
    maker.add(
        "assignments", maker.presence(), state="expired" if expired_at else "delivered", expired_at=expired_at, **ahead
    )


_WAYS: tuple[Callable[[Maker, dict[str, Any]], None], ...] = (
    _stays,
    _stays,
    _lasts,
    _expires,
    _expires,
    _expires,
    _vanishes,
    _vanishes,
    _is_under_way,
    _begins_anew,
    _lies_ahead,
)
STORIES: tuple[Callable[[World], None], ...] = (
    package_and_access,
    package_and_access,
    package_and_access,
    left_over,
    left_over,
    left_over,
    two_packages,
    two_packages,
    by_hand,
    asked_for,
    for_nobody,
    eligible,
    eligible,
    nested,
    nested,
    exclusive,
    leaver,
    invited_again,
    other_holders,
    review,
    review,
)
