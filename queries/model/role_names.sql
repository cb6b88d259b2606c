-- One row per role that has a name: what a grant's role is called.
-- column kind: The kind of grant.
-- column resource_id: The resource.
-- column role_id: The role; empty for member and owner.
-- column name: The name to call it by.
with app_roles as (
    select
        s.id as resource_id,
        unnest(from_json(s.app_roles, '[{"id": "VARCHAR", "displayName": "VARCHAR", "value": "VARCHAR"}]')) as role
    from history.service_principals as s
    where as_of(s.valid_from, s.valid_to)
),
named as (
    select 'app_role' as kind, a.resource_id, lower(a.role.id) as role_id,
        coalesce(nullif(a.role.displayName, ''), a.role.value) as name
    from app_roles as a
    union all
    select k.kind, k.resource_id, k.role_id, k.role_name
    from package_role_lives as k
    where k.kind in ('app_role', 'site_group')
)
select n.kind, n.resource_id, n.role_id, any_value(n.name order by n.name) as name
from named as n
group by all
