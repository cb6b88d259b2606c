"""Stages of a round of a review, where one asks several groups of people one after the other."""

from driftaudit.collectors._record import Collection, Id, Instant, Json, Record, at, scope


class ReviewStage(Record):
    """One row per round and stage that has begun; a round in one go has none."""

    instance: Id = scope("Series and round, joined by a slash.")
    id: Id = at("id", "Stage id.")
    status: str | None = at("status", "NotStarted, InProgress, Completed, ...")
    start_at: Instant | None = at("startDateTime", "When the stage began.")
    end_at: Instant | None = at("endDateTime", "When it was meant to end.")
    reviewers: Json | None = at("reviewers", "Who is asked in this stage, as queries.")
    fallback_reviewers: Json | None = at("fallbackReviewers", "Who is asked where these queries find nobody.")


COLLECTION = Collection(
    ReviewStage,
    "/v1.0/identityGovernance/accessReviews/definitions/{scope[0]}/instances/{scope[1]}/stages",
    "AccessReview.Read.All",
    scoped_by="review_instances",
    scope_key="definition_id || '/' || id",
    scope_where="coalesce(lower(status), '') not in ('notstarted', 'initializing', 'starting')",
)
