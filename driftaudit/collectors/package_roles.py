"""Which role of which resource a package gives."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class PackageRole(Record):
    """One row per package and resource role in it."""

    each = "resourceRoleScopes"
    package_id: Id = scope("The package.")
    id: Id = at("resourceRoleScopes/id", "Role id and scope id, joined by an underscore.")
    created_at: Instant | None = at("resourceRoleScopes/createdDateTime", "When the role joined the package.")
    role_name: str | None = at("resourceRoleScopes/role/displayName", "Name of the role.")
    role_origin_id: str | None = at("resourceRoleScopes/role/originId", "Member_GROUP, an app role id, a number, ...")
    origin_system: str | None = at("resourceRoleScopes/role/originSystem", "AadGroup, AadApplication, ...")
    scope_origin_id: str | None = at("resourceRoleScopes/scope/originId", "The resource: object id or site address.")
    resource_name: str | None = at("resourceRoleScopes/scope/displayName", "Mostly Root; the resource has the name.")


COLLECTION = Collection(
    PackageRole,
    "/v1.0/identityGovernance/entitlementManagement/accessPackages/{scope}"
    "?$expand=resourceRoleScopes($expand=role,scope)",
    "EntitlementManagement.Read.All",
    scoped_by="packages",
)
