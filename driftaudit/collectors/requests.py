"""Requests to get, change or give back a package."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Request(Record):
    """One row per request, removals included."""

    id: Id = at("id", "Request id.")
    type: str | None = at("requestType", "userAdd, adminAdd, systemAdd, userRemove, ...")
    state: str | None = at("state", "submitted, pendingApproval, delivered, denied, ...")
    status: str | None = at("status", "Free text of the service.")
    created_at: Instant | None = at("createdDateTime", "When it was made.")
    completed_at: Instant | None = at("completedDateTime", "When it was done.")
    justification: str | None = at("justification", "What the requestor wrote; never trusted.")
    requestor_id: Id | None = at("requestor/objectId", "Who asked.")
    package_id: Id | None = at("accessPackage/id", "The package.")
    assignment_id: Id | None = at("assignment/id", "The assignment it made or changed.")
    principal_id: Id | None = at("assignment/target/objectId", "For whom.")


COLLECTION = Collection(
    Request,
    "/v1.0/identityGovernance/entitlementManagement/assignmentRequests"
    "?$expand=requestor,accessPackage,assignment($expand=target)",
    "EntitlementManagement.Read.All",
)
