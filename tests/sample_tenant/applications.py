"""Pages of the directory: applications, their owners and who holds their roles."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import TENANT_ID, fraction, guid, opaque
from tests.sample_tenant.lines import Line, Record, listed
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import APPS, App
from tests.sample_tenant.words import Holding, Role
from tests.sample_tenant.world import held, principal

_APP = (
    "id,appId,displayName,servicePrincipalType,appOwnerOrganizationId,accountEnabled,appRoleAssignmentRequired,appRoles,"
    "tags"
)
_TYPES = {"user": "User", "group": "Group", "servicePrincipal": "ServicePrincipal"}


def service_principals(snapshot: int) -> Iterator[Line]:
    """Yield the applications."""
    records = [_app(app, snapshot) for app in APPS.values()]
    yield listed(f"/v1.0/servicePrincipals?$select={_APP}&$top=999", f"servicePrincipals({_APP})", records)


def _app(app: App, snapshot: int) -> Record:
    """Return one application with the roles it offers; robots, and what is open to everybody, require no assignment."""
    return {
        "id": app.id,
        "appId": guid("app-id", app.key),
        "displayName": app.name,
        "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT_ID,
        "accountEnabled": True,
        "appRoleAssignmentRequired": bool(app.roles) and (app.opened is None or snapshot < app.opened),
        "appRoles": [_role(app, name) for name in app.roles],
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    }


def _role(app: App, name: str) -> Record:
    """Return one role that an application offers."""
    return {
        "allowedMemberTypes": ["User", "Application"],
        "description": f"{name} in {app.name}",
        "displayName": name,
        "id": app.role_id(name),
        "isEnabled": True,
        "origin": "Application",
        "value": f"{app.key}.{name.lower()}",
    }


def service_principal_owners(snapshot: int) -> Iterator[Line]:
    """Yield the owners of every application."""
    for app in APPS.values():
        records = (
            [{"@odata.type": "#microsoft.graph.user", "id": PEOPLE[app.owner].id}] if app.owner is not None else []
        )
        request = f"/v1.0/servicePrincipals/{app.id}/owners?$select=id&$top=999"
        yield listed(request, "directoryObjects(id)", records, app.id)


def app_role_assignments(snapshot: int) -> Iterator[Line]:
    """Yield who holds which role of every application."""
    for app in APPS.values():
        roles = [Role("app_role", app.key, name) for name in app.roles]
        records = [_app_role_assignment(app, holding) for role in roles for holding in held(role, snapshot)]
        about = f"servicePrincipals('{app.id}')/appRoleAssignedTo"
        yield listed(f"/v1.0/servicePrincipals/{app.id}/appRoleAssignedTo?$top=999", about, records, app.id)


def _app_role_assignment(app: App, holding: Holding) -> Record:
    """Return one app role that somebody holds; only here the service says since when."""
    assert holding.granted is not None, f"{holding.principal} holds a role of {app.key} without a date"
    holder = principal(holding.principal)
    return {
        "id": opaque("app-role-assignment", f"{holding.principal}/{app.key}/{holding.role.name}/{holding.granted}"),
        "deletedDateTime": None,
        "appRoleId": app.role_id(holding.role.name),
        "createdDateTime": fraction(holding.granted, "9480566"),
        "principalDisplayName": holder.name,
        "principalId": holder.id,
        "principalType": _TYPES[holder.type],
        "resourceDisplayName": app.name,
        "resourceId": app.id,
    }
