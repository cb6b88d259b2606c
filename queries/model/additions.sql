-- One row per event of the log that says who gave access to whom; a lead, never a proof: the log may lack it.
-- column event_id: The event in directory_audits.
-- column added_at: When it happened.
-- column kind: member, owner or app_role.
-- column principal_id: Who got it.
-- column principal_name: Name of who got it.
-- column resource_id: To what.
-- column resource_name: Name of the resource.
-- column role_id: The app role; empty for member and owner.
-- column role_name: Name of the role.
-- column by_id: Who gave it: a person or an application; null: the log does not say.
-- column by_name: Name of who gave it.
with told as (
    select
        a.id,
        a.activity_at,
        a.by_id,
        a.by_name,
        -- Microsoft's own pages spell the same activity in several ways, so its beginning must do.
        case
            when a.activity ilike 'add app role assignment%' then 'app_role'
            when lower(a.category) = 'groupmanagement' and a.activity ilike 'add member%' then 'member'
            when lower(a.category) = 'groupmanagement' and a.activity ilike 'add owner%' then 'owner'
        end as kind,
        log_targets(a.targets) as touched
    from directory_audits as a
    where lower(a.result) = 'success'
),
targets as (
    select t.id, t.kind, unnest(t.touched) as target
    from told as t
    where t.kind is not null
),
named as (
    select
        t.id,
        t.kind,
        lower(t.target.id) as target_id,
        lower(t.target.type) as type,
        -- A group stands in what changed of its new member; so does the role in what changed of its application.
        new_value(t.target.modifiedProperties, 'Group.ObjectID') as group_id,
        new_value(t.target.modifiedProperties, 'AppRole.Id') as role_id,
        coalesce(
            new_value(t.target.modifiedProperties, 'User.ObjectID'),
            new_value(t.target.modifiedProperties, 'Group.ObjectID'),
            new_value(t.target.modifiedProperties, 'ServicePrincipal.ObjectID')
        ) as holder_id
    from targets as t
),
resource as (
    select
        n.id,
        case
            when n.kind = 'app_role' then max(n.target_id) filter (n.role_id is not null)
            else coalesce(max(n.group_id), max(n.target_id) filter (n.type = 'group'))
        end as resource_id,
        case when n.kind = 'app_role' then max(n.role_id) else '' end as role_id,
        max(n.holder_id) filter (n.role_id is not null) as holder_id
    from named as n
    group by n.id, n.kind
),
holders as (
    select s.id, s.holder_id as principal_id
    from resource as s
    where s.holder_id is not null
    union
    select s.id, n.target_id
    from resource as s
    join named as n on n.id = s.id
    where s.holder_id is null and n.target_id <> s.resource_id
)
select
    t.id as event_id,
    t.activity_at as added_at,
    t.kind,
    h.principal_id,
    coalesce(p.name, h.principal_id) as principal_name,
    s.resource_id,
    coalesce(r.name, s.resource_id) as resource_name,
    s.role_id,
    role_label(n.name, t.kind, s.role_id) as role_name,
    t.by_id,
    t.by_name
from resource as s
join told as t on t.id = s.id
join holders as h on h.id = s.id
left join principals as p on p.id = h.principal_id
left join resources as r on r.id = s.resource_id
left join role_names as n on n.resource_id = s.resource_id and n.role_id = s.role_id
