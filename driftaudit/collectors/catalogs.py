"""Catalogs: where packages and their resources are kept."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Catalog(Record):
    """One row per catalog."""

    id: Id = at("id", "Catalog id.")
    name: str | None = at("displayName", "Name.")
    description: str | None = at("description", "What people wrote about it.")
    type: str | None = at("catalogType", "userManaged, serviceDefault or serviceManaged.")
    state: str | None = at("state", "published or unpublished; unpublished assignments stay live.")
    externally_visible: bool | None = at("isExternallyVisible", "True: people outside may ask for its packages.")
    created_at: Instant | None = at("createdDateTime", "When the catalog was made.")


COLLECTION = Collection(
    Catalog, "/v1.0/identityGovernance/entitlementManagement/catalogs", "EntitlementManagement.Read.All"
)
