"""Terms that people agree to before they get access; only a person who signs in may read them."""

from driftaudit.collectors._record import Collection, Id, Record, at


class Agreement(Record):
    """One row per agreement."""

    id: Id = at("id", "Agreement id.")
    name: str | None = at("displayName", "Name as the administrators wrote it.")
    must_be_viewed: bool | None = at("isViewingBeforeAcceptanceRequired", "True: who accepts must open it first.")
    per_device: bool | None = at("isPerDeviceAcceptanceRequired", "True: on each device anew.")


COLLECTION = Collection(
    Agreement, "/v1.0/identityGovernance/termsOfUse/agreements", "Agreement.Read.All", needs_person=True
)
