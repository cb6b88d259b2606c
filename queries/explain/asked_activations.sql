-- One row per schedule by which a principal is a member or an owner of a group in Privileged Identity Management.
-- column group_id: The group.
-- column group_name: Name of the group.
-- column access_id: member or owner.
-- column assignment_type: assigned, or activated by the person for some hours.
-- column start_at: Since when.
-- column end_at: Until when; null: for ever.
select
    a.group_id,
    coalesce(r.name, a.group_id) as group_name,
    lower(a.access_id) as access_id,
    lower(a.assignment_type) as assignment_type,
    a.start_at,
    real_instant(a.end_at) as end_at
from history.pim_group_assignments as a
left join resources as r on r.id = a.group_id
where a.principal_id = getvariable('principal_id') and as_of(a.valid_from, a.valid_to)
order by lower(group_name), a.group_id, access_id, a.start_at
