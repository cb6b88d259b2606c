"""When people leave, for tenants that keep it in the directory; it takes a permission of its own."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class LeaveDate(Record):
    """One row per account."""

    id: Id = at("id", "Directory object id.")
    leave_at: Instant | None = at("employeeLeaveDateTime", "When the person leaves, or left.")


COLLECTION = Collection(
    LeaveDate,
    "/v1.0/users?$select={select}&$top=999",
    "User-LifeCycleInfo.Read.All",
    filled_with=("User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"),
)
