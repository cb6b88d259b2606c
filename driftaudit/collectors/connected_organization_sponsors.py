"""Who vouches for the people of a partner organisation."""

from driftaudit.collectors._record import Collection, Id, Record, at, scope


class ConnectedOrganizationSponsor(Record):
    """One row per partner organisation, list and sponsor in it."""

    organization_list: Id = scope("Organisation and list, joined by a slash: internalSponsors or externalSponsors.")
    id: Id = at("id", "Who vouches: a person or a group.")
    type: str | None = at("@odata.type", "What the service calls the sponsor.")


# Expanding both lists on the organisation itself would be one answer, but is not documented; and an expanded list
# stops at twenty without saying so.
COLLECTION = Collection(
    ConnectedOrganizationSponsor,
    "/v1.0/identityGovernance/entitlementManagement/connectedOrganizations/{scope[0]}/{scope[1]}",
    "EntitlementManagement.Read.All",
    scoped_by="connected_organizations",
    lists=("internalSponsors", "externalSponsors"),
    scope_key="id || '/' || list",
)
