-- title: Packages that do not give what they promise
-- headline: promised and absent
-- severity: medium
-- packaged: group_members, group_owners, app_role_assignments, site_members
-- packaged: pim_group_eligibilities, pim_group_assignments
-- packaged: role_assignments, role_eligibilities, role_assignment_schedules, role_definitions
-- requires: users(enabled), groups(group_types, synced), packages
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- requires: service_principals
-- shows: catalog_role_assignments, service_principal_owners
-- key: principal_id, package_id
-- param grace_hours: 24 (hours after a start in which the access may still be under way)
-- means: These people have a package, but do not hold all that it gives.
-- why: What the record says and what is there differ: somebody took the access away by hand, or it never came.
-- fix: Let Entra process the assignment again, or end it, so that the record is true.
-- controls: nist-800-53r5:AC-2, iso-27001:A.5.18, soc-2:CC6.1
-- example: Ruth Amsel has “Ledger posting” since May 2026; somebody took her out of the group, and the package still stands.
with promised as (
    select
        e.*,
        p.type as principal_type,
        greatest(a.began_by, e.arrived_by) as due_at,
        a.start_at is not null as exact,
        a.policy_id,
        a.first_snapshot_id
    from entitlements as e
    join assignments as a on a.id = e.assignment_id
    join principals as p on p.id = e.principal_id
    join resources as r on r.id = e.resource_id
    join kinds_read as k on k.kind = e.kind and k.whole
    left join gaps as x on x.collection = k.collection and x.scope = e.resource_id
    where e.life = 'live'
        and e.in_package
        and snapshot_taken_at() - greatest(a.began_by, e.arrived_by) >= grace()
        and p.present
        and p.enabled is not false
        and p.type in ('user', 'guest', 'service_principal')
        and r.present
        and not r.left_out
        and not (e.kind = 'member' and (r.dynamic or r.synced))
        and x.scope is null
),
-- Whom a site group lets in without naming them: members of groups, however deep, owners of a group, everybody.
sites_opened as (
    select g.resource, g.role, 'member'::grant_kind as kind, v.via, null as everybody
    from history.grants as g
    join group_reach as v on v.target = g.principal
    where g.kind = 'site_group' and as_of(g.valid_from, g.valid_to)
    union all
    select g.resource, g.role, 'owner'::grant_kind, t.key, null
    from history.grants as g
    join history.ids as i on i.key = g.principal and ends_with(i.id, '_o')
    join history.ids as t on t.id = regexp_replace(i.id, '_o$', '')
    where g.kind = 'site_group' and as_of(g.valid_from, g.valid_to)
    union all
    select g.resource, g.role, null, null, i.id
    from history.grants as g
    join history.ids as i on i.key = g.principal and everybody(i.id) is not null
    where g.kind = 'site_group' and as_of(g.valid_from, g.valid_to)
),
-- In what other way somebody may hold it: as an eligible role, or through a group.
otherwise as (
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join history.grants as g
        on g.kind::varchar = 'eligible_' || p.kind and g.resource = p.resource and g.role = p.role
        and g.principal = p.principal
    where as_of(g.valid_from, g.valid_to)
    union all
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join group_reach as v on v.target = p.resource
    join history.grants as g on g.kind = 'member' and g.resource = v.via and g.principal = p.principal
    where p.kind = 'member' and as_of(g.valid_from, g.valid_to)
    union all
    -- What a group passes on to its own members only; no group can own.
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join history.grants as t
        on t.kind in ('app_role', 'directory_role', 'eligible_directory_role', 'eligible_member')
        and t.kind::varchar = p.kind and t.resource = p.resource and t.role = p.role
    join history.grants as g on g.kind = 'member' and g.resource = t.principal and g.principal = p.principal
    where as_of(t.valid_from, t.valid_to)
        and as_of(g.valid_from, g.valid_to)
    union all
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join sites_opened as t on t.resource = p.resource and t.role = p.role
    left join history.grants as g
        on g.kind = t.kind and g.resource = t.via and g.principal = p.principal and as_of(g.valid_from, g.valid_to)
    where g.resource is not null
        or t.everybody = 'everyone'
        or t.everybody = 'everyone_except_external' and p.principal_type = 'user'
    -- Groups through which somebody may hold it, and of whose members this snapshot does not tell.
    union all
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join group_reach as v on v.target = p.resource
    join scopes_unread as u on u.kind = 'member' and u.resource = v.via
    where p.kind = 'member'
    union all
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join history.grants as t
        on t.kind in ('app_role', 'directory_role', 'eligible_directory_role', 'eligible_member')
        and t.kind::varchar = p.kind and t.resource = p.resource and t.role = p.role
    join principals as h on h.id = (select i.id from history.ids as i where i.key = t.principal) and h.type = 'group'
    join kinds_read as k on k.kind = 'member'
    left join scopes_unread as u on u.kind = 'member' and u.resource = t.principal
    where as_of(t.valid_from, t.valid_to)
        and (u.resource is not null or not k.whole)
    union all
    select p.assignment_id, p.kind, p.resource_id, p.role_id
    from promised as p
    join sites_opened as t on t.resource = p.resource and t.role = p.role
    join kinds_read as k on k.kind = t.kind::varchar
    left join scopes_unread as u on u.kind = t.kind::varchar and u.resource = t.via
    where u.resource is not null or not k.whole
),
missing as (
    select p.*
    from promised as p
    anti join otherwise as o
        on o.assignment_id = p.assignment_id
        and o.kind = p.kind
        and o.resource_id = p.resource_id
        and o.role_id = p.role_id
    anti join (select l.kind, l.resource, l.role, l.principal from grant_lives as l where l.open) as g
        on g.kind::varchar = p.kind and g.resource = p.resource and g.role = p.role and g.principal = p.principal
),
-- SharePoint knows a new guest only after the first visit: that is no fault. Whom a site ever had, it knows.
in_sites as (
    select distinct i.id
    from history.grants as g
    join history.ids as i on i.key = g.principal
    where g.kind = 'site_group' and g.valid_from <= current_snapshot_id()
),
bundles as (
    select
        m.principal_id,
        any_value(m.principal_name) as principal_name,
        m.package_id,
        any_value(m.package_name) as package_name,
        min({'due_at': m.due_at, 'assignment_id': m.assignment_id, 'policy_id': m.policy_id}) as surest,
        bool_and(m.exact) as exact,
        bool_and(m.kind = 'site_group' and m.principal_type = 'guest' and s.id is null) as unknown_to_sharepoint,
        list(distinct {
            'kind': m.kind,
            'resource_id': m.resource_id,
            'resource_name': m.resource_name,
            'role_id': m.role_id,
            'role_name': role_label(m.role_name, m.kind, m.role_id)
        }) as missing
    from missing as m
    left join in_sites as s on s.id = m.principal_id
    group by m.principal_id, m.package_id
),
sorted as (
    select b.*, list_sort(b.missing) as told from bundles as b
)
select
    case when b.unknown_to_sharepoint then 'info' else 'medium' end as severity,
    'high' as confidence,
    b.principal_id,
    b.told[1].resource_id as resource_id,
    b.told[1].kind as kind,
    b.told[1].role_id as role_id,
    null as path,
    b.package_id,
    b.surest.policy_id as policy_id,
    k.catalog_id,
    b.surest.assignment_id as assignment_id,
    null as request_id,
    null as review_instance_id,
    coalesce(
        who_acts(c.owner_id, c.other_owner_id, b.principal_id),
        who_acts(o.owner_id, o.other_owner_id, b.principal_id)
    ) as owner_id,
    b.surest.due_at as since,
    b.exact as since_exact,
    format('{} has the package “{}”, which should have given {} by {}; {} not there.{}',
        b.principal_name, b.package_name,
        format('“{}” in “{}”', b.told[1].role_name, coalesce(b.told[1].resource_name, b.told[1].resource_id))
            || case len(b.told) when 1 then '' when 2 then ' and one more role'
                else format(' and {} more roles', len(b.told) - 1) end,
        day(b.surest.due_at),
        case when len(b.told) > 1 then 'they are' else 'it is' end,
        case when b.unknown_to_sharepoint
            then ' SharePoint does not know this guest yet; that comes with the first visit.' else '' end) as reason,
    'Let Entra process the assignment again, or end it, so that the record is true.' as fix,
    p.user_principal_name as principal_upn,
    b.told as missing
from sorted as b
join principals as p on p.id = b.principal_id
join package_names as k on k.id = b.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
left join resource_owners as o on o.resource_id = b.told[1].resource_id
order by all
