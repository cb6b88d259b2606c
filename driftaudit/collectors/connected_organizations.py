"""Partner organisations whose people may ask for packages."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class ConnectedOrganization(Record):
    """One row per partner organisation."""

    id: Id = at("id", "Connected organisation id.")
    name: str | None = at("displayName", "Name.")
    state: str | None = at("state", "configured or proposed.")
    created_at: Instant | None = at("createdDateTime", "When it was added.")


COLLECTION = Collection(
    ConnectedOrganization,
    "/v1.0/identityGovernance/entitlementManagement/connectedOrganizations",
    "EntitlementManagement.Read.All",
)
