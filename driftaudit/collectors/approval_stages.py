"""Who approved or denied a request, stage by stage; only a person who signs in may read it."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class ApprovalStage(Record):
    """One row per request and stage of its approval."""

    each = "stages"
    request_id: Id = scope("The request.")
    id: Id = at("stages/id", "Stage id.")
    status: str | None = at("stages/status", "NotStarted, InProgress, Completed, ...")
    result: str | None = at("stages/reviewResult", "NotReviewed, Approve or Deny.")
    decided_at: Instant | None = at("stages/reviewedDateTime", "When somebody answered.")
    by_id: Id | None = at("stages/reviewedBy/id", "Who answered.")
    by_name: str | None = at("stages/reviewedBy/displayName", "Name of who answered, at the time.")
    justification: str | None = at("stages/justification", "What was written with it; never trusted.")


# What nobody has to approve has no approval to be found.
COLLECTION = Collection(
    ApprovalStage,
    "/v1.0/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{scope}?$expand=stages",
    "EntitlementManagement.Read.All",
    scoped_by="requests",
    scope_where="lower(type) in ('useradd', 'userupdate', 'onbehalfadd')",
    needs_person=True,
    may_have_none=True,
)
