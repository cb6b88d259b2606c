-- One row per collection of grants, scope and one of two snapshots in which it was not read.
-- column collection: What was not read.
-- column scope: The group, application or site; null: none of them.
-- column resource: Its key in history.ids; null where nothing was ever granted on it.
-- column snapshot_id: The snapshot in which it was not read.
-- column reason: Why, as far as it is told.
with sides as (
    select unnest(list_distinct([getvariable('from_id'), getvariable('to_id')])) as snapshot_id
),
holding as (
    select distinct k.collection from history.kinds as k
),
unread as (
    select h.collection, null as scope, s.snapshot_id, coalesce(c.reason, c.status, 'not in the export') as reason
    from holding as h
    cross join sides as s
    left join history.coverage as c on c.collection = h.collection and c.snapshot_id = s.snapshot_id
    where not coalesce(c.whole, false)
    union all
    select g.collection, g.scope, g.snapshot_id, coalesce(g.message, g.code)
    from history.gaps as g
    join sides as s on s.snapshot_id = g.snapshot_id
    where g.collection in (from holding)
),
lists as (
    select 'groups' as list, g.id, g.valid_from, g.valid_to from history.groups as g
    union all
    select 'service_principals', p.id, p.valid_from, p.valid_to from history.service_principals as p
    union all
    select 'sites', w.id, w.valid_from, w.valid_to from history.sites as w
),
changed as (
    select distinct
        k.collection,
        c.resource,
        i.id,
        c.kind in ('eligible_member', 'eligible_owner') as eligible,
        case
            when c.kind = 'app_role' then 'service_principals'
            when c.kind in ('site_group', 'site_role') then 'sites'
            when c.kind in ('member', 'owner', 'eligible_member', 'eligible_owner') then 'groups'
        end as list
    from changed_grants as c
    join history.kinds as k on k.kind = c.kind
    join history.ids as i on i.key = c.resource
),
-- Nobody asks for the members of a group that stands in no list; if the list was not whole, it may have been there.
-- Roles of the directory are all read at once.
unlisted as (
    select c.collection, c.id as scope, s.snapshot_id, c.list || ' were not read whole' as reason
    from changed as c
    cross join sides as s
    left join history.coverage as v on v.collection = c.list and v.snapshot_id = s.snapshot_id
    where c.list is not null
        and v.status is distinct from 'complete'
        and not exists (
            select 1 from lists as l
            where l.list = c.list and l.id = c.id
                and l.valid_from <= s.snapshot_id and coalesce(l.valid_to > s.snapshot_id, true)
        )
),
-- Eligibilities are asked for only where a package or a directory role may need them.
unasked as (
    select c.collection, c.id, s.snapshot_id, 'its eligibilities were not asked for'
    from changed as c
    cross join sides as s
    where c.eligible
        and exists (select 1 from lists as l where l.id = c.id and l.valid_from <= s.snapshot_id)
        and not exists (
            select 1 from history.package_roles as r
            where lower(r.scope_origin_id) = c.id and r.valid_from <= s.snapshot_id
                and lower(r.role_origin_id) like 'eligible%'
        )
        and not exists (
            select 1 from history.groups as g
            where g.id = c.id and g.role_assignable
                and g.valid_from <= s.snapshot_id and coalesce(g.valid_to > s.snapshot_id, true)
        )
)
select u.collection, u.scope, i.key as resource, u.snapshot_id, u.reason
from (
    select * from unread
    union all
    select n.* from (from unlisted union all from unasked) as n
    where (n.collection, n.scope, n.snapshot_id) not in (
        select (x.collection, x.scope, x.snapshot_id) from unread as x where x.scope is not null
    )
) as u
left join history.ids as i on i.id = u.scope
