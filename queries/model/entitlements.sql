-- One row per assignment and resource role that was in its package during the assignment's life: what should be.
-- column assignment_id: The assignment.
-- column principal_id: Who is entitled.
-- column principal_name: Name of who is entitled.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column kind: The kind of grant it gives.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column role_id: The role.
-- column role_name: Name of the role.
-- column life: The assignment's: live, pending, scheduled, ended or unknown.
-- column in_package: Whether the role is in the package at the snapshot.
-- column arrived_after: The role first joined the package after this instant; null: unknown.
-- column arrived_by: When its newest stay in the package had begun at the latest.
-- column left_after: The role left the package after this instant; null while it is in it.
-- column left_by: ... and at the latest at this one.
-- column principal: Key of the principal in history.ids; null if nothing was ever granted to it.
-- column resource: Key of the resource in history.ids.
-- column role: Key of the role in history.ids.
select
    a.id as assignment_id,
    a.principal_id,
    any_value(a.principal_name) as principal_name,
    a.package_id,
    any_value(a.package_name) as package_name,
    k.kind,
    k.resource_id,
    any_value(r.name) as resource_name,
    k.role_id,
    any_value(k.role_name) as role_name,
    a.life,
    bool_or(k.in_package) as in_package,
    case when not bool_or(k.arrived_after is null) then min(k.arrived_after) end as arrived_after,
    coalesce(min(k.arrived_by) filter (k.in_package), max(k.arrived_by)) as arrived_by,
    case when not bool_or(k.in_package) then max(k.left_after) end as left_after,
    case when not bool_or(k.in_package) then max(k.left_by) end as left_by,
    any_value(pr.key) as principal,
    any_value(k.resource) as resource,
    any_value(k.role) as role
from assignments as a
join package_role_lives as k
    on k.package_id = a.package_id
    and k.kind is not null
    -- The role may have been in the package at some instant of the assignment's life.
    and (a.ended_by is null or k.arrived_after is null or k.arrived_after < a.ended_by)
    and (k.left_by is null or a.began_after is null or a.began_after < k.left_by)
left join resources as r on r.id = k.resource_id
left join history.ids as pr on pr.id = a.principal_id
-- What ended before it began never lived, and entitles nobody.
where a.ended_by is null or a.began_after is null or a.began_after < a.ended_by
group by a.id, a.principal_id, a.package_id, k.kind, k.resource_id, k.role_id, a.life
