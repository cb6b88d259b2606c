"""Rounds of access reviews."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class ReviewInstance(Record):
    """One row per round of a review and resource."""

    definition_id: Id = scope("The series.")
    id: Id = at("id", "Instance id.")
    status: str | None = at("status", "NotStarted, InProgress, Completed, AutoReviewed, Applied, ...")
    start_at: Instant | None = at("startDateTime", "When the round began; may lie ahead.")
    end_at: Instant | None = at("endDateTime", "When the round was meant to end.")
    scope_query: str | None = at("scope/query", "What this round reviews, as a query.")


COLLECTION = Collection(
    ReviewInstance,
    "/v1.0/identityGovernance/accessReviews/definitions/{scope}/instances",
    "AccessReview.Read.All",
    scoped_by="review_definitions",
)
