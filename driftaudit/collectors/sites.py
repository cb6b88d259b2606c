"""SharePoint sites, without personal ones."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Site(Record):
    """One row per site."""

    id: Id = at("id", "Host, site collection id and web id, joined by commas.")
    name: str | None = at("displayName", "Title.")
    web_url: str | None = at("webUrl", "Address as the service sends it; changes when a site is renamed.")
    created_at: Instant | None = at("createdDateTime", "When the site was made.")
    personal: bool | None = at("isPersonalSite", "True: somebody's OneDrive.")


COLLECTION = Collection(Site, "/v1.0/sites/getAllSites?$select={select}", "Sites.Read.All")
