-- One row per compared grant, as the first of two snapshots explains and names it.
-- column kind: The kind of grant.
-- column resource_id: The resource.
-- column role_id: The role.
-- column principal_id: Who holds or held it.
-- column explanation: What explains it there; null where no package gives the role, or it is not there.
-- column confidence: How sure that is.
-- column assignment_id: The assignment behind it.
-- column package_id: The package behind it.
-- column package_name: Name of that package.
-- column principal_name: Name of the principal.
-- column principal_type: user, guest, group, service_principal or unknown.
-- column resource_name: Name of the resource.
-- column role_name: Name of the role.
-- column dynamic: Whether a rule fills the group.
-- column synced: Whether an on-premises directory fills it.
select
    c.kind,
    c.resource_id,
    c.role_id,
    c.principal_id,
    e.explanation,
    e.confidence,
    e.assignment_id,
    e.package_id,
    e.package_name,
    p.name as principal_name,
    p.type as principal_type,
    r.name as resource_name,
    n.name as role_name,
    coalesce(r.dynamic, false) as dynamic,
    coalesce(r.synced, false) as synced
from compared_grants as c
left join explained_grants as e
    on e.kind = c.kind and e.resource_id = c.resource_id and e.role_id = c.role_id and e.principal_id = c.principal_id
left join principals as p on p.id = c.principal_id
left join resources as r on r.id = c.resource_id
left join role_names as n on n.kind = c.kind and n.resource_id = c.resource_id and n.role_id = c.role_id
