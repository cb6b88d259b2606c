-- One row per role of a group or of the directory that somebody activated for some hours, as keys of history.ids.
-- column kind: member, owner or directory_role.
-- column resource: The group, or the role definition.
-- column role: Where a role of the directory holds; no role for a group.
-- column principal: Who activated it.
-- column end_at: Until when; null: the service does not say.
select
    s.kind,
    re.key as resource,
    ro.key as role,
    p.key as principal,
    max(s.end_at) as end_at
from schedules as s
join history.ids as re on re.id = s.resource_id
join history.ids as ro on ro.id = s.role_id
join history.ids as p on p.id = s.principal_id
where s.activated
    -- One that ended while we were reading is gone from the list, though what it gave was still seen.
    and (s.listed or s.end_at is not null)
    and coalesce(s.start_at <= snapshot_finished_at(), true)
    and coalesce(s.end_at > snapshot_taken_at(), true)
group by all
