-- One row per principal and package of which an ended assignment left something behind, of what was read and can be judged.
-- column principal_id: Who holds it; no group, device or contact.
-- column principal_name: Name of who holds it.
-- column package_id: The package that had given it.
-- column package_name: Name of the package.
-- column confidence: high if that is sure of one of the grants.
-- column explanation: Of the surest grant, by which the others are told: ended or ended_censored.
-- column kind: Its kind.
-- column resource_id: Its resource.
-- column resource_name: Name of its resource.
-- column role_id: Its role.
-- column role_name: Name of its role.
-- column began_after: It began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column assignment_id: The assignment that had given it.
-- column request_id: The request that proves that assignment, if no snapshot showed it.
-- column policy_id: The assignment's policy.
-- column policy_name: Name of the policy.
-- column catalog_id: The package's catalog.
-- column catalog_name: Name of the catalog.
-- column ended_after: The assignment ended after this instant (or at it).
-- column ended_by: ... and at the latest at this one.
-- column user_principal_name: Sign-in name of who holds it.
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
        l.package_id,
        min(l.confidence) as confidence,
        arg_min(l, l.place) as surest,
        list(l.told order by l.place) as grants,
        list_distinct(flatten(list(coalesce(l.other_packages, [])))) as other_packages
    from left_over as l
    group by l.principal_id, l.package_id
)
select
    b.principal_id,
    b.surest.principal_name as principal_name,
    b.package_id,
    b.surest.package_name as package_name,
    b.confidence,
    b.surest.explanation as explanation,
    b.surest.kind as kind,
    b.surest.resource_id as resource_id,
    b.surest.resource_name as resource_name,
    b.surest.role_id as role_id,
    b.surest.role_name as role_name,
    b.surest.began_after as began_after,
    b.surest.began_by as began_by,
    b.surest.assignment_id as assignment_id,
    b.surest.request_id as request_id,
    b.surest.policy_id as policy_id,
    b.surest.policy_name as policy_name,
    b.surest.catalog_id as catalog_id,
    b.surest.catalog_name as catalog_name,
    b.surest.ended_after as ended_after,
    b.surest.ended_by as ended_by,
    b.surest.user_principal_name as user_principal_name,
    b.grants,
    nullif(list_sort(b.other_packages), []) as other_packages
from bundles as b
