-- title: Access whose role left its package
-- headline: of removed roles
-- severity: medium
-- packaged: group_members, group_owners, app_role_assignments, site_members
-- packaged: pim_group_eligibilities, pim_group_assignments
-- packaged: role_assignments, role_eligibilities, role_assignment_schedules, role_definitions
-- requires: users, groups(group_types, synced), packages
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- shows: catalog_role_assignments, service_principals, service_principal_owners
-- key: principal_id, kind, resource_id, role_id
-- param grace_hours: 24 (hours after an end in which a removal may still be under way)
-- means: A role was taken out of a package. These people still have the package, and still hold the role.
-- why: Whoever shrinks a package believes that the access is gone. What stays has no owner, no end and no review.
-- fix: Remove the access, or put the role back into a package that these people hold.
-- controls: nist-800-53r5:AC-2(3), nist-800-53r5:AC-6, iso-27001:A.5.18, pci-dss-4.0.1:7.2.4
-- example: “Ledger approver” left the package “Month-end” in July 2026; Ruth Amsel, who has the package, can still approve.
with others as (
    select k.kind, k.resource_id, k.role_id, list(distinct n.name order by n.name) as names
    from package_role_lives as k
    join package_names as n on n.id = k.package_id
    where k.in_package
    group by all
)
select
    'medium' as severity,
    g.confidence,
    g.principal_id,
    g.resource_id,
    g.kind,
    g.role_id,
    null as path,
    g.package_id,
    g.policy_id,
    g.catalog_id,
    g.assignment_id,
    null as request_id,
    null as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, g.principal_id),
        who_acts(c.owner_id, c.other_owner_id, g.principal_id)
    ) as owner_id,
    g.ended_by as since,
    coalesce(g.ended_after = g.ended_by, false) as since_exact,
    format('{} {}. The package “{}” gave that until {}; {} still has the package, and the access.',
        g.principal_name, holds(g.kind, g.role_name, g.resource_name), g.package_name,
        case when g.ended_after < g.ended_by
            then format('some time between {} and {}', day(g.ended_after), day(g.ended_by))
            else day(g.ended_by) end,
        g.principal_name)
    || unproven(g.explanation, g.confidence, g.ended_by, g.began_by)
    || case when x.names is not null
        then format(' Today it comes with “{}”, which {} does not have.', array_to_string(x.names, '” and “'),
            g.principal_name)
        else '' end as reason,
    removal(g.kind, r.synced, r.mail_only, 'put the role back into a package') as fix,
    g.explanation,
    g.user_principal_name as principal_upn,
    x.names as packages_now
from explained_grants as g
left join others as x on x.kind = g.kind and x.resource_id = g.resource_id and x.role_id = g.role_id
left join resources as r on r.id = g.resource_id
left join resource_owners as o on o.resource_id = g.resource_id
left join catalog_owners as c on c.catalog_id = g.catalog_id
where g.explanation = 'role_removed'
    and g.read_now
    and g.assessable
    and g.principal_type <> 'group'
    and coalesce(g.service_type, '') not in ('device', 'orgcontact')
order by all
