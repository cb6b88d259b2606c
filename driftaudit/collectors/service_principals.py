"""Applications as this tenant knows them."""

from driftaudit.collectors._record import Collection, Id, Json, Record, at


class ServicePrincipal(Record):
    """One row per application or other service principal."""

    id: Id = at("id", "Directory object id of the service principal.")
    app_id: Id | None = at("appId", "Application (client) id.")
    name: str | None = at("displayName", "Name as the directory shows it.")
    type: str | None = at("servicePrincipalType", "Application, ManagedIdentity, ...")
    owner_tenant_id: Id | None = at("appOwnerOrganizationId", "Tenant that registered the application.")
    enabled: bool | None = at("accountEnabled", "False: nobody can sign in to it.")
    assignment_required: bool | None = at("appRoleAssignmentRequired", "False: everybody can use it.")
    app_roles: Json | None = at("appRoles", "The roles it offers: id, value, displayName.")


COLLECTION = Collection(
    ServicePrincipal,
    "/v1.0/servicePrincipals?$select={select}&$top=999",
    "Application.Read.All",
    count="/v1.0/servicePrincipals/$count",
)
