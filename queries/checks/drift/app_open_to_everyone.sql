-- title: Applications that anybody may use without the package
-- headline: applications open to everyone
-- severity: high
-- reads: service_principals(assignment_required, enabled)
-- reads: package_roles(role_origin_id, origin_system, scope_origin_id)
-- shows: packages, users, catalog_role_assignments, service_principal_owners
-- key: resource_id
-- proof: service_principals
-- means: A package gives these applications, and everybody may use them without it: they require no assignment.
-- why: The list of who is assigned is not the list of who has access: no end, approval or review of the package counts.
-- fix: Require an assignment, once everybody who needs the application has its package.
-- controls: nist-800-53r5:AC-3, nist-800-53r5:AC-6, iso-27001:A.5.15, pci-dss-4.0.1:7.2.3, soc-2:CC6.1
-- example: “Travel desk” gives the application Contoso Travel, which since August 2026 lets anybody in.
with packaged as (
    select
        k.resource_id,
        arg_min(n, [lower(n.name), n.id]) as first,
        list(distinct n.name order by n.name) as names,
        min(k.arrived_by) as arrived_by
    from package_role_lives as k
    join package_names as n on n.id = k.package_id
    where k.in_package and k.kind = 'app_role'
    group by k.resource_id
),
-- Since when nobody has needed an assignment, as far as snapshots tell; not those that require one now.
opened as (
    select s.id, min(s.valid_from) as first_snapshot_id
    from history.service_principals as s
    left join (
        select v.id, max(v.valid_from) as last_closed
        from history.service_principals as v
        where v.assignment_required is not false and v.valid_from <= current_snapshot_id()
        group by v.id
    ) as e on e.id = s.id
    where s.valid_from <= current_snapshot_id()
        and (e.last_closed is null or s.valid_from > e.last_closed)
    group by s.id
)
select
    'high' as severity,
    'high' as confidence,
    null as principal_id,
    k.resource_id,
    null as kind,
    null as role_id,
    null as path,
    k.first.id as package_id,
    null as policy_id,
    k.first.catalog_id as catalog_id,
    null as assignment_id,
    null as request_id,
    null as review_instance_id,
    coalesce(o.owner_id, c.owner_id) as owner_id,
    greatest(t.taken_at, k.arrived_by) as since,
    false as since_exact,
    format('Everybody may use “{}”, which comes with “{}”: it requires no assignment, since at least {}.',
        shown_name(s.name, s.app_id, s.id), array_to_string(k.names, '” and “'),
        day(greatest(t.taken_at, k.arrived_by))) as reason,
    'Require an assignment in the properties of the application in Entra.' as fix,
    k.names as packages,
    'Everybody' as open_to
from packaged as k
join history.service_principals as s on s.id = k.resource_id and as_of(s.valid_from, s.valid_to)
join opened as p on p.id = s.id
join history.snapshots as t on t.id = p.first_snapshot_id
left join resource_owners as o on o.resource_id = k.resource_id
left join catalog_owners as c on c.catalog_id = k.first.catalog_id
-- Nobody can sign in to an application that is switched off.
where s.enabled is not false
order by all
