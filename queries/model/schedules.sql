-- One row per schedule by which somebody holds a role of a group or of the directory through Privileged Identity Management.
-- column kind: member, owner or directory_role.
-- column resource_id: The group, or the role definition.
-- column role_id: Where a role of the directory holds; empty for a group.
-- column principal_id: Who holds it.
-- column activated: Whether it was activated for some hours; false: it was assigned.
-- column start_at: Since when; null: the service does not say.
-- column end_at: Until when; null: for ever.
-- column listed: Whether it stands in the snapshot; false: it did in the one before.
with told as (
    select
        lower(a.access_id) as kind,
        a.group_id as resource_id,
        '' as role_id,
        a.principal_id,
        a.assignment_type,
        a.start_at,
        a.end_at,
        a.valid_from,
        a.valid_to
    from history.pim_group_assignments as a
    union all
    select
        'directory_role',
        s.role_definition_id,
        s.scope_id,
        s.principal_id,
        s.assignment_type,
        s.start_at,
        s.end_at,
        s.valid_from,
        s.valid_to
    from history.role_assignment_schedules as s
)
select
    t.kind,
    t.resource_id,
    t.role_id,
    t.principal_id,
    lower(t.assignment_type) = 'activated' as activated,
    real_instant(t.start_at) as start_at,
    real_instant(t.end_at) as end_at,
    as_of(t.valid_from, t.valid_to) as listed
from told as t
where t.valid_from <= current_snapshot_id() and (t.valid_to is null or t.valid_to >= current_snapshot_id())
