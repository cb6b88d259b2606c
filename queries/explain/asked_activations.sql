-- One row per schedule by which a principal holds something through Privileged Identity Management.
-- column group_id: The group, or the role definition.
-- column group_name: Its name.
-- column access_id: member, owner or directory_role.
-- column assignment_type: assigned, or activated by the person for some hours.
-- column start_at: Since when.
-- column end_at: Until when; null: for ever.
with told as (
    select a.group_id, lower(a.access_id) as access_id, a.assignment_type, a.start_at, a.end_at
    from history.pim_group_assignments as a
    where a.principal_id = getvariable('principal_id') and as_of(a.valid_from, a.valid_to)
    union all
    select s.role_definition_id, 'directory_role', s.assignment_type, s.start_at, s.end_at
    from history.role_assignment_schedules as s
    where s.principal_id = getvariable('principal_id') and as_of(s.valid_from, s.valid_to)
)
select
    t.group_id,
    coalesce(r.name, t.group_id) as group_name,
    t.access_id,
    lower(t.assignment_type) as assignment_type,
    t.start_at,
    real_instant(t.end_at) as end_at
from told as t
left join resources as r on r.id = t.group_id
order by lower(group_name), t.group_id, t.access_id, t.start_at
