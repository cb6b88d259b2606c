"""Access packages."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Package(Record):
    """One row per access package."""

    id: Id = at("id", "Package id.")
    name: str | None = at("displayName", "Name.")
    description: str | None = at("description", "What people wrote about it.")
    hidden: bool | None = at("isHidden", "True: can be requested by link only.")
    created_at: Instant | None = at("createdDateTime", "When the package was made.")
    catalog_id: Id | None = at("catalog/id", "The catalog it stands in.")


COLLECTION = Collection(
    Package,
    "/v1.0/identityGovernance/entitlementManagement/accessPackages?$expand=catalog",
    "EntitlementManagement.Read.All",
)
