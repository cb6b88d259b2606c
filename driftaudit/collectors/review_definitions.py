"""Access reviews as they recur."""

from driftaudit.collectors._record import Collection, Id, Instant, Json, Record, at


class ReviewDefinition(Record):
    """One row per review series."""

    id: Id = at("id", "Definition id.")
    name: str | None = at("displayName", "Name of the series.")
    status: str | None = at("status", "NotStarted, InProgress, Completed, Applied, ...")
    created_at: Instant | None = at("createdDateTime", "When the series was made.")
    scope_query: str | None = at("scope/query", "What is reviewed, as a query.")
    enumeration_query: str | None = at("instanceEnumerationScope/query", "Over which resources it runs.")
    default_decision: str | None = at("settings/defaultDecision", "What silence becomes: Approve, Deny, ...")
    default_decision_enabled: bool | None = at("settings/defaultDecisionEnabled", "True: silence is decided.")
    auto_apply: bool | None = at("settings/autoApplyDecisionsEnabled", "False: somebody must press Apply.")
    apply_actions: Json | None = at("settings/applyActions", "What a denial does: remove the access, or the account.")
    reviewers: Json | None = at("reviewers", "Who is asked, as queries.")
    recurrence: Json | None = at("settings/recurrence", "How often.")


COLLECTION = Collection(
    ReviewDefinition, "/v1.0/identityGovernance/accessReviews/definitions?$top=100&$skip=0", "AccessReview.Read.All"
)
