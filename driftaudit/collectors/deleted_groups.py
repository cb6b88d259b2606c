"""Groups in the recycle bin."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class DeletedGroup(Record):
    """One row per group that was deleted and can still be restored."""

    id: Id = at("id", "Directory object id.")
    name: str | None = at("displayName", "Name as the directory shows it.")
    deleted_at: Instant | None = at("deletedDateTime", "When it was deleted; restorable for 30 days.")


COLLECTION = Collection(
    DeletedGroup, "/v1.0/directory/deletedItems/microsoft.graph.group?$select={select}&$top=999", "Group.Read.All"
)
