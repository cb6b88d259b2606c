-- The snapshot that all views show: the variable snapshot_id, or the newest; an unknown one is an error.
-- macro: current_snapshot_id()
(
    select case
        when getvariable('snapshot_id') is null then max(s.id)
        when count(*) filter (s.id = getvariable('snapshot_id')::integer) = 0
            then error('There is no snapshot ' || getvariable('snapshot_id')::varchar || '; see: from snapshots')
        else getvariable('snapshot_id')::integer
    end
    from history.snapshots as s
)
