"""Owners of groups: people who can let others in."""

from driftaudit.collectors._record import Collection, Grant, Id, at, constant, scope


class GroupOwner(Grant):
    """One grant per group and owner."""

    kind: str = constant("owner", "What is held.")
    resource_id: Id = scope("The group.")
    role_id: Id = constant("", "Empty: ownership has no finer role.")
    principal_id: Id = at("id", "Who is an owner.")
    principal_type: str | None = at("@odata.type", "What the service calls the owner.")


COLLECTION = Collection(
    GroupOwner,
    "/v1.0/groups/{scope}/owners?$select={select}&$top=999",
    "GroupMember.Read.All",
    scoped_by="groups",
    kinds=("owner",),
)
