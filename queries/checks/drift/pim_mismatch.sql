-- title: Packages and Privileged Identity Management that disagree
-- headline: promised otherwise than scheduled
-- severity: medium
-- packaged: group_members, group_owners, role_assignments, role_definitions
-- any_of: pim_group_eligibilities, pim_group_assignments, role_eligibilities, role_assignment_schedules
-- requires: users(enabled), service_principals, packages
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- requires: assignments(principal_id, package_id, state, end_at), requests
-- shows: groups, catalog_role_assignments, service_principal_owners
-- key: principal_id, resource_id
-- param grace_hours: 24 (hours after a start, or between two ends, in which nothing is wrong yet)
-- means: These people have a package that promises more than Privileged Identity Management gives them.
-- why: The record says that somebody has access which is not there until it is activated, or which ends before the package.
-- fix: Let both agree: change the role that the package gives, or how long Privileged Identity Management lets it last.
-- controls: nist-800-53r5:AC-2, nist-800-53r5:AC-6, iso-27001:A.8.2, soc-2:CC6.3
-- example: Ruth Amsel has “On call, lead”, which promises membership for good; she may only activate it for some hours.
with lists(kind, collection) as (
    values
        ('member', 'group_members'),
        ('member', 'pim_group_eligibilities'),
        ('member', 'pim_group_assignments'),
        ('owner', 'group_owners'),
        ('owner', 'pim_group_eligibilities'),
        ('owner', 'pim_group_assignments'),
        ('directory_role', 'role_assignments'),
        ('directory_role', 'role_eligibilities'),
        ('directory_role', 'role_assignment_schedules')
),
-- Where one of the three lists was not read, nothing is said.
blind as (
    select l.kind, null as scope
    from lists as l
    left join history.coverage as c
        on c.collection = l.collection and c.snapshot_id = current_snapshot_id() and c.whole
    where c.collection is null
    union all
    select l.kind, x.scope
    from lists as l
    join gaps as x on x.collection = l.collection
),
promised as (
    select
        e.principal_id,
        any_value(e.principal_name) as principal_name,
        any_value(p.user_principal_name) as user_principal_name,
        e.kind,
        e.resource_id,
        any_value(e.resource_name) as resource_name,
        e.role_id,
        any_value(e.role_name) as role_name,
        any_value(e.principal) as principal,
        any_value(e.resource) as resource,
        any_value(e.role) as role,
        min(greatest(a.began_by, e.arrived_by)) as due_at,
        -- Of several packages that promise the same, the one that lasts longest counts.
        arg_max(a, [a_date(a.end_at), a.id]) as a
    from entitlements as e
    join assignments as a on a.id = e.assignment_id
    join principals as p on p.id = e.principal_id
    left join blind as b
        on b.kind = replace(e.kind, 'eligible_', '') and (b.scope is null or b.scope = e.resource_id)
    where e.life = 'live'
        and e.in_package
        and snapshot_taken_at() - greatest(a.began_by, e.arrived_by) >= grace()
        and p.present
        and p.enabled is not false
        and p.type <> 'group'
        and b.kind is null
    group by e.principal_id, e.kind, e.resource_id, e.role_id
),
held as (
    select g.kind::varchar as kind, g.resource, g.role, g.principal, real_instant(g.ends_at) as end_at
    from history.grants as g
    where as_of(g.valid_from, g.valid_to) and g.principal in (select p.principal from promised as p)
),
only_eligible as (
    select p.*, null::timestamp as pim_end_at
    from promised as p
    join held as m
        on m.kind = 'eligible_' || p.kind and m.resource = p.resource and m.role = p.role and m.principal = p.principal
    anti join held as g
        on g.kind = p.kind and g.resource = p.resource and g.role = p.role and g.principal = p.principal
    -- Who has just activated it has it.
    anti join activations as v
        on v.kind = p.kind and v.resource = p.resource and v.role = p.role and v.principal = p.principal
),
-- What may be activated ends by itself, what is active by the schedule that assigns it; no end is the last of all.
scheduled as (
    select s.kind, s.resource_id, s.role_id, s.principal_id, max(coalesce(s.end_at, timestamp '9999-12-31')) as end_at
    from (
        select p.kind, p.resource_id, p.role_id, p.principal_id, h.end_at
        from promised as p
        join held as h
            on h.kind = p.kind and h.resource = p.resource and h.role = p.role and h.principal = p.principal
        where starts_with(p.kind, 'eligible_')
        union all
        -- Not by keys: of what nobody holds yet, the history has none.
        select s.kind, s.resource_id, s.role_id, s.principal_id, s.end_at
        from schedules as s
        where s.listed and not s.activated
    ) as s
    group by s.kind, s.resource_id, s.role_id, s.principal_id
),
too_short as (
    select p.*, s.end_at as pim_end_at
    from promised as p
    join scheduled as s
        on s.kind = p.kind
        and s.resource_id = p.resource_id
        and s.role_id = p.role_id
        and s.principal_id = p.principal_id
    where coalesce(p.a.end_at, timestamp '9999-12-31') - s.end_at >= grace()
),
found as (
    select
        u.*,
        row_number() over (
            partition by u.principal_id, u.resource_id
            -- What is not there at all is told before what will not last.
            order by u.pim_end_at nulls first, u.kind
        ) as place
    from (from only_eligible union all from too_short) as u
)
select
    'medium' as severity,
    'high' as confidence,
    f.principal_id,
    f.resource_id,
    f.kind,
    f.role_id,
    null as path,
    f.a.package_id as package_id,
    f.a.policy_id as policy_id,
    k.catalog_id,
    f.a.id as assignment_id,
    null as request_id,
    null as review_instance_id,
    coalesce(
        who_acts(c.owner_id, c.other_owner_id, f.principal_id),
        who_acts(o.owner_id, o.other_owner_id, f.principal_id)
    ) as owner_id,
    f.due_at as since,
    false as since_exact,
    case when f.pim_end_at is null
        then format('{} has the package “{}”, which promises “{}” in “{}” for good; {} has to activate it each time.',
            f.principal_name, f.a.package_name, role_label(f.role_name, f.kind, f.role_id),
            coalesce(f.resource_name, f.resource_id), f.principal_name)
        else format('{} has the package “{}” {}; Privileged Identity Management ends “{}” in “{}” on {}.',
            f.principal_name, f.a.package_name, coalesce('until ' || day(f.a.end_at), 'without an end'),
            role_label(f.role_name, f.kind, f.role_id), coalesce(f.resource_name, f.resource_id), day(f.pim_end_at))
    end as reason,
    case when f.pim_end_at is null
        then 'Let the package give the eligible role, or make the assignment in Privileged Identity Management active.'
        else 'Let the schedule in Privileged Identity Management last as long as the package, or the package as short.'
    end as fix,
    f.user_principal_name as principal_upn,
    case when f.pim_end_at is null then 'eligible only' else 'ends too soon' end as mismatch,
    strftime(f.pim_end_at, '%Y-%m-%dT%H:%M:%SZ') as pim_end_at
from found as f
join package_names as k on k.id = f.a.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
left join resource_owners as o on o.resource_id = f.resource_id
where f.place = 1
order by all
