"""Who holds which role of which application."""

from driftaudit.collectors._record import Collection, Grant, Id, Instant, at, constant, scope


class AppRoleAssignment(Grant):
    """One grant per application, role and principal; zeros as role mean default access."""

    kind: str = constant("app_role", "What is held.")
    resource_id: Id = scope("The application's service principal.")
    role_id: Id = at("appRoleId", "The app role.")
    principal_id: Id = at("principalId", "Who holds it.")
    principal_type: str | None = at("principalType", "User, Group or ServicePrincipal.")
    granted_at: Instant | None = at("createdDateTime", "Since when; the service dates this grant.")


MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The tenant of Microsoft's own applications: thousands of rows between them, none of which a package gives."""

COLLECTION = Collection(
    AppRoleAssignment,
    "/v1.0/servicePrincipals/{scope}/appRoleAssignedTo?$top=999",
    "Application.Read.All",
    scoped_by="service_principals",
    scope_where=f"owner_tenant_id is distinct from '{MICROSOFT}'",
    kinds=("app_role",),
)
