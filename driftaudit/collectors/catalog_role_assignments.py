"""Who runs which catalog."""

from driftaudit.collectors._record import Collection, Id, Record, at


class CatalogRoleAssignment(Record):
    """One row per catalog role that somebody holds."""

    id: Id = at("id", "Role assignment id.")
    principal_id: Id | None = at("principalId", "Who holds it; may be a group.")
    role_definition_id: Id | None = at("roleDefinitionId", "Catalog owner, reader, ...")
    app_scope_id: Id | None = at("appScopeId", "/AccessPackageCatalog/ and the catalog's id.")


COLLECTION = Collection(
    CatalogRoleAssignment,
    "/v1.0/roleManagement/entitlementManagement/roleAssignments",
    "EntitlementManagement.Read.All",
)
