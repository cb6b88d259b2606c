-- One row per scope that ever had a gap, and snapshot: the newest earlier snapshot in which that scope was read.
-- column collection: What was read.
-- column scope: The group, site, application, ...
-- column snapshot_id: The snapshot from which one looks back.
-- column before_id: The newest one before it in which the scope was read; null if there is none.
with scopes as (
    select distinct g.collection, g.scope
    from history.gaps as g
    where g.snapshot_id <= current_snapshot_id()
)
select
    x.collection,
    x.scope,
    s.id as snapshot_id,
    max(c.snapshot_id) filter (c.whole and g.scope is null) as before_id
from scopes as x
join history.coverage as c on c.collection = x.collection
join history.snapshots as s on s.id > c.snapshot_id and s.id <= current_snapshot_id()
left join history.gaps as g
    on g.collection = x.collection and g.scope = x.scope and g.snapshot_id = c.snapshot_id
group by all
