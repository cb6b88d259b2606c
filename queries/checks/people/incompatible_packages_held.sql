-- title: Packages that nobody may hold together
-- headline: incompatible packages held
-- severity: high
-- reads: package_incompatibilities
-- reads: assignments(principal_id, package_id, state, end_at)
-- reads: group_members
-- shows: users, groups, packages, catalog_role_assignments
-- key: principal_id, package_id, other_id
-- means: These people hold two things that were declared incompatible: two packages, or a package and a group.
-- why: Entra refuses new requests only. Who held both before, or got one from an administrator, keeps both.
-- fix: Decide which of the two the person needs, and end the other.
-- controls: nist-800-53r5:AC-5, iso-27001:A.5.3, pci-dss-4.0.1:7.2.1, soc-2:CC6.3
-- example: Otto Brandt can enter invoices and release payments, since both packages were assigned before the rule was made.
with pairs as (
    select distinct
        case when n.other_type = 'package' then least(n.package_id, n.other_id) else n.package_id end as package_id,
        case when n.other_type = 'package' then greatest(n.package_id, n.other_id) else n.other_id end as other_id
    from package_incompatibilities as n
    where n.package_id <> n.other_id
),
live as (
    select
        a.principal_id,
        a.principal_name,
        a.package_id,
        a.package_name,
        min(a.id) as assignment_id,
        min(a.began_by) as began_by
    from assignments as a
    where a.life = 'live'
    group by all
),
-- Who is in an incompatible group, if only through a group inside it. No package has the id of a group.
inside as (
    select distinct x.other_id, i.id as principal_id
    from (select distinct p.other_id from pairs as p) as x
    join history.ids as t on t.id = x.other_id
    join group_reach as r on r.target = t.key and r.read_now
    join history.grants as g on g.resource = r.via and g.kind = 'member' and as_of(g.valid_from, g.valid_to)
    join history.ids as i on i.key = g.principal
    anti join scopes_unread as u on u.kind = 'member' and u.resource = g.resource
),
conflicts as (
    select l.*, p.other_id, o.package_name as other_name, '' as inside, o.began_by as other_began_by
    from pairs as p
    join live as l on l.package_id = p.package_id
    join live as o on o.package_id = p.other_id and o.principal_id = l.principal_id
    union all
    select l.*, p.other_id, coalesce(g.name, p.other_id), 'is in the group ', null
    from pairs as p
    join live as l on l.package_id = p.package_id
    join inside as n on n.other_id = p.other_id and n.principal_id = l.principal_id
    left join resources as g on g.id = p.other_id
)
select
    'high' as severity,
    'high' as confidence,
    b.principal_id,
    null as resource_id,
    null as kind,
    null as role_id,
    null as path,
    b.package_id,
    null as policy_id,
    k.catalog_id,
    b.assignment_id,
    null as request_id,
    null as review_instance_id,
    who_acts(c.owner_id, c.other_owner_id, b.principal_id) as owner_id,
    greatest(b.began_by, b.other_began_by) as since,
    b.other_began_by is not null as since_exact,
    format('{} holds “{}” and {}“{}”, which were declared incompatible.',
        coalesce(b.principal_name, b.principal_id), b.package_name, b.inside, b.other_name) as reason,
    'Decide which of the two the person needs, and end the other.' as fix,
    p.user_principal_name as principal_upn,
    b.other_id,
    b.other_name
from conflicts as b
left join principals as p on p.id = b.principal_id
join package_names as k on k.id = b.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
order by all
