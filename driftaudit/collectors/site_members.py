"""Who is in the groups of a SharePoint site; read from SharePoint itself, which Graph cannot."""

from driftaudit.collectors._record import Collection, Grant, Id, Number, at, constant, scope


class SiteMember(Grant):
    """One grant per site group and principal in it."""

    each = "Users"
    kind: str = constant("site_group", "What is held.")
    resource_id: Id = scope("The site, by its address.")
    role_id: Number = at("Id", "Number of the site group within the site.")
    principal_id: str = at("Users/LoginName", "Who is in it, as a login name that carries a claim.", claim=True)


COLLECTION = Collection(
    SiteMember,
    "{scope}/_api/web/sitegroups?$expand=Users",
    "Sites.FullControl.All (SharePoint)",
    scoped_by="sites",
    scope_key="web_url",
    kept_scope="id",
    scope_where="personal is not true",
    kinds=("site_group",),
)
