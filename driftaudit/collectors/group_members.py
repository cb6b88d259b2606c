"""Direct members of groups; version 1.0 leaves out service principals, so the beta is asked."""

from driftaudit.collectors._record import Collection, Grant, Id, at, constant, scope


class GroupMember(Grant):
    """One grant per group and direct member."""

    kind: str = constant("member", "What is held.")
    resource_id: Id = scope("The group.")
    role_id: Id = constant("", "Empty: membership has no finer role.")
    principal_id: Id = at("id", "Who is a member.")
    principal_type: str | None = at("@odata.type", "What the service calls the member.")


COLLECTION = Collection(
    GroupMember,
    "/beta/groups/{scope}/members?$select={select}&$top=999",
    "GroupMember.Read.All",
    scoped_by="groups",
    probe="displayName",
    hidden_where="lower(visibility) = 'hiddenmembership'",
    hidden_with="Member.Read.Hidden",
    delta="/beta/groups/delta?$select=id,members",
    delta_tells_not_of=("users", "groups", "service_principals"),
    kinds=("member",),
)
