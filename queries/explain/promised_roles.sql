-- One row per role that a live or pending assignment of a principal promises, with what could keep it from being there.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column assignment_id: The assignment.
-- column life: live or pending.
-- column kind: The kind of grant; null where the role cannot be mapped to one, or was not read.
-- column resource_id: The resource; null where it was not read.
-- column resource_name: Name of the resource.
-- column role_id: The role.
-- column role_name: Name of the role.
-- column roles_read: Whether the package's roles were read in this snapshot.
-- column since: The later of the assignment's start and the role's arrival in the package.
-- column within_grace: Whether giving it may still be under way.
-- column held: Whether the principal itself holds it at the snapshot.
-- column eligible: Whether it is only eligible for it.
-- column scope_read: Whether the resource's grants of this kind were read in this snapshot.
-- column gap: Why they were not, as far as it is told.
-- column resource_listed: Whether the resource stands in a list of the snapshot.
-- column resource_deleted_at: When it was deleted, if the recycle bin holds it.
-- column dynamic: Whether a rule fills the group.
-- column synced: Whether an on-premises directory fills the group.
with hers as (
    select a.* from assignments as a
    where a.principal_id = getvariable('principal_id') and a.life in ('live', 'pending')
),
unread as (
    select h.package_id
    from hers as h
    where exists (select 1 from gaps as g where g.collection = 'package_roles' and g.scope = h.package_id)
        or not exists (
            select 1 from history.coverage as c
            where c.collection = 'package_roles' and c.snapshot_id = current_snapshot_id() and c.whole
        )
),
roles as (
    select k.package_id, k.kind, k.resource_id, k.role_id,
        any_value(k.role_name) as role_name, min(k.arrived_by) as arrived_by, any_value(k.scope_origin_id) as scope
    from package_role_lives as k
    where k.in_package
    group by k.package_id, k.kind, k.resource_id, k.role_id
),
own as (
    select g.kind::varchar as kind, re.id as resource_id, ro.id as role_id
    from history.grants as g
    join history.ids as pr on pr.key = g.principal and pr.id = getvariable('principal_id')
    join history.ids as re on re.key = g.resource
    join history.ids as ro on ro.key = g.role
    where as_of(g.valid_from, g.valid_to)
)
select
    h.package_id,
    coalesce(h.package_name, h.package_id) as package_name,
    h.id as assignment_id,
    h.life,
    r.kind,
    coalesce(r.resource_id, lower(r.scope)) as resource_id,
    coalesce(t.name, r.resource_id, r.scope) as resource_name,
    r.role_id,
    role_label(coalesce(n.name, r.role_name), r.kind, r.role_id) as role_name,
    u.package_id is null as roles_read,
    greatest(h.began_by, r.arrived_by) as since,
    coalesce(greatest(h.began_by, r.arrived_by) > snapshot_taken_at() - grace(), false) as within_grace,
    o.kind is not null as held,
    exists (
        select 1 from own as w
        where w.kind = 'eligible_' || r.kind and w.resource_id = r.resource_id and w.role_id = r.role_id
    ) as eligible,
    coalesce(c.whole, false) and x.scope is null as scope_read,
    coalesce(x.message, x.code, case when not coalesce(c.whole, false) then coalesce(c.reason, 'not in the export') end)
        as gap,
    coalesce(t.present, false) as resource_listed,
    d.deleted_at as resource_deleted_at,
    coalesce(t.dynamic, false) as dynamic,
    coalesce(t.synced, false) as synced
from hers as h
left join roles as r on r.package_id = h.package_id
left join unread as u on u.package_id = h.package_id
left join resources as t on t.id = r.resource_id
left join role_names as n on n.kind = r.kind and n.resource_id = r.resource_id and n.role_id = r.role_id
left join own as o on o.kind = r.kind and o.resource_id = r.resource_id and o.role_id = r.role_id
left join history.kinds as k on k.kind::varchar = r.kind
left join history.coverage as c on c.collection = k.collection and c.snapshot_id = current_snapshot_id()
left join gaps as x on x.collection = k.collection and x.scope = r.resource_id
left join history.deleted_groups as d on d.id = r.resource_id and as_of(d.valid_from, d.valid_to)
where r.package_id is not null or u.package_id is not null
order by lower(package_name), h.package_id, h.id, lower(resource_name), r.kind, r.role_id
