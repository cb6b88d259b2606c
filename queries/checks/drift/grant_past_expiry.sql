-- title: Access past its end
-- headline: past their end
-- severity: high
-- packaged: group_members, group_owners, app_role_assignments, site_members
-- packaged: pim_group_eligibilities, pim_group_assignments
-- packaged: role_assignments, role_eligibilities, role_assignment_schedules, role_definitions
-- requires: users, groups(group_types, synced), packages
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- shows: catalog_role_assignments, service_principals, service_principal_owners
-- key: principal_id, package_id
-- param grace_hours: 24 (hours after an end in which a removal may still be under way)
-- means: A package ended for these people, but the access it gave is still there and no other package explains it.
-- why: An end date that does not end access is a promise the organisation makes to its auditors and does not keep.
-- fix: Remove the access, or assign the package again if the person still needs it. Owners first: an owner can let others in.
-- controls: nist-800-53r5:AC-2(3), iso-27001:A.5.18, pci-dss-4.0.1:7.2.5, soc-2:CC6.3
-- example: Jörg Weiß’s package “Supplier logistics” ended on 18 June 2026; he is still in the group 104 days later.
select
    'high' as severity,
    l.confidence,
    l.principal_id,
    l.resource_id,
    l.kind,
    l.role_id,
    null as path,
    l.package_id,
    l.policy_id,
    l.catalog_id,
    case when l.request_id is null then l.assignment_id end as assignment_id,
    l.request_id,
    null as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, l.principal_id),
        who_acts(c.owner_id, c.other_owner_id, l.principal_id)
    ) as owner_id,
    l.began_by as since,
    l.began_after is not null as since_exact,
    case
        when l.ended_after < l.ended_by then format(
            'The assignment of {} to the package “{}” disappeared from Entra between {} and {}.',
            l.principal_name, l.package_name, day(l.ended_after), day(l.ended_by))
        when l.ended_after is null then format(
            'The package “{}” had ended for {} by {}.', l.package_name, l.principal_name, day(l.ended_by))
        else format('{}’s package “{}” ended on {}.', l.principal_name, l.package_name, day(l.ended_by))
    end || case
        when l.confidence = 'high' then ' The access should have gone within a day and is still there.'
        else ' The access is still there.' || unproven(l.explanation, l.confidence, l.ended_by, l.began_by)
    end as reason,
    removal(l.kind, r.synced, r.mail_only, 'assign the package again') as fix,
    l.explanation,
    l.user_principal_name as principal_upn,
    date_sub('day', l.ended_by, snapshot_taken_at()) as days_overdue,
    strftime(l.ended_by, '%Y-%m-%dT%H:%M:%SZ') as ended_at,
    l.grants,
    l.other_packages
from left_overs as l
left join resources as r on r.id = l.resource_id
left join resource_owners as o on o.resource_id = l.resource_id
left join catalog_owners as c on c.catalog_id = l.catalog_id
order by all
