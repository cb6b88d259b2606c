"""Who accepted or declined terms of use; only a person who signs in may read it."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class Acceptance(Record):
    """One row per agreement and answer to it."""

    agreement_id: Id = scope("The agreement.")
    id: Id = at("id", "Id of the answer.")
    principal_id: Id | None = at("userId", "Who answered.")
    state: str | None = at("state", "accepted or declined.")
    recorded_at: Instant | None = at("recordedDateTime", "When.")
    expires_at: Instant | None = at("expirationDateTime", "Until when it holds; null = for ever.")


COLLECTION = Collection(
    Acceptance,
    "/v1.0/identityGovernance/termsOfUse/agreements/{scope}/acceptances",
    "AgreementAcceptance.Read.All",
    scoped_by="terms_of_use",
    needs_person=True,
)
