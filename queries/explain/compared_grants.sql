-- One row per changed grant whose scope was read in both snapshots, with its ids.
-- column kind: The kind of grant.
-- column resource_id: The resource.
-- column role_id: The role.
-- column principal_id: Who holds or held it.
-- column gained: Whether it is there in the second snapshot; false: in the first.
-- column resource: Key of the resource.
-- column role: Key of the role.
-- column principal: Key of who holds or held it.
select
    c.kind::varchar as kind,
    re.id as resource_id,
    ro.id as role_id,
    pr.id as principal_id,
    c.gained,
    c.resource,
    c.role,
    c.principal
from changed_grants as c
join history.kinds as k on k.kind = c.kind
join history.ids as re on re.key = c.resource
join history.ids as ro on ro.key = c.role
join history.ids as pr on pr.key = c.principal
where not exists (
    select 1 from uncompared_scopes as u
    where u.collection = k.collection and (u.scope is null or u.resource = c.resource)
)
