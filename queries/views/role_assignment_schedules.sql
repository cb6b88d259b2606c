-- One row per schedule by which somebody holds a role of the directory through Privileged Identity Management.
-- column id: Id of the schedule's instance.
-- column role_definition_id: The role definition.
-- column role_definition_name: Name of the role.
-- column scope_id: Where it holds: / is the whole directory.
-- column principal_id: Who holds it.
-- column principal_name: Name of who holds it.
-- column assignment_type: assigned, or activated by the person for some hours.
-- column start_at: Since when.
-- column end_at: Until when; null = for ever.
select
    a.id,
    a.role_definition_id,
    r.name as role_definition_name,
    a.scope_id,
    a.principal_id,
    p.name as principal_name,
    lower(a.assignment_type) as assignment_type,
    real_instant(a.start_at) as start_at,
    real_instant(a.end_at) as end_at
from history.role_assignment_schedules as a
left join resources as r on r.id = a.role_definition_id
left join principals as p on p.id = a.principal_id
where as_of(a.valid_from, a.valid_to)
