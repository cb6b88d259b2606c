"""Stories of people: those who leave, come back as somebody else, or are no people at all."""

from __future__ import annotations

from tests.oracle.ways import assignment, grant
from tests.oracle.world import PackagedRole, World


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
    told = {"principal": f"{found.group()}_o", "resource": maker.id("hub")}
    maker.add("site_members", maker.presence(), role=maker.chance.choice(("5", "6")), **told)
    if found.packaged:
        grant(found, maker.id("nowhere"), maker.chance.choice(found.packaged))
