-- One row per grant: a principal holds a role on a resource.
-- column principal_id: Who holds it.
-- column principal_name: Name of who holds it.
-- column principal_type: user, guest, group, service_principal or unknown.
-- column kind: member, owner, app_role, site_group, site_role, directory_role, or as eligible_...
-- column resource_id: To what.
-- column resource_name: Name of the resource.
-- column role_id: App role, site group, permission level, or a directory role's scope; empty for member and owner.
-- column role_name: Name of the role.
-- column granted_at: Since when, where the service dates it.
-- column ends_at: Until when, where the service says so of what may be activated; null = for ever, or nobody says.
-- column first_seen_at: The first snapshot that shows it.
select
    pr.id as principal_id,
    p.name as principal_name,
    p.type as principal_type,
    g.kind::varchar as kind,
    re.id as resource_id,
    r.name as resource_name,
    ro.id as role_id,
    role_label(n.name, g.kind::varchar, ro.id) as role_name,
    g.granted_at,
    real_instant(g.ends_at) as ends_at,
    s.taken_at as first_seen_at
from history.grants as g
join history.ids as pr on pr.key = g.principal
join history.ids as re on re.key = g.resource
join history.ids as ro on ro.key = g.role
join history.snapshots as s on s.id = g.valid_from
left join principals as p on p.id = pr.id
left join resources as r on r.id = re.id
left join role_names as n on n.kind = g.kind::varchar and n.resource_id = re.id and n.role_id = ro.id
where as_of(g.valid_from, g.valid_to)
