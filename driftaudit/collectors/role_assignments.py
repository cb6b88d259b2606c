"""Who holds which role of the directory, activated ones included."""

from driftaudit.collectors._record import Collection, Grant, Id, at, constant


class RoleAssignment(Grant):
    """One grant per role, scope and principal."""

    kind: str = constant("directory_role", "What is held.")
    resource_id: Id = at("roleDefinitionId", "The role definition.")
    role_id: Id = at("directoryScopeId", "Where it holds: / is the whole directory.")
    principal_id: Id = at("principalId", "Who holds it.")


COLLECTION = Collection(
    RoleAssignment,
    "/v1.0/roleManagement/directory/roleAssignments",
    "RoleManagement.Read.Directory",
    kinds=("directory_role",),
)
