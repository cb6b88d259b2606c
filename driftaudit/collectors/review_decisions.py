"""Answers of access reviews, one per person and round."""

from driftaudit.collectors._record import Collection, Id, LooseInstant, Record, at, scope


class ReviewDecision(Record):
    """One row per decision; nobody's name on it means that nobody looked."""

    instance: Id = scope("Series and round, joined by a slash.")
    id: Id = at("id", "Decision id.")
    decision: str | None = at("decision", "Approve, Deny, NotReviewed or DontKnow.")
    recommendation: str | None = at("recommendation", "What the service advised when the round began.")
    apply_result: str | None = at("applyResult", "New, AppliedSuccessfully, ...")
    justification: str | None = at("justification", "What the reviewer wrote; never trusted.")
    reviewed_at: LooseInstant | None = at("reviewedDateTime", "When it was answered.")
    applied_at: LooseInstant | None = at("appliedDateTime", "When it was applied.")
    reviewed_by_id: Id | None = at("reviewedBy/id", "Who answered; zeros when nobody did.")
    reviewed_by_name: str | None = at("reviewedBy/displayName", "Name of who answered.")
    principal_id: Id | None = at("principal/id", "Whose access was asked about.")
    principal_name: str | None = at("principal/displayName", "Name then.")
    resource_id: Id | None = at("resource/id", "The resource, if the service names it.")
    resource_type: str | None = at("resource/type", "Its type, if the service names it.")
    resource_name: str | None = at("resource/displayName", "Its name, if the service names it.")
    package_id: Id | None = at("resource/accessPackageId", "The package, for reviews of assignments.")


COLLECTION = Collection(
    ReviewDecision,
    "/v1.0/identityGovernance/accessReviews/definitions/{scope[0]}/instances/{scope[1]}/decisions",
    "AccessReview.Read.All",
    scoped_by="review_instances",
    scope_key="definition_id || '/' || id",
    scope_where="coalesce(lower(status), '') not in ('notstarted', 'initializing', 'starting')",
)
