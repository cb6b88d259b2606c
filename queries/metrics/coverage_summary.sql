-- One row per way in which collections were read: how many collections, and how many of their scopes.
-- column status: complete, partial, failed or skipped.
-- column collections: How many collections.
-- column rows: Records read in them.
-- column scopes: Groups, sites, packages, ... that these collections were to be read for; null where nothing was read.
-- column scopes_read: How many of them were read.
-- column gaps: How many were not.
-- identity: coalesce(bool_and(coalesce(scopes_read + gaps = scopes, status not in ('complete', 'partial'))), true)
-- identity: coalesce(sum(collections), 0) = (select count(*) from history.coverage as c where c.snapshot_id = current_snapshot_id())
-- identity: coalesce(sum(gaps), 0) = (select count(distinct (g.collection, g.scope)) from gaps as g semi join coverage as c on c.collection = g.collection and c.status in ('complete', 'partial'))
with asked as (
    select s.collection, s.scope from scopes as s
    union
    select g.collection, g.scope from gaps as g
),
counted as (
    select
        a.collection,
        count(*) as scopes,
        count(*) filter (g.scope is null) as scopes_read
    from asked as a
    left join (select distinct x.collection, x.scope from gaps as x) as g
        on g.collection = a.collection and g.scope = a.scope
    group by a.collection
),
unread as (
    select g.collection, count(distinct g.scope) as gaps from gaps as g group by g.collection
)
select
    c.status,
    count(*) as collections,
    sum(coalesce(c.rows, 0))::bigint as rows,
    case when c.status in ('complete', 'partial') then sum(coalesce(n.scopes, 0))::bigint end as scopes,
    case when c.status in ('complete', 'partial') then sum(coalesce(n.scopes_read, 0))::bigint end as scopes_read,
    case when c.status in ('complete', 'partial') then sum(coalesce(u.gaps, 0))::bigint end as gaps
from coverage as c
left join counted as n on n.collection = c.collection
left join unread as u on u.collection = c.collection
group by c.status
order by c.status
