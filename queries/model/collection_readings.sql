-- One row per collection and snapshot: the newest earlier snapshot in which the collection was read.
-- column collection: What was read.
-- column snapshot_id: The snapshot from which one looks back.
-- column before_id: The newest one before it in which absent rows were really absent; null if there is none.
select
    c.collection,
    s.id as snapshot_id,
    max(c.snapshot_id) filter (c.whole) as before_id
from history.snapshots as s
join history.coverage as c on c.snapshot_id < s.id
where s.id <= current_snapshot_id()
group by all
