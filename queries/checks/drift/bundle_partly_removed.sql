-- title: Removals left half done
-- headline: removed in part
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
-- means: A package ended, and some of what it gave was taken away. The rest is still there.
-- why: Half a removal looks like a whole one: whoever checks one system believes that the others are done, too.
-- fix: Remove what is left. Then find out why that system was missed: it will be missed again.
-- controls: nist-800-53r5:AC-2(3), iso-27001:A.5.18, pci-dss-4.0.1:7.2.5, soc-2:CC6.3
-- example: Jörg Weiß lost the application and the site of “Supplier logistics” when it ended; he is still in the group.
with present as materialized (
    from left_overs
),
gone as (
    select
        b.principal_id,
        b.package_id,
        e.kind,
        e.resource_id,
        e.role_id,
        any_value(e.resource_name) as resource_name,
        any_value(e.role_name) as role_name,
        max(g.gone_by) as gone_by
    from present as b
    join assignments as a
        on a.principal_id = b.principal_id and a.package_id = b.package_id and a.life = 'ended'
    join entitlements as e on e.assignment_id = a.id
    join grant_lives as g
        on g.kind::varchar = e.kind and g.resource = e.resource and g.role = e.role and g.principal = e.principal
    anti join (select l.kind, l.resource, l.role, l.principal from grant_lives as l where l.open) as h
        on h.kind = g.kind and h.resource = g.resource and h.role = g.role and h.principal = g.principal
    where coalesce(g.began_after < least(a.ended_by, e.left_by), true)
        and coalesce(a.began_after < g.gone_by, true)
        and coalesce(e.arrived_after < g.gone_by, true)
        -- What went before the end was not taken away because of it.
        and not coalesce(g.gone_by <= a.ended_after, false)
    group by b.principal_id, b.package_id, e.kind, e.resource_id, e.role_id
),
half as (
    select
        g.principal_id,
        g.package_id,
        list({
            'kind': g.kind,
            'resource_id': g.resource_id,
            'resource_name': g.resource_name,
            'role_id': g.role_id,
            'role_name': role_label(g.role_name, g.kind, g.role_id)
        } order by g.kind, g.resource_id, g.role_id) as gone,
        arg_max(coalesce(g.resource_name, g.resource_id), [g.gone_by::varchar, g.resource_id]) as newest_name,
        max(g.gone_by) as gone_by
    from gone as g
    group by g.principal_id, g.package_id
)
select
    'high' as severity,
    b.confidence,
    b.principal_id,
    b.resource_id,
    b.kind,
    b.role_id,
    null as path,
    b.package_id,
    b.policy_id,
    b.catalog_id,
    case when b.request_id is null then b.assignment_id end as assignment_id,
    b.request_id,
    null as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, b.principal_id),
        who_acts(c.owner_id, c.other_owner_id, b.principal_id)
    ) as owner_id,
    h.gone_by as since,
    false as since_exact,
    format('{}’s package “{}” ended {}. “{}” was gone by {}, but {} still {}.',
        b.principal_name, b.package_name, dated(b.ended_after, b.ended_by), h.newest_name, day(h.gone_by),
        b.principal_name, holds(b.kind, b.role_name, b.resource_name))
    || unproven(b.explanation, b.confidence, b.ended_by, b.began_by) as reason,
    removal(b.kind, r.synced, r.mail_only, 'assign the package again') as fix,
    b.user_principal_name as principal_upn,
    b.grants as "left",
    h.gone
from present as b
join half as h on h.principal_id = b.principal_id and h.package_id = b.package_id
left join resources as r on r.id = b.resource_id
left join resource_owners as o on o.resource_id = b.resource_id
left join catalog_owners as c on c.catalog_id = b.catalog_id
order by all
