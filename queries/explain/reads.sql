-- One row per collection that could tell of access: how much of what matters to the question was read in the snapshot.
-- column collection: What was read.
-- column status: complete, partial, failed or skipped.
-- column reason: Why it is not complete.
-- column whole: Whether what is absent from it outside its gaps was absent from the tenant.
-- column gaps: How many scopes were not read; where a resource is asked about, only it and the groups inside it count.
-- column names: Names of some of them.
-- column message: What the service said of one of them.
with recursive inside as (
    select i.key
    from history.ids as i
    where i.id in (select unnest(getvariable('resource_ids')))
    union
    select g.principal
    from inside as n
    join history.grants as g on g.resource = n.key and as_of(g.valid_from, g.valid_to)
    where g.kind <> 'owner'
        and g.principal in (
            select i.key from history.ids as i join history.groups as t on t.id = regexp_replace(i.id, '_o$', '')
        )
),
ids as (
    select regexp_replace(i.id, '_o$', '') as id from inside as n join history.ids as i on i.key = n.key
    union
    select unnest(getvariable('resource_ids'))
),
matters as (
    select g.*
    from gaps as g
    where not getvariable('one_resource') or g.scope in (from ids)
)
select
    c.collection,
    c.status,
    c.reason,
    v.whole,
    (select count(*) from matters as m where m.collection = c.collection) as gaps,
    (
        select list(coalesce(r.name, m.scope) order by r.name, m.scope)[:5]
        from matters as m left join resources as r on r.id = m.scope
        where m.collection = c.collection
    ) as names,
    (select min(coalesce(m.message, m.code)) from matters as m where m.collection = c.collection) as message
from coverage as c
join history.coverage as v on v.collection = c.collection and v.snapshot_id = current_snapshot_id()
order by c.collection
