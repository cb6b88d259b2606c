-- One row per group and schedule by which somebody is a member or an owner through Privileged Identity Management.
-- column id: Id of the schedule's instance.
-- column group_id: The group.
-- column group_name: Name of the group.
-- column principal_id: Who it is.
-- column principal_name: Name of who it is.
-- column access: member or owner.
-- column assignment_type: assigned, or activated by the person for some hours.
-- column member_type: direct, or group where a group is eligible.
-- column start_at: Since when.
-- column end_at: Until when; null = for ever.
select
    a.id,
    a.group_id,
    r.name as group_name,
    a.principal_id,
    p.name as principal_name,
    lower(a.access_id) as access,
    a.assignment_type,
    a.member_type,
    real_instant(a.start_at) as start_at,
    real_instant(a.end_at) as end_at
from history.pim_group_assignments as a
left join resources as r on r.id = a.group_id
left join principals as p on p.id = a.principal_id
where as_of(a.valid_from, a.valid_to)
