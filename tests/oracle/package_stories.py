"""Stories of packages: access that comes with them, stays behind, or comes without any."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.oracle.ways import STATES, assignment, grant
from tests.oracle.world import World


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
    maker, person, package = found.maker, found.holder(), found.package()
    before, after = maker.split(2)
    id_, start = maker.new("a"), maker.maybe_moment(0.7)
    told = {"id": id_, "principal_id": person, "package_id": package, "start_at": start}
    maker.add("assignments", before, state="delivered", **told)
    if maker.likely(0.6):
        maker.add("assignments", after, state="expired", expired_at=maker.maybe_moment(0.7), **told)
    for role in found.roles.get(package, []):
        among = maker.chance.choice((maker.all, maker.all, before, maker.presence()))
        found.hold(person, role, among, granted_at=start if maker.likely(0.7) else maker.maybe_moment())


def came_back(found: World) -> None:
    """A package ended, what it gave went with it, and somebody gave it back by hand."""
    maker, person, package = found.maker, found.person(), found.package()
    before = maker.all[: maker.chance.choice((1, 2))]
    hole = maker.chance.choice((1, 2, 2, 3))
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": package}
    told |= {"start_at": maker.maybe_moment(0.3)}
    maker.add("assignments", before, state="delivered", **told)
    if maker.likely(0.7):
        maker.add("assignments", maker.all[len(before) :], state="expired", expired_at=maker.maybe_moment(0.4), **told)
    for role in found.roles.get(package, []):
        if maker.likely(0.8):
            found.hold(person, role, [*before, *maker.all[len(before) + hole :]], granted_at=maker.maybe_moment(0.2))


def role_taken_out(found: World) -> None:
    """A role leaves its package, and those who had it keep it."""
    maker, person, package = found.maker, found.person(), found.package()
    before, _ = maker.split(2)
    role, row = found.some_role()
    found.give(package, role, row, before)
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": package}
    told |= {"start_at": maker.maybe_moment(0.4), "end_at": maker.maybe_moment(0.1)}
    maker.add("assignments", state="delivered", **told)
    found.hold(person, role, maker.chance.choice((maker.all, maker.presence())), granted_at=maker.maybe_moment(0.3))


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
    unread = set(maker.timeline.unread("assignments")).intersection(maker.timeline.asked)
    if unread and maker.likely(0.7):
        completed = maker.timeline.snapshots[min(unread) - 1] - timedelta(seconds=1)
    unseen = maker.new("unseen")
    told: dict[str, Any] = {"id": maker.new("q"), "package_id": package, "requestor_id": person}
    told |= {"type": maker.chance.choice(("userAdd", "userAdd", "adminAdd", "systemAdd", "onBehalfAdd", "userRemove"))}
    told |= {"created_at": completed - timedelta(hours=maker.chance.choice((-1, 0, 1, 100)))}
    told |= {"completed_at": completed, "state": maker.chance.choice(("delivered", "delivered", "delivered", "denied"))}
    before, after = maker.split(2)
    named: dict[str, Any] = {
        "assignment_id": unseen if maker.likely(0.4) else None,
        "principal_id": person if maker.likely(0.6) else "",
    }
    maker.add("requests", before, **told)
    maker.add("requests", after, **told | named)
    if maker.likely(0.4):
        assignment(found, person, package)
    if maker.likely(0.1):
        again: dict[str, Any] = told | {"id": maker.new("q"), "assignment_id": unseen, "created_at": maker.moment()}
        maker.add("requests", **again)
    for role in found.roles.get(package, []):
        grant(found, person, role)


def for_nobody(found: World) -> None:
    """An assignment does not say for whom it is."""
    maker, package = found.maker, found.package()
    told: dict[str, Any] = {"id": maker.new("a"), "package_id": package, "state": maker.chance.choice(STATES)}
    told |= {"start_at": maker.maybe_moment(0.3)}
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
            request: dict[str, Any] = {"id": maker.new("q"), "type": "userAdd", "state": "delivered"}
            request |= {"package_id": package, "assignment_id": told["id"], "requestor_id": person}
            maker.add("requests", **request)
    for role in found.roles.get(package, []):
        grant(found, person, role)
