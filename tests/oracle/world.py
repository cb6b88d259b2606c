"""The small world in which a history plays: people, groups, an application, a site, packages with their roles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.maker import Maker
from tests.queries.cases import Row

PEOPLE = ("ann", "bob", "gus", "robot", "nowhere")
GROUPS = ("payroll", "vault", "shared", "staff")
PACKAGES = ("clerk", "keeper", "north", "south")
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The tenant of Microsoft's own applications."""
ROLES = ("Member", "Eligible Member", "EligibleMember", "Owner", "EligibleOwner")
RULE = 'user.department -eq "Sales"'


@dataclass(frozen=True, slots=True)
class PackagedRole:
    """A role as the rows of grants name it: the table, and the values of a grant."""

    table: str
    kind: str
    resource: str
    role: str = ""


@dataclass
class World:
    """What there is for stories to happen to."""

    maker: Maker
    roles: dict[str, list[PackagedRole]] = field(default_factory=dict)
    """The roles that each package gives or gave."""

    @property
    def packaged(self) -> list[PackagedRole]:
        """Return every role that a package gives or gave."""
        return [role for of_package in self.roles.values() for role in of_package]

    def person(self) -> str:
        """Return somebody, mostly one of the two with an ordinary account."""
        return self.maker.id(self.maker.chance.choice(("ann", "ann", "ann", "bob", "bob", "gus", "gus", *PEOPLE[3:])))

    def package(self) -> str:
        """Return a package."""
        return self.maker.id(self.maker.chance.choice(PACKAGES))

    def group(self) -> str:
        """Return a group."""
        return self.maker.id(self.maker.chance.choice(GROUPS))

    def holder(self) -> str:
        """Return somebody, or now and then a group."""
        return self.group() if self.maker.likely(0.15) else self.person()

    def some_role(self) -> tuple[PackagedRole, Row]:
        """Return a role that a package can give, with the values by which the package's row names it."""
        group, chance = self.group(), self.maker.chance
        match chance.choice(("Member", "app", "app", "site", "of a group", "of a group", "of the directory")):
            case "Member":
                return in_group(group)
            case "app":
                return _app_role(self.maker)
            case "site":
                return site_group(self.maker)
            case "of the directory":
                return of_directory(self.maker, chance.choice(("Active", "Eligible")))
            case _:
                return in_group(group, chance.choice(ROLES))

    def give(self, package: str, role: PackagedRole, row: Row, among: list[int] | None = None) -> None:
        """Let a package give a role in these snapshots, unless it gives or gave it anyway: it has no role twice."""
        if role not in self.roles.setdefault(package, []):
            self.roles[package].append(role)
            self.maker.add("package_roles", among, id=self.maker.new(f"{package}_more"), package_id=package, **row)

    def hold(self, principal: str, role: PackagedRole, among: list[int], **dates: Any) -> None:
        """Let somebody hold a role in these snapshots."""
        told: dict[str, Any] = {"principal": principal, "resource": role.resource}
        if role.role:
            told["role"] = role.role
        if role.kind.startswith("eligible_"):
            told["kind"] = role.kind
            told["ends_at"] = self.maker.maybe_moment(0.4) if self.maker.likely(0.5) else None
        if role.table in ("app_role_assignments", "pim_group_eligibilities", "role_eligibilities"):
            told |= dates
        self.maker.add(role.table, among, **told)


def world(maker: Maker) -> World:
    """Return a random world."""
    _people(maker)
    _groups(maker)
    _places(maker)
    found = World(maker)
    for name in PACKAGES:
        _package(found, name)
    return found


def _people(maker: Maker) -> None:
    """Add the accounts: now and then one is disabled, deleted, restored."""
    for name, type_ in (("ann", "Member"), ("bob", "Member"), ("gus", "Guest")):
        among = maker.presence() if maker.likely(0.2) else maker.all
        off = maker.chance.choice(maker.all) if maker.likely(0.1) else maker.length + 1
        account = {"id": maker.id(name), "name": name, "user_type": type_}
        maker.add("users", [n for n in among if n < off], enabled=True, **account)
        maker.add("users", [n for n in among if n >= off], enabled=False, **account)
        if maker.likely(0.5):
            gone = [n for n in maker.all if n not in among]
            maker.add("deleted_users", gone, id=maker.id(name), name=name, deleted_at=maker.moment())
    among = maker.presence() if maker.likely(0.15) else maker.all
    maker.add("service_principals", among, id=maker.id("robot"), name="robot", enabled=maker.likely(0.9))


def _groups(maker: Maker) -> None:
    """Add the groups: plain ones, by rule, synced, of Microsoft 365."""
    for name in GROUPS:
        told: dict[str, Any] = {"id": maker.id(name), "name": name, "group_types": []}
        match maker.chance.choice(("", "", "", "", "", "dynamic", "synced", "unified")):
            case "dynamic":
                told |= {"group_types": ["DynamicMembership"], "membership_rule": RULE}
            case "synced":
                told["synced"] = True
            case "unified":
                told |= {"group_types": ["Unified"], "mail": "Hub@contoso.example"}
        maker.add("groups", maker.presence() if maker.likely(0.05) else maker.all, **told)


def _places(maker: Maker) -> None:
    """Add an application that may be open to anybody, a role of the directory, and a site whose address may change."""
    owner = MICROSOFT if maker.likely(0.05) else None
    ledger: dict[str, Any] = {"id": maker.id("ledger"), "name": "ledger", "owner_tenant_id": owner}
    among = maker.presence() if maker.likely(0.3) else []
    on = maker.likely(0.9)
    maker.add("service_principals", among, enabled=on, assignment_required=maker.chance.choice((False, None)), **ledger)
    maker.add("service_principals", enabled=True, assignment_required=True, **ledger)
    among = maker.presence() if maker.likely(0.1) else maker.all
    maker.add("role_definitions", among, id=maker.id("helpdesk"), name="Helpdesk", template_id=maker.id("template"))
    site: dict[str, Any] = {
        "id": maker.id("hub"),
        "name": "Hub",
        "personal": maker.chance.choice((True, *[False] * 19)),
    }
    if maker.likely(0.3):
        before, after = maker.split(2)
        maker.add("sites", before, web_url=_address(maker, "Hub"), **site)
        maker.add("sites", after, web_url=_address(maker, "Centre"), **site)
    else:
        maker.add("sites", web_url=_address(maker, "Hub"), **site)


def of_directory(maker: Maker, how: str) -> tuple[PackagedRole, Row]:
    """Return a role of the directory, active or eligible, which a package may name by its template."""
    role = maker.id("helpdesk")
    named = maker.chance.choice((role, role.upper(), maker.id("template")))
    told = {"origin_system": "DirectoryRole", "role_origin_id": how, "scope_origin_id": named}
    table = "role_assignments" if how == "Active" else "role_eligibilities"
    return PackagedRole(table, f"{'' if how == 'Active' else 'eligible_'}directory_role", role, "/"), told


def _address(maker: Maker, name: str) -> str:
    """Return the address of this history's site."""
    return f"https://{maker.id('contoso')}.example/sites/{name}"


def _package(found: World, name: str) -> None:
    """Add a package with one to three roles, each with times in it and out of it."""
    maker, package = found.maker, found.maker.id(name)
    maker.add("packages", id=package, name=name, catalog_id=maker.id("main"))
    if maker.likely(0.15):
        targets = json.dumps([{"membershipRule": 'USER.department  -eq  "sales"'}]) if maker.likely(0.8) else None
        automatic = json.dumps({"requestAccessForAllowedTargets": True})
        maker.add("policies", id=maker.new("policy"), package_id=package, automatic=automatic, allowed_targets=targets)
    for number in range(maker.chance.choice((1, 1, 2, 3))):
        _role(found, package, number)


def _role(found: World, package: str, number: int) -> None:
    """Add one role of a package; what cannot be mapped is nobody's grant."""
    maker = found.maker
    unmapped = {"origin_system": "Sap", "role_origin_id": "x", "scope_origin_id": "y"}
    role, told = (None, unmapped) if maker.likely(0.07) else found.some_role()
    if role in found.roles.get(package, []):
        return
    if role:
        found.roles.setdefault(package, []).append(role)
    row = {"package_id": package, **told}
    among = maker.presence() if maker.likely(0.4) else maker.all
    created = maker.moment() if maker.likely(0.2) and among == list(range(among[0], among[-1] + 1)) else None
    maker.add("package_roles", among, id=f"{package}_{number}", created_at=created, **row)


def in_group(group: str, role: str = "Member") -> tuple[PackagedRole, Row]:
    """Return a role of a group."""
    kind = role.replace(" ", "").replace("Eligible", "eligible_").lower()
    table = {"member": "group_members", "owner": "group_owners"}.get(kind, "pim_group_eligibilities")
    told = {"origin_system": "AadGroup", "role_origin_id": f"{role}_{group}", "scope_origin_id": group}
    return PackagedRole(table, kind, group), told


def _app_role(maker: Maker) -> tuple[PackagedRole, Row]:
    """Return a role of the application."""
    app, role = maker.id("ledger"), maker.chance.choice(("post", "read"))
    told = {"origin_system": "AadApplication", "role_origin_id": role.upper(), "scope_origin_id": app}
    return PackagedRole("app_role_assignments", "app_role", app, role), told


def site_group(maker: Maker) -> tuple[PackagedRole, Row]:
    """Return a group of the site, by one of its addresses however written."""
    address = _address(maker, maker.chance.choice(("Hub", "Hub", "Centre")))
    written = maker.chance.choice((address, address.upper().replace("HTTPS", "https"), f"{address}/"))
    role = maker.chance.choice(("5", "6"))
    told = {"origin_system": "SharePointOnline", "role_origin_id": role, "scope_origin_id": written}
    return PackagedRole("site_members", "site_group", maker.id("hub"), role), told
