"""The tenant itself."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Organization(Record):
    """One row for the tenant."""

    id: Id = at("id", "Tenant id.")
    name: str | None = at("displayName", "Name of the organisation.")
    created_at: Instant | None = at("createdDateTime", "When the tenant was made.")
    country: str | None = at("countryLetterCode", "Two-letter country code.")


COLLECTION = Collection(Organization, "/v1.0/organization?$select={select}", "Organization.Read.All")
