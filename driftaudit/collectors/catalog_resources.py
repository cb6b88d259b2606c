"""Groups, applications and sites that stand in a catalog."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at, scope


class CatalogResource(Record):
    """One row per catalog and resource in it."""

    catalog_id: Id = scope("The catalog.")
    id: Id = at("id", "Entitlement management's own id of the resource.")
    name: str | None = at("displayName", "Name when it was added.")
    origin_id: Id | None = at("originId", "Directory object id, or a site's address.")
    origin_system: str | None = at("originSystem", "AadGroup, AadApplication, SharePointOnline or DirectoryRole.")
    created_at: Instant | None = at("createdDateTime", "When it was added.")


COLLECTION = Collection(
    CatalogResource,
    "/v1.0/identityGovernance/entitlementManagement/catalogs/{scope}/resources",
    "EntitlementManagement.Read.All",
    scoped_by="catalogs",
)
