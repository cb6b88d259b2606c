"""Roles of the directory: those that Microsoft made, and the organisation's own."""

from driftaudit.collectors._record import Collection, Id, Record, at


class RoleDefinition(Record):
    """One row per role of the directory."""

    id: Id = at("id", "Role definition id.")
    name: str | None = at("displayName", "Name of the role.")
    description: str | None = at("description", "What it allows, in a sentence.")
    built_in: bool | None = at("isBuiltIn", "False: the organisation made it.")
    enabled: bool | None = at("isEnabled", "False: it can be given to nobody.")
    template_id: Id | None = at("templateId", "Id of the template, the same in every tenant for Microsoft's own roles.")


COLLECTION = Collection(
    RoleDefinition,
    "/v1.0/roleManagement/directory/roleDefinitions?$select={select}",
    "RoleManagement.Read.Directory",
    tells_of=("directory_role", "eligible_directory_role"),
)
