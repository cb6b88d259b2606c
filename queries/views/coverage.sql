-- One row per collection: how completely it was read in the snapshot.
-- column collection: What was read.
-- column status: complete, partial, failed or skipped.
-- column reason: Why it is not complete, or what in it is not understood.
-- column rows: Records read; null when nothing was.
-- column gaps: Scopes (groups, sites, ...) that were not read.
-- column missing_fields: Fields that no record had; absent is not null.
-- column permission: The least permission that reads it.
select
    c.collection,
    c.status,
    nullif(concat_ws('; ', c.reason, case when c.collection = 'assignments' then u.reason end), '') as reason,
    c.rows,
    (
        select count(*) from history.gaps as g
        where g.snapshot_id = c.snapshot_id and g.collection = c.collection
    ) as gaps,
    c.missing_fields,
    c.permission
from history.coverage as c
cross join (
    -- A state that this version does not know explains access, as one that is under way does; it must not go unseen.
    select case when count(*) > 0 then
        format(
            '{} in a state that this version does not know ({})',
            count(*), string_agg(distinct a.state, ', ' order by a.state)
        )
    end as reason
    from assignments as a
    where a.life = 'unknown'
) as u
where c.snapshot_id = current_snapshot_id()
