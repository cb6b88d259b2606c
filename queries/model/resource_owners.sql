-- One row per resource that somebody enabled owns: the owner who must act, first by name, and the next one.
-- column resource_id: The resource.
-- column owner_id: Who must act.
-- column other_owner_id: Who must act where the first owner is the one it is about; null: nobody else owns it.
with owners as (
    select re.id as resource_id, pr.id as owner_id
    from history.grants as g
    join history.ids as re on re.key = g.resource
    join history.ids as pr on pr.key = g.principal
    where g.kind = 'owner' and as_of(g.valid_from, g.valid_to)
    union all
    select o.service_principal_id, o.id
    from history.service_principal_owners as o
    where as_of(o.valid_from, o.valid_to)
)
select
    o.resource_id,
    list(p.id order by p.name, p.id)[1] as owner_id,
    list(p.id order by p.name, p.id)[2] as other_owner_id
from owners as o
join principals as p on p.id = o.owner_id
where p.present and p.enabled is not false and p.type in ('user', 'guest')
group by o.resource_id
