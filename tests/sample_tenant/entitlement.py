"""Pages of entitlement management: catalogs, packages and what they give, settings."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import fraction, guid, shifted
from tests.sample_tenant.lines import EM, Line, Record, context, listed
from tests.sample_tenant.packages import CATALOGS, INCOMPATIBLE, PACKAGES, Package
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import APPS, DIRECTORY_ROLES, GROUPS, SITES, resource_id, role_id
from tests.sample_tenant.words import Role
from tests.sample_tenant.world import packages, roles_of

_CATALOG_OWNER = "ae79f266-94d4-4dab-b730-feca7e132178"
_OWNERS = {"finance": "sunniva", "projects": "thanh", "general": "celeste"}
_GROUP_ROLES = {"member": "Member", "owner": "Owner", "eligible_member": "Eligible Member"}
_DIRECTORY_ROLES = {"directory_role": "Active", "eligible_directory_role": "Eligible"}
_SYSTEMS = (
    dict.fromkeys(_GROUP_ROLES, "AadGroup")
    | {"app_role": "AadApplication", "site_group": "SharePointOnline"}
    | dict.fromkeys(_DIRECTORY_ROLES, "DirectoryRole")
)
_NAMED = {"app_role": APPS, "site_group": SITES} | dict.fromkeys(_DIRECTORY_ROLES, DIRECTORY_ROLES)
_BORN = "2024-11-05T13:22:17Z"


def catalogs(snapshot: int) -> Iterator[Line]:
    """Yield the catalogs."""
    yield listed(f"{EM}/catalogs", "identityGovernance/entitlementManagement/catalogs", [_catalog(k) for k in CATALOGS])


def _catalog(key: str) -> Record:
    """Return one catalog."""
    return {
        "id": guid("catalog", key),
        "displayName": CATALOGS[key],
        "description": f"Packages of {CATALOGS[key]}",
        "catalogType": "serviceDefault" if key == "general" else "userManaged",
        "state": "published",
        "isExternallyVisible": key == "projects",
        "createdDateTime": fraction(_BORN),
        "modifiedDateTime": fraction(_BORN),
    }


def catalog_resources(snapshot: int) -> Iterator[Line]:
    """Yield the resources of every catalog."""
    for key in CATALOGS:
        roles = [role for package in _of_catalog(key, snapshot) for role, _ in roles_of(package, snapshot)]
        firsts = {origin_of(role): role for role in reversed(roles)}
        records = [_resource(role) for role in sorted(firsts.values(), key=origin_of)]
        about = f"identityGovernance/entitlementManagement/catalogs('{guid('catalog', key)}')/resources"
        request = f"{EM}/catalogs/{guid('catalog', key)}/resources"
        yield listed(request, about, records, guid("catalog", key))


def _of_catalog(key: str, snapshot: int) -> list[Package]:
    """Return the packages of one catalog."""
    return [package for package in packages(snapshot) if package.catalog == key]


def _resource(first: Role) -> Record:
    """Return one resource."""
    return {
        "id": guid("em-resource", origin_of(first)),
        "displayName": _resource_name(first),
        "description": None,
        "originId": origin_of(first),
        "originSystem": _SYSTEMS[first.kind],
        "createdDateTime": fraction(_BORN),
        "modifiedDateTime": fraction(_BORN),
    }


def origin_of(role: Role) -> str:
    """Return how entitlement management names the resource: its object id, or a site's address."""
    return SITES[role.resource].url if role.kind == "site_group" else resource_id(role)


def _resource_name(role: Role) -> str:
    """Return the resource's display name."""
    names = _NAMED.get(role.kind, GROUPS)
    return names[role.resource].name


def _role(role: Role) -> Record:
    """Return a role as entitlement management names it."""
    if role.kind in _GROUP_ROLES:
        name, origin = _GROUP_ROLES[role.kind], f"{_GROUP_ROLES[role.kind]}_{resource_id(role)}"
    elif role.kind in _DIRECTORY_ROLES:
        name, origin = f"{_DIRECTORY_ROLES[role.kind]} Member", _DIRECTORY_ROLES[role.kind]
    elif role.kind == "app_role":
        name, origin = role.name, role_id(role)
    else:
        site = SITES[role.resource]
        name, origin = f"{site.name} {dict(site.groups)[int(role.name)]}", role.name
    return {
        "id": guid("em-role", f"{role.kind}/{role.resource}/{role.name}"),
        "displayName": name,
        "description": None,
        "originSystem": _SYSTEMS[role.kind],
        "originId": origin,
    }


def _scope(role: Role) -> Record:
    """Return the whole resource as a scope."""
    return {
        "id": guid("em-scope", origin_of(role)),
        "displayName": "Root",
        "description": "Root Scope",
        "originId": origin_of(role),
        "originSystem": _SYSTEMS[role.kind],
        "isRootScope": True,
    }


def catalog_role_assignments(snapshot: int) -> Iterator[Line]:
    """Yield who runs which catalog."""
    records = [
        {
            "id": guid("catalog-role", key),
            "principalId": PEOPLE[owner].id,
            "roleDefinitionId": _CATALOG_OWNER,
            "directoryScopeId": None,
            "appScopeId": f"/AccessPackageCatalog/{guid('catalog', key)}",
        }
        for key, owner in _OWNERS.items()
    ]
    about = "roleManagement/entitlementManagement/roleAssignments"
    yield listed(f"/v1.0/{about}", about, records)


def access_packages(snapshot: int) -> Iterator[Line]:
    """Yield the packages, each with its catalog."""
    records = [_package(package) | {"catalog": _catalog(package.catalog)} for package in packages(snapshot)]
    about = "identityGovernance/entitlementManagement/accessPackages(catalog())"
    yield listed(f"{EM}/accessPackages?$expand=catalog", about, records)


def _package(package: Package) -> Record:
    """Return one package."""
    return {
        "id": package.id,
        "displayName": package.name,
        "description": f"{package.name}, of the catalog {CATALOGS[package.catalog]}",
        "isHidden": package.key == "close-audit",
        "createdDateTime": fraction(package.created),
        "modifiedDateTime": fraction(shifted(package.created, minutes=6)),
    }


def package_roles(snapshot: int) -> Iterator[Line]:
    """Yield every package as one record with the roles it gives."""
    about = "identityGovernance/entitlementManagement/accessPackages(resourceRoleScopes(role(),scope()))/$entity"
    for package in packages(snapshot):
        given = [_given(role, since) for role, since in roles_of(package, snapshot)]
        page = {"@odata.context": context(about)} | _package(package) | {"resourceRoleScopes": given}
        request = f"{EM}/accessPackages/{package.id}?$expand=resourceRoleScopes($expand=role,scope)"
        yield Line(request, page, package.id)


def _given(role: Role, since: str) -> Record:
    """Return one role that a package gives."""
    what, where = role_and_scope(role)
    return {
        "id": f"{what['id']}_{where['id']}",
        "createdDateTime": fraction(since),
        "role": what,
        "scope": where,
    }


def role_and_scope(role: Role) -> tuple[Record, Record]:
    """Return a role and the resource on which it is one, as entitlement management names them."""
    return _role(role), _scope(role)


def package_incompatibilities(snapshot: int) -> Iterator[Line]:
    """Yield every package with the packages and groups that nobody may hold beside it."""
    expanded = "incompatibleAccessPackages,incompatibleGroups"
    about = "identityGovernance/entitlementManagement/accessPackages(incompatibleAccessPackages(),incompatibleGroups())"
    for package in packages(snapshot):
        others, groups = INCOMPATIBLE.get(package.key, ((), ()))
        told = {
            "incompatibleAccessPackages": [_package(PACKAGES[key]) for key in others],
            "incompatibleGroups": [{"id": GROUPS[key].id, "displayName": GROUPS[key].name} for key in groups],
        }
        page = {"@odata.context": context(f"{about}/$entity")} | _package(package) | told
        yield Line(f"{EM}/accessPackages/{package.id}?$expand={expanded}", page, package.id)


def entitlement_settings(snapshot: int) -> Iterator[Line]:
    """Yield what happens to guests who lose their last package: one record."""
    page = {
        "@odata.context": context("identityGovernance/entitlementManagement/settings/$entity"),
        "id": "singleton",
        "durationUntilExternalUserDeletedAfterBlocked": "P30D",
        "externalUserLifecycleAction": "blockSignInAndDelete",
    }
    yield Line(f"{EM}/settings", page)


assert set(_OWNERS) == set(CATALOGS) == {package.catalog for package in PACKAGES.values()}
