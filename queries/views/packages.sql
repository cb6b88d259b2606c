-- One row per access package.
-- column id: Package id.
-- column name: Name.
-- column description: What people wrote about it.
-- column hidden: True: can be requested by link only.
-- column created_at: When the package was made.
-- column catalog_id: The catalog it stands in.
-- column catalog_name: Name of the catalog.
select
    p.id,
    p.name,
    p.description,
    p.hidden,
    p.created_at,
    p.catalog_id,
    c.name as catalog_name
from history.packages as p
left join catalogs as c on c.id = p.catalog_id
where as_of(p.valid_from, p.valid_to)
