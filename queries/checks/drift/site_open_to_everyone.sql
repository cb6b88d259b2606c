-- title: Sites that everybody may enter without the package
-- headline: sites open to everyone
-- severity: high; low where only something inside the site is shared with everybody
-- packaged: site_members, site_role_assignments
-- requires: package_roles(role_origin_id, origin_system, scope_origin_id)
-- shows: sites, packages, users, catalog_role_assignments
-- key: resource_id, principal_id, role_id
-- means: A package gives these sites, and everybody is let in without it.
-- why: Who has the package is not who has access: no end, approval or review of the package applies to everybody.
-- fix: Take everybody out of the site’s groups and permissions, and assign the package to the people who need it.
-- controls: nist-800-53r5:AC-3, nist-800-53r5:AC-6, iso-27001:A.5.15, pci-dss-4.0.1:7.2.3, soc-2:CC6.1
-- example: “Everyone except external users” stands among the visitors of the site “Treasury desk”.
with packaged as (
    select
        k.resource_id,
        any_value(k.resource) as resource,
        arg_min(n, [lower(n.name), n.id]) as first,
        list(distinct n.name order by n.name) as names
    from package_role_lives as k
    join package_names as n on n.id = k.package_id
    where k.in_package and k.kind = 'site_group'
    group by k.resource_id
),
-- Of several lives the newest: whoever let everybody in again has to answer for that.
opened as (
    select
        k.*,
        pr.id as claim,
        g.kind::varchar as kind,
        ro.id as role_id,
        t.taken_at as since,
        g.kind = 'site_role' and ro.id = '1073741825' as inside_only
    from packaged as k
    join history.grants as g on g.resource = k.resource and g.kind in ('site_group', 'site_role')
    join history.ids as pr on pr.key = g.principal and everybody(pr.id) is not null
    join history.ids as ro on ro.key = g.role
    join history.snapshots as t on t.id = g.valid_from
    join kinds_read as r on r.kind = g.kind::varchar
    left join scopes_unread as x on x.kind = g.kind::varchar and x.resource = g.resource
    where as_of(g.valid_from, g.valid_to)
        and (r.whole and x.resource is null or g.valid_from = current_snapshot_id())
)
select
    case when p.inside_only then 'low' else 'high' end as severity,
    'high' as confidence,
    p.claim as principal_id,
    p.resource_id,
    p.kind,
    p.role_id,
    null as path,
    p.first.id as package_id,
    null as policy_id,
    p.first.catalog_id as catalog_id,
    null as assignment_id,
    null as request_id,
    null as review_instance_id,
    c.owner_id,
    p.since,
    false as since_exact,
    case when p.inside_only
        then format('Something inside the site “{}” is shared with “{}”, since at least {}.',
            coalesce(s.name, p.resource_id), everybody(p.claim), day(p.since))
        else format('“{}” {}, since at least {}.',
            everybody(p.claim),
            holds(p.kind, role_label(n.name, p.kind, p.role_id), coalesce(s.name, p.resource_id)), day(p.since))
    end || format(' The site comes with “{}”, which nobody needs for that.', array_to_string(p.names, '” and “'))
        as reason,
    case when p.inside_only
        then 'Find out in SharePoint what is shared so widely, and share it with those who need it.'
        else 'Take everybody out in SharePoint, and assign the package to the people who need it.'
    end as fix,
    p.names as packages
from opened as p
left join resources as s on s.id = p.resource_id
left join role_names as n on n.kind = p.kind and n.resource_id = p.resource_id and n.role_id = p.role_id
left join catalog_owners as c on c.catalog_id = p.first.catalog_id
order by all
