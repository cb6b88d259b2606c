-- One row per catalog role that somebody holds.
-- column id: Role assignment id.
-- column principal_id: Who holds it; may be a group.
-- column principal_name: Name of who holds it.
-- column role_definition_id: Catalog owner, reader, ...
-- column app_scope_id: /AccessPackageCatalog/ and the catalog's id.
-- column catalog_id: The catalog.
-- column catalog_name: Name of the catalog.
select
    a.id,
    a.principal_id,
    p.name as principal_name,
    a.role_definition_id,
    a.app_scope_id,
    c.id as catalog_id,
    c.name as catalog_name
from history.catalog_role_assignments as a
left join principals as p on p.id = a.principal_id
left join catalogs as c on a.app_scope_id = '/accesspackagecatalog/' || c.id
where as_of(a.valid_from, a.valid_to)
