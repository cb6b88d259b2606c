-- title: Access granted outside packages
-- headline: outside packages
-- severity: high
-- packaged: group_members, group_owners, app_role_assignments, site_members
-- packaged: pim_group_eligibilities, pim_group_assignments
-- packaged: role_assignments, role_eligibilities, role_assignment_schedules, role_definitions
-- requires: users, groups(group_types, synced), packages
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- shows: review_definitions, review_instances, review_decisions
-- shows: catalog_role_assignments, service_principals, service_principal_owners, directory_audits
-- key: principal_id, kind, resource_id, role_id
-- param grace_hours: 24 (hours after an end in which a removal may still be under way)
-- means: These people hold access that a package gives, but no package gave it to them.
-- why: Access that no package gave has no end, no approval and no review. It stays until somebody notices.
-- fix: Remove it, or assign the package so that it ends. Ask who added it before you remove it.
-- controls: nist-800-53r5:AC-2, nist-800-53r5:AC-3, iso-27001:A.5.18, pci-dss-4.0.1:7.2.3
-- example: Ana Kovač was added to the group “Payroll” by hand; the package “Payroll clerk” would have given it with an end.
with decisions as (
    select
        d.principal_id,
        d.resource_id,
        arg_max(d.decision, [coalesce(d.reviewed_at, v.end_at)::varchar, d.id]) as last_decision
    from review_decisions as d
    join reviews as v on v.id = d.review_id
    group by all
),
-- Who gave it, if the log still tells: what we read may lag behind, and reading took its time.
leads as (
    select
        g.principal_id,
        g.kind,
        g.resource_id,
        g.role_id,
        arg_max(a, [a.added_at::varchar, a.event_id]) as addition
    from explained_grants as g
    join additions as a
        on a.principal_id = g.principal_id
        and a.kind = g.kind
        and a.resource_id = g.resource_id
        and a.role_id = g.role_id
    where a.by_name is not null
        and coalesce(a.added_at >= g.began_after - interval 1 hour, true)
        and a.added_at <= g.began_by + interval 4 hours
    group by all
)
select
    'high' as severity,
    g.confidence,
    g.principal_id,
    g.resource_id,
    g.kind,
    g.role_id,
    null as path,
    g.package_id,
    g.policy_id,
    g.catalog_id,
    case when g.request_id is null then g.assignment_id end as assignment_id,
    g.request_id,
    null as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, g.principal_id),
        who_acts(c.owner_id, c.other_owner_id, g.principal_id)
    ) as owner_id,
    g.began_by as since,
    g.began_after is not null as since_exact,
    case g.explanation
        when 'readded' then format(
            '{} {} again. The package “{}” ended {}, and the access was gone by {}.',
            g.principal_name, holds(g.kind, g.role_name, g.resource_name), g.package_name,
            dated(g.ended_after, g.ended_by), day(g.left_by))
        when 'pre_existing' then format(
            '{} {}. That was so before the package “{}” began. It ended {}; Entra should have removed the access then.',
            g.principal_name, holds(g.kind, g.role_name, g.resource_name), g.package_name,
            dated(g.ended_after, g.ended_by))
        else format('{} {} without a package. {} The package “{}” would give it.',
            g.principal_name, holds(g.kind, g.role_name, g.resource_name),
            case
                when g.began_after is null then format('It has been there since at least {}.', day(g.began_by))
                when g.began_after = g.began_by then format('It was granted on {}.', day(g.began_by))
                else format('It came between {} and {}.', day(g.began_after), day(g.began_by))
            end, g.package_name)
    end || unproven(g.explanation, g.confidence, g.ended_by, g.began_by) || coalesce(
        format(' According to the audit log, {} gave it on {}.', l.addition.by_name, day(l.addition.added_at)), ''
    ) as reason,
    removal(g.kind, r.synced, r.mail_only, 'assign the package') as fix,
    g.explanation,
    g.user_principal_name as principal_upn,
    case
        when g.began_by < k.arrived_by then 'before the role was in a package'
        when g.began_after >= k.arrived_by then 'after the role was in a package'
    end as came,
    d.last_decision
from explained_grants as g
left join resources as r on r.id = g.resource_id
left join resource_owners as o on o.resource_id = g.resource_id
left join catalog_owners as c on c.catalog_id = g.catalog_id
left join decisions as d on d.principal_id = g.principal_id and d.resource_id = g.resource_id
left join leads as l
    on l.principal_id = g.principal_id
    and l.kind = g.kind
    and l.resource_id = g.resource_id
    and l.role_id = g.role_id
join (
    select l.kind, l.resource_id, l.role_id, min(l.arrived_by) as arrived_by
    from package_role_lives as l
    group by all
) as k on k.kind = g.kind and k.resource_id = g.resource_id and k.role_id = g.role_id
where g.explanation in ('none', 'readded', 'pre_existing')
    and g.in_package
    and g.read_now
    and g.assessable
    and g.principal_type <> 'group'
    and coalesce(g.service_type, '') not in ('device', 'orgcontact')
order by all
