-- One row per package and resource role, and each time the role was in the package.
-- column package_id: The package.
-- column kind: The kind of grant that the role gives; null where it cannot be mapped.
-- column resource_id: The resource, as its grants name it.
-- column role_id: The role, as its grants name it; empty for member and owner, the whole directory for its roles.
-- column role_name: Name of the role.
-- column origin_system: AadGroup, AadApplication, SharePointOnline or DirectoryRole.
-- column role_origin_id: The role as entitlement management writes it.
-- column scope_origin_id: The resource as entitlement management writes it.
-- column resource: Key of the resource in history.ids; null if nothing was ever granted on it.
-- column role: Key of the role in history.ids; null if it was never granted.
-- column arrived_after: The role joined the package after this instant; null: unknown.
-- column arrived_by: ... and at the latest at this one.
-- column in_package: Whether the role is in the package at the snapshot.
-- column left_after: The role left the package after this instant; null while it is in it.
-- column left_by: ... and at the latest at this one.
with roles as (
    select
        r.*,
        lower(replace(split_part(r.role_origin_id, '_', 1), ' ', '')) as group_role,
        lower(r.origin_system) as origin
    from history.package_roles as r
    where r.valid_from <= current_snapshot_id()
),
mapped as (
    select
        r.package_id,
        r.role_name,
        r.origin_system,
        r.role_origin_id,
        r.scope_origin_id,
        r.valid_from,
        case when r.valid_to <= current_snapshot_id() then r.valid_to end as valid_to,
        real_instant(r.created_at) as created_at,
        case
            when r.scope_origin_id is null or r.role_origin_id is null then null
            when r.origin = 'aadgroup' and r.group_role = 'member' then 'member'
            when r.origin = 'aadgroup' and r.group_role = 'owner' then 'owner'
            when r.origin = 'aadgroup' and r.group_role = 'eligiblemember' then 'eligible_member'
            when r.origin = 'aadgroup' and r.group_role = 'eligibleowner' then 'eligible_owner'
            when r.origin = 'aadapplication' then 'app_role'
            when r.origin = 'sharepointonline' then 'site_group'
            when r.origin = 'directoryrole' and r.group_role = 'active' then 'directory_role'
            when r.origin = 'directoryrole' and r.group_role = 'eligible' then 'eligible_directory_role'
        end as kind
    from roles as r
),
sites_by_address as (
    select site_address(s.web_url) as address, arg_max(s.id, s.valid_from) as id
    from history.sites as s
    where s.valid_from <= current_snapshot_id()
    group by all
),
-- A role of the directory may be named by its template.
roles_by_template as (
    select d.template_id, arg_max(d.id, d.valid_from) as id
    from history.role_definitions as d
    where d.valid_from <= current_snapshot_id()
    group by all
),
keyed as (
    select
        m.*,
        case
            when m.kind = 'site_group' then coalesce(t.id, site_address(m.scope_origin_id))
            when m.kind in ('directory_role', 'eligible_directory_role')
                then coalesce(d.id, lower(m.scope_origin_id))
            else lower(m.scope_origin_id)
        end as resource_id,
        case
            when m.kind in ('app_role', 'site_group') then lower(m.role_origin_id)
            when m.kind in ('directory_role', 'eligible_directory_role') then '/'
            else ''
        end as role_id
    from mapped as m
    left join sites_by_address as t on m.kind = 'site_group' and t.address = site_address(m.scope_origin_id)
    left join roles_by_template as d on d.template_id = lower(m.scope_origin_id)
)
select
    k.package_id,
    k.kind,
    k.resource_id,
    k.role_id,
    k.role_name,
    k.origin_system,
    k.role_origin_id,
    k.scope_origin_id,
    re.key as resource,
    ro.key as role,
    case when k.created_at is not null then k.created_at else earlier.taken_at end as arrived_after,
    coalesce(k.created_at, first.taken_at) as arrived_by,
    k.valid_to is null as in_package,
    last.taken_at as left_after,
    gone.taken_at as left_by
from keyed as k
join history.snapshots as first on first.id = k.valid_from
left join collection_readings as before_first
    on before_first.collection = 'package_roles' and before_first.snapshot_id = k.valid_from
left join scope_readings as before_first_gap
    on before_first_gap.collection = 'package_roles' and before_first_gap.scope = k.package_id
    and before_first_gap.snapshot_id = k.valid_from
left join history.snapshots as earlier on earlier.id
    = case when before_first_gap.scope is not null then before_first_gap.before_id else before_first.before_id end
left join history.snapshots as gone on gone.id = k.valid_to
left join collection_readings as before_gone
    on before_gone.collection = 'package_roles' and before_gone.snapshot_id = k.valid_to
left join scope_readings as before_gap
    on before_gap.collection = 'package_roles' and before_gap.scope = k.package_id
    and before_gap.snapshot_id = k.valid_to
left join history.snapshots as last on last.id
    = case when before_gap.scope is not null then before_gap.before_id else before_gone.before_id end
left join history.ids as re on re.id = k.resource_id
left join history.ids as ro on ro.id = k.role_id
