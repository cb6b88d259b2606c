"""Accounts in the recycle bin."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class DeletedUser(Record):
    """One row per account that was deleted and can still be restored."""

    id: Id = at("id", "Directory object id.")
    name: str | None = at("displayName", "Name as the directory shows it.")
    user_principal_name: str | None = at("userPrincipalName", "Sign-in name, often with the id in front.")
    deleted_at: Instant | None = at("deletedDateTime", "When it was deleted; restorable for 30 days.")


COLLECTION = Collection(
    DeletedUser, "/v1.0/directory/deletedItems/microsoft.graph.user?$select={select}&$top=999", "User.Read.All"
)
