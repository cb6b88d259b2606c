-- One row per collection: how completely it was read in the snapshot.
-- column collection: What was read.
-- column status: complete, partial, failed or skipped.
-- column reason: Why it is not complete.
-- column rows: Records read; null when nothing was.
-- column gaps: Scopes (groups, sites, ...) that were not read.
-- column missing_fields: Fields that no record had; absent is not null.
-- column permission: The least permission that reads it.
select
    c.collection,
    c.status,
    c.reason,
    c.rows,
    (
        select count(*) from history.gaps as g
        where g.snapshot_id = c.snapshot_id and g.collection = c.collection
    ) as gaps,
    c.missing_fields,
    c.permission
from history.coverage as c
where c.snapshot_id = current_snapshot_id()
