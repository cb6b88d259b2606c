-- title: Groups that open a package to their members
-- headline: groups inside packages
-- severity: high
-- packaged: group_members, group_owners, app_role_assignments, site_members
-- packaged: pim_group_eligibilities, pim_group_assignments
-- packaged: role_assignments, role_eligibilities, role_assignment_schedules, role_definitions
-- requires: groups(group_types, membership_rule, mail), packages, policies
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- shows: users, sites, catalog_role_assignments, service_principals, service_principal_owners
-- key: principal_id, kind, resource_id, role_id
-- means: A group holds what a package gives. Everybody in the group has the access, without a package.
-- why: Whoever adds people to the inner group grants the access, and no end, approval or review of the package applies.
-- fix: Take the group out, and assign the package to the people who need it.
-- controls: nist-800-53r5:AC-2, nist-800-53r5:AC-3, iso-27001:A.5.15, pci-dss-4.0.1:7.2.3, soc-2:CC6.3
-- example: The group “Interns” is a member of “Payroll”: all 40 interns can open what the package “Payroll clerk” gives.
with held as (
    select g.*, i.key as child
    from explained_grants as g
    join history.ids as i on i.id = g.principal_id
    left join site_own_groups as s on s.site_id = g.resource_id and s.group_id = g.principal_id
    where g.principal_type = 'group'
        and g.in_package
        and g.read_now
        and g.assessable
        and g.explanation not in ('assignment', 'activated', 'delivering', 'grace')
        and s.site_id is null
        -- Everybody is no group that somebody is put into, and another check's.
        and everybody(g.principal_id) is null
        -- So a site calls the owners of a group.
        and not ends_with(g.principal_id, '_o')
        -- The group that Entra fills for the package's own auto-assignment policy.
        and not exists (
            select 1
            from auto_groups as a
            join package_role_lives as k on k.package_id = a.package_id
            where a.group_id = g.principal_id
                and k.in_package
                and k.kind = g.kind
                and k.resource_id = g.resource_id
                and k.role_id = g.role_id
        )
),
-- Applications and directory roles honour the direct members of their group only; groups and sites honour all inside.
people as (
    select h.kind, h.principal_id, count(distinct m.principal) as people
    from held as h
    join group_reach as v on v.target = h.child and (h.kind in ('member', 'owner', 'site_group') or v.via = h.child)
    join history.grants as m on m.kind = 'member' and m.resource = v.via and as_of(m.valid_from, m.valid_to)
    join history.ids as i on i.key = m.principal
    join principals as p on p.id = i.id and p.type in ('user', 'guest')
    group by all
),
packaged as (
    select k.resource_id, list(distinct n.name order by n.name) as names
    from package_role_lives as k
    join package_names as n on n.id = k.package_id
    where k.in_package and k.kind = 'member'
    group by all
)
select
    case when c.names is null then 'high' else 'low' end as severity,
    h.confidence,
    h.principal_id,
    h.resource_id,
    h.kind,
    h.role_id,
    h.principal_name || ' → ' || h.resource_name as path,
    h.package_id,
    null as policy_id,
    h.catalog_id,
    null as assignment_id,
    null as request_id,
    null as review_instance_id,
    coalesce(o.owner_id, a.owner_id) as owner_id,
    h.began_by as since,
    h.began_after is not null as since_exact,
    format('The group “{}” {}, which comes with the package “{}”: whoever is in the group has it without the package.',
        h.principal_name, holds(h.kind, h.role_name, h.resource_name), h.package_name)
    || case when c.names is not null
        then format(' The group itself comes with “{}”.', array_to_string(c.names, '” and “')) else '' end as reason,
    removal(h.kind, r.synced, r.mail_only, 'assign the package to the people who need it') as fix,
    coalesce(p.people, 0) as people,
    c.names as child_packages
from held as h
left join people as p on p.kind = h.kind and p.principal_id = h.principal_id
left join packaged as c on c.resource_id = h.principal_id
left join resources as r on r.id = h.resource_id
left join resource_owners as o on o.resource_id = h.resource_id
left join catalog_owners as a on a.catalog_id = h.catalog_id
order by all
