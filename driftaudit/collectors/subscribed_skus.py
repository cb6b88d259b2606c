"""Licences that the tenant has bought, and what is in them: some data exist only with the right one."""

from driftaudit.collectors._record import Collection, Id, Json, Record, at


class SubscribedSku(Record):
    """One row per licence that was ever bought; one that has lapsed is listed too."""

    id: Id = at("id", "Tenant id and licence id, joined by an underscore.")
    sku_id: Id | None = at("skuId", "Licence id, the same in every tenant.")
    sku_name: str | None = at("skuPartNumber", "Part number by which a licence is called: AAD_PREMIUM_P2, ...")
    capability_status: str | None = at("capabilityStatus", "Enabled, Warning, Suspended, Deleted or LockedOut.")
    consumed_units: int | None = at("consumedUnits", "To how many people it is given.")
    enabled_units: int | None = at("prepaidUnits/enabled", "To how many it can be given; none once it has lapsed.")
    service_plans: Json | None = at("servicePlans", "The services in it; the view service_plans has one row for each.")


# LicenseAssignment.Read.All would open these as well. Organization.Read.All is asked for in any case, for the
# tenant's name, and one permission fewer is one fewer to grant and to explain.
COLLECTION = Collection(SubscribedSku, "/v1.0/subscribedSkus?$select={select}", "Organization.Read.All")
