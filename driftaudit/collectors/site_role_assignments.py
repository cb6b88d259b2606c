"""Who has a permission level on a SharePoint site without being in one of its groups; read from SharePoint itself."""

from driftaudit.collectors._record import Collection, Grant, Id, LeftOut, Number, at, constant, scope


class SiteRoleAssignment(Grant):
    """One grant per site, permission level and principal; a level's number is never that of a site group."""

    each = "RoleDefinitionBindings"
    # A site group holds levels too, but is nobody: who is in it, site_members tell.
    left_out = LeftOut(("Member", "PrincipalType"), int, frozenset({8}), required=True)
    kind: str = constant("site_role", "What is held.")
    resource_id: Id = scope("The site, by its address.")
    role_id: Number = at("RoleDefinitionBindings/Id", "Number of the permission level.")
    principal_id: str = at("Member/LoginName", "Who has it, as a login name that carries a claim.", claim=True)


COLLECTION = Collection(
    SiteRoleAssignment,
    "{scope}/_api/web/roleassignments?$expand=Member,RoleDefinitionBindings",
    "Sites.FullControl.All (SharePoint)",
    scoped_by="sites",
    scope_key="web_url",
    kept_scope="id",
    scope_where="personal is not true",
    kinds=("site_role",),
    tells_of=("site_group",),
)
