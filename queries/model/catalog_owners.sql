-- One row per catalog that somebody enabled owns: the owner who must act where a resource has none.
-- column catalog_id: The catalog.
-- column owner_id: Who must act.
-- column owner_name: Name of who must act.
select
    regexp_extract(c.app_scope_id, '/accesspackagecatalog/(.+)$', 1) as catalog_id,
    arg_min(p.id, [p.name, p.id]) as owner_id,
    arg_min(p.name, [p.name, p.id]) as owner_name
from history.catalog_role_assignments as c
join principals as p on p.id = c.principal_id
where as_of(c.valid_from, c.valid_to)
    and c.role_definition_id = 'ae79f266-94d4-4dab-b730-feca7e132178'
    and p.present and p.enabled is not false and p.type in ('user', 'guest')
group by all
