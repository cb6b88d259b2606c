-- One row per principal and resource role that its assignments gave it, as entitlement management remembers it.
-- column id: Id of the delivered role.
-- column status: Fulfilled, PendingFulfillment, ...
-- column principal_id: To whom.
-- column principal_name: Name of the one to whom.
-- column kind: The kind of grant it gives; null where no package that was read has this role.
-- column resource_id: The resource, as its grants name it.
-- column resource_name: Name of the resource.
-- column role_id: The role, as its grants name it.
-- column role_name: Name of the role.
-- column origin_system: AadGroup, AadApplication, SharePointOnline or DirectoryRole.
-- column role_origin_id: The role as entitlement management writes it.
-- column scope_origin_id: The resource as entitlement management writes it.
-- column assignment_ids: The assignments that gave it.
-- column package_names: Names of the packages that they are to.
with delivered as (
    select d.* from history.delivered_roles as d where as_of(d.valid_from, d.valid_to)
),
roles as (
    select
        lower(k.origin_system) as origin,
        lower(k.role_origin_id) as role_origin_id,
        lower(k.scope_origin_id) as scope_origin_id,
        min(k.kind) as kind,
        min(k.resource_id) as resource_id,
        min(k.role_id) as role_id,
        min(k.role_name) as role_name
    from package_role_lives as k
    group by all
),
given as (
    select d.id, unnest(d.assignment_ids) as assignment_id from delivered as d
),
packaged as (
    select g.id, list(distinct p.name order by p.name) as package_names
    from given as g
    join history.assignments as a on a.id = g.assignment_id and as_of(a.valid_from, a.valid_to)
    join package_names as p on p.id = a.package_id
    group by g.id
)
select
    d.id,
    d.status,
    d.principal_id,
    p.name as principal_name,
    k.kind,
    k.resource_id,
    r.name as resource_name,
    k.role_id,
    k.role_name,
    d.origin_system,
    d.role_origin_id,
    d.scope_origin_id,
    d.assignment_ids,
    n.package_names
from delivered as d
left join roles as k
    on k.origin = lower(d.origin_system)
    and k.role_origin_id = lower(d.role_origin_id)
    and k.scope_origin_id = lower(d.scope_origin_id)
left join principals as p on p.id = d.principal_id
left join resources as r on r.id = k.resource_id
left join packaged as n on n.id = d.id
