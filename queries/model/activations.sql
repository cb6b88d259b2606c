-- One row per role of a group that somebody activated for some hours, as keys of history.ids.
-- column kind: member or owner.
-- column resource: The group.
-- column principal: Who activated it.
-- column end_at: Until when; null: the service does not say.
select
    lower(a.access_id) as kind,
    g.key as resource,
    p.key as principal,
    max(real_instant(a.end_at)) as end_at
from history.pim_group_assignments as a
join history.ids as g on g.id = a.group_id
join history.ids as p on p.id = a.principal_id
where lower(a.assignment_type) = 'activated'
    and coalesce(real_instant(a.start_at) <= snapshot_finished_at(), true)
    and coalesce(real_instant(a.end_at) > snapshot_taken_at(), true)
    -- One that ended while we were reading is gone from the list, though what it gave was still seen.
    and a.valid_from <= current_snapshot_id()
    and (
        a.valid_to is null
        or a.valid_to > current_snapshot_id()
        or a.valid_to = current_snapshot_id() and real_instant(a.end_at) is not null
    )
group by all
