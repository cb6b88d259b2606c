"""Who was asked in a round of a review."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class ContactedReviewer(Record):
    """One row per round and person who was asked, whether or not the mail arrived."""

    instance: Id = scope("Series and round, joined by a slash.")
    id: Id = at("id", "Who was asked.")
    name: str | None = at("displayName", "Name then.")
    created_at: Instant | None = at("createdDateTime", "When.")


COLLECTION = Collection(
    ContactedReviewer,
    "/v1.0/identityGovernance/accessReviews/definitions/{scope[0]}/instances/{scope[1]}/contactedReviewers",
    "AccessReview.Read.All",
    scoped_by="review_instances",
    scope_key="definition_id || '/' || id",
    scope_where="coalesce(lower(status), '') not in ('notstarted', 'initializing', 'starting')",
)
