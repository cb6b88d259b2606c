-- One row per resource and owner of it at the snapshot, able to act or not.
-- column resource_id: The group or application.
-- column id: Who owns it.
-- column name: Name of the owner.
-- column enabled: False: the owner's account is disabled or gone.
with owners as (
    select re.id as resource_id, pr.id as owner_id
    from history.grants as g
    join history.ids as re on re.key = g.resource
    join history.ids as pr on pr.key = g.principal
    where g.kind = 'owner' and as_of(g.valid_from, g.valid_to)
        and re.id in (select unnest(getvariable('resource_ids')))
    union
    select o.service_principal_id, o.id
    from history.service_principal_owners as o
    where as_of(o.valid_from, o.valid_to) and o.service_principal_id in (select unnest(getvariable('resource_ids')))
)
select o.resource_id, o.owner_id as id, coalesce(p.name, o.owner_id) as name,
    coalesce(p.present and p.enabled is not false, false) as enabled
from owners as o
left join principals as p on p.id = o.owner_id
order by o.resource_id, lower(name), o.owner_id
