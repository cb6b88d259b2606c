-- One row per catalog that somebody enabled owns: who must act where a resource has no other owner.
-- column catalog_id: The catalog.
-- column owner_id: Who must act.
-- column other_owner_id: Who must act where the first owner is the one it is about; null: nobody else owns it.
select
    regexp_extract(c.app_scope_id, '/accesspackagecatalog/(.+)$', 1) as catalog_id,
    list(p.id order by p.name, p.id)[1] as owner_id,
    list(p.id order by p.name, p.id)[2] as other_owner_id
from history.catalog_role_assignments as c
join principals as p on p.id = c.principal_id
where as_of(c.valid_from, c.valid_to)
    and c.role_definition_id = 'ae79f266-94d4-4dab-b730-feca7e132178'
    and p.present and p.enabled is not false and p.type in ('user', 'guest')
group by all
