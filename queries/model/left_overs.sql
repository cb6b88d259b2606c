-- One row per principal and package of which an ended assignment left something behind, of what was read and can be judged.
-- column principal_id: Who holds it; no group, device or contact.
-- column principal_name: Name of who holds it.
-- column package_id: The package that had given it.
-- column package_name: Name of the package.
-- column confidence: high if that is sure of one of the grants.
-- column kind: The kind of the surest grant, by which the others are told.
-- column resource_id: Its resource.
-- column resource_name: Name of its resource.
-- column role_id: Its role.
-- column role_name: Name of its role.
-- column grants: All of them: kind, resource_id, resource_name, role_id, role_name.
-- column other_packages: Names of further ended packages with the same roles.
with left_over as (
    select
        g.*,
        {
            'kind': g.kind,
            'resource_id': g.resource_id,
            'resource_name': g.resource_name,
            'role_id': g.role_id,
            'role_name': g.role_name
        } as told,
        row_number() over (
            partition by g.principal_id, g.package_id
            -- The sentence is about the surest of them.
            order by g.confidence, g.explanation, g.kind, g.resource_id, g.role_id
        ) as place
    from explained_grants as g
    where g.explanation in ('ended', 'ended_censored')
        and g.read_now
        and g.assessable
        and g.principal_type <> 'group'
        and coalesce(g.service_type, '') not in ('device', 'orgcontact')
),
bundles as (
    select
        l.principal_id,
        any_value(l.principal_name) as principal_name,
        l.package_id,
        any_value(l.package_name) as package_name,
        min(l.confidence) as confidence,
        arg_min(l.told, l.place) as surest,
        list(l.told order by l.place) as grants,
        list_distinct(flatten(list(coalesce(l.other_packages, [])))) as other_packages
    from left_over as l
    group by l.principal_id, l.package_id
)
select
    b.principal_id,
    b.principal_name,
    b.package_id,
    b.package_name,
    b.confidence,
    b.surest.kind as kind,
    b.surest.resource_id as resource_id,
    b.surest.resource_name as resource_name,
    b.surest.role_id as role_id,
    b.surest.role_name as role_name,
    b.grants,
    nullif(list_sort(b.other_packages), []) as other_packages
from bundles as b
