-- One row per catalog and resource in it.
-- column catalog_id: The catalog.
-- column catalog_name: Name of the catalog.
-- column id: Entitlement management's own id of the resource.
-- column name: Name when it was added.
-- column origin_id: Directory object id, or a site's address.
-- column origin_system: AadGroup, AadApplication, SharePointOnline or DirectoryRole.
-- column created_at: When it was added.
select
    r.catalog_id,
    c.name as catalog_name,
    r.id,
    r.name,
    r.origin_id,
    r.origin_system,
    r.created_at
from history.catalog_resources as r
left join catalogs as c on c.id = r.catalog_id
where as_of(r.valid_from, r.valid_to)
