-- title: Access that a review denied and that is still there
-- headline: denied and present
-- severity: high
-- reads: review_definitions, review_instances(status, end_at)
-- reads: review_decisions(decision, principal_id)
-- reads: groups(group_types, synced), group_members, app_role_assignments
-- reads: packages, package_roles(role_origin_id, origin_system, scope_origin_id)
-- reads: assignments(principal_id, package_id, state, end_at), requests
-- packaged: group_owners, site_members, pim_group_eligibilities
-- packaged: role_assignments, role_eligibilities, role_definitions
-- shows: users, catalog_role_assignments, service_principal_owners
-- key: review_instance_id, principal_id, resource_id
-- param grace_hours: 24 (hours after an end in which a removal may still be under way)
-- means: A review said that these people must not keep the access. The review is over, and they have it.
-- why: A denial that is not carried out is worse than no review: everybody believes that the access is gone.
-- fix: Remove the access now; then see why the review did not: not applied, or held in a way that reviews cannot reach.
-- controls: nist-800-53r5:AC-2(j), iso-27001:A.5.18, pci-dss-4.0.1:7.2.5, soc-2:CC6.3
-- example: Kofi Anane was denied “Payments release” in June 2026; nobody pressed Apply, and he is still in the group.
with recursive denied as (
    select d.*, coalesce(d.end_at, d.reviewed_at) as over_at
    from newest_decisions as d
    where lower(d.decision) = 'deny'
        and snapshot_taken_at() - coalesce(d.end_at, d.reviewed_at) >= grace()
),
targets as (
    select distinct i.key as target, d.resource_id
    from denied as d
    join history.ids as i on i.id = d.resource_id
),
-- Groups whose members have the access, and since when the chain that leads there stands.
reach as (
    select t.target, t.target as via, timestamp '1900-01-01' as after_at, timestamp '1900-01-01' as by_at
    from targets as t
    union
    select
        r.target,
        e.principal,
        greatest(r.after_at, coalesce(e.began_after, timestamp '1900-01-01')),
        greatest(r.by_at, e.began_by)
    from reach as r
    join grant_lives as e on e.resource = r.via and e.kind = 'member' and e.open
    semi join (select i.key from history.ids as i join principals as p on p.id = i.id and p.type = 'group') as c
        on c.key = e.principal
    anti join scopes_unread as u on u.kind = 'member' and u.resource = e.resource
),
-- An application honours the direct members of the groups that hold its roles.
ways as (
    select r.target, 'member' as kind, r.via as resource, r.after_at, r.by_at, r.via <> r.target as inherited
    from reach as r
    union all
    select
        t.target,
        'member',
        g.principal,
        coalesce(g.began_after, timestamp '1900-01-01'),
        g.began_by,
        true
    from targets as t
    join grant_lives as g on g.kind = 'app_role' and g.resource = t.target and g.open
    semi join (select i.key from history.ids as i join principals as p on p.id = i.id and p.type = 'group') as c
        on c.key = g.principal
    anti join scopes_unread as u on u.resource = g.resource
    union all
    select t.target, 'app_role', t.target, timestamp '1900-01-01', timestamp '1900-01-01', false
    from targets as t
),
held as (
    select
        d.id, d.over_at, d.package_id, g.kind, g.resource, g.role, g.principal,
        greatest(coalesce(g.began_after, timestamp '1900-01-01'), w.after_at) as after_at,
        greatest(g.began_by, w.by_at) as by_at,
        w.inherited
    from denied as d
    join history.ids as t on t.id = d.resource_id
    join history.ids as p on p.id = d.principal_id
    join ways as w on w.target = t.key
    join grant_lives as g
        on g.kind::varchar = w.kind and g.resource = w.resource and g.principal = p.key and g.open
    union all
    select
        d.id, d.over_at, d.package_id, g.kind, g.resource, g.role, g.principal,
        coalesce(g.began_after, timestamp '1900-01-01'),
        g.began_by,
        false
    from denied as d
    join history.ids as p on p.id = d.principal_id
    join package_role_lives as k on k.package_id = d.package_id and k.in_package
    join grant_lives as g
        on g.kind::varchar = k.kind and g.resource = k.resource and g.role = k.role and g.principal = p.key and g.open
    -- What a rule or another directory gives, the package did not.
    anti join explained_grants as e
        on e.principal_id = d.principal_id
        and e.kind = k.kind
        and e.resource_id = k.resource_id
        and e.explanation in ('dynamic_rule', 'synced')
),
still as (
    select h.*, i.id as resource_id
    from held as h
    join kinds_read as k on k.kind = h.kind::varchar and k.whole
    anti join scopes_unread as u on u.kind = h.kind::varchar and u.resource = h.resource
    join history.ids as i on i.key = h.resource
    where h.after_at < h.over_at or h.by_at <= h.over_at
),
-- A package that was given after the review, or another one, is a new reason.
excused as (
    select s.id, s.kind, s.resource, s.role
    from still as s
    join entitlements as e
        on e.kind = s.kind::varchar
        and e.resource = s.resource
        and e.role = s.role
        and e.principal = s.principal
        and e.life = 'live'
        and e.in_package
    join assignments as a on a.id = e.assignment_id
    where a.began_by > s.over_at or e.package_id <> s.package_id
),
found as (
    select
        s.id,
        bool_or(s.by_at <= s.over_at) as sure,
        min(s.by_at) as seen_at,
        -- The sentence is about the surest way; of two that are as sure, about the person's own.
        arg_min(s, [(s.by_at > s.over_at)::varchar, s.inherited::varchar, s.resource_id]) as s
    from (
        select s.*
        from still as s
        anti join excused as x on x.id = s.id and x.kind = s.kind and x.resource = s.resource and x.role = s.role
    ) as s
    group by s.id
)
select
    case when lower(d.status) = 'applying' and d.removes_account then 'info' else 'high' end as severity,
    case when f.sure then 'high' else 'medium' end as confidence,
    d.principal_id,
    coalesce(d.resource_id, d.package_id) as resource_id,
    null as kind,
    null as role_id,
    case when f.s.inherited
        then p.name || ' → ' || g.name || ' → ' || coalesce(r.name, d.resource_name) end
        as path,
    d.package_id,
    null as policy_id,
    k.catalog_id,
    null as assignment_id,
    null as request_id,
    d.review_id as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, d.principal_id),
        who_acts(c.owner_id, c.other_owner_id, d.principal_id)
    ) as owner_id,
    d.over_at as since,
    true as since_exact,
    format('The review “{}” denied {} “{}”. It ended on {}, and the access is {}there{}.',
        d.review_name,
        p.name,
        coalesce(r.name, d.resource_name, d.package_name, d.resource_id, d.package_id),
        day(d.over_at),
        case when f.sure then 'still ' else '' end,
        case when f.s.inherited then format(', through the group “{}”', g.name) else '' end)
    || case when f.sure then ''
        else format(' It was first seen on {}, so it may have come after the review.', day(f.seen_at)) end
    || case when lower(d.status) = 'applying' and d.removes_account
        then ' The account is disabled first, and deleted a month later.' else '' end as reason,
    case when f.s.inherited
        then format('Take the person out of “{}”, or that group out: a review removes direct access only.', g.name)
        else 'Remove the access now; then see why the review did not.' end as fix,
    p.user_principal_name as principal_upn,
    d.decision,
    d.apply_result,
    d.review_name,
    coalesce(d.reviewed_by_name, 'nobody') as denied_by
from found as f
join denied as d on d.id = f.id
join principals as p on p.id = d.principal_id
left join resources as r on r.id = d.resource_id
left join resources as g on g.id = f.s.resource_id
left join package_names as k on k.id = d.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
left join resource_owners as o on o.resource_id = d.resource_id
order by all
