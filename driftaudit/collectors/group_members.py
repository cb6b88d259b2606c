"""Direct members of groups."""

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
    "/v1.0/groups/{scope}/members?$select={select}&$top=999",
    "GroupMember.Read.All",
    scoped_by="groups",
    kinds=("member",),
)
