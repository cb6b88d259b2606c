-- One row per package and resource role in it.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column kind: The kind of grant it gives; null where the role cannot be mapped to one.
-- column resource_id: The resource, as its grants name it.
-- column resource_name: Name of the resource.
-- column role_id: The role, as its grants name it.
-- column role_name: Name of the role.
-- column origin_system: AadGroup, AadApplication, SharePointOnline or DirectoryRole.
-- column role_origin_id: The role as entitlement management writes it.
-- column scope_origin_id: The resource as entitlement management writes it.
select
    k.package_id,
    p.name as package_name,
    k.kind,
    k.resource_id,
    r.name as resource_name,
    k.role_id,
    k.role_name,
    k.origin_system,
    k.role_origin_id,
    k.scope_origin_id
from package_role_lives as k
left join package_names as p on p.id = k.package_id
left join resources as r on r.id = k.resource_id
where k.in_package
