"""What nobody may hold beside a package: other packages, and memberships of groups."""

from driftaudit.collectors._record import Collection, Id, Json, Record, at, scope


class PackageIncompatibility(Record):
    """One row per package, with everything that was declared incompatible with it."""

    package_id: Id = scope("The package.")
    id: Id = at("id", "The package once more, as its own record says it.")
    packages: Json | None = at("incompatibleAccessPackages", "The packages.")
    groups: Json | None = at("incompatibleGroups", "The groups.")


COLLECTION = Collection(
    PackageIncompatibility,
    "/v1.0/identityGovernance/entitlementManagement/accessPackages/{scope}"
    "?$expand=incompatibleAccessPackages,incompatibleGroups",
    "EntitlementManagement.Read.All",
    scoped_by="packages",
)
