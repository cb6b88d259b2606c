-- One row per resource: what access can be to.
-- column id: Object id of a group or application, id of a site or of a role's definition.
-- column name: The name to call it by; the last one known if it is gone.
-- column type: group, application, site or directory_role.
-- column dynamic: Members come and go by a rule; no package can add or remove them.
-- column synced: Members are ruled by an on-premises directory.
-- column mail_only: A distribution list or mail-enabled security group, which Exchange rules.
-- column left_out: Whether its grants are left unread by rule: Microsoft's own applications, personal sites.
-- column present: Whether it stands in a list of the snapshot.
with teams as (
    select arg_max(g, g.valid_from) as g, bool_or(as_of(g.valid_from, g.valid_to)) as present
    from history.groups as g
    where g.valid_from <= current_snapshot_id()
    group by g.id
),
applications as (
    select arg_max(s, s.valid_from) as s, bool_or(as_of(s.valid_from, s.valid_to)) as present
    from history.service_principals as s
    where s.valid_from <= current_snapshot_id()
    group by s.id
),
places as (
    select arg_max(w, w.valid_from) as w, bool_or(as_of(w.valid_from, w.valid_to)) as present
    from history.sites as w
    where w.valid_from <= current_snapshot_id()
    group by w.id
),
directory_roles as (
    select arg_max(d, d.valid_from) as d, bool_or(as_of(d.valid_from, d.valid_to)) as present
    from history.role_definitions as d
    where d.valid_from <= current_snapshot_id()
    group by d.id
)
select
    t.g.id as id,
    shown_name(t.g.name, null, t.g.id) as name,
    'group' as type,
    coalesce(list_contains(t.g.group_types, 'DynamicMembership'), false) as dynamic,
    coalesce(t.g.synced, false) as synced,
    coalesce(t.g.mail_enabled, false) and not coalesce(list_contains(t.g.group_types, 'Unified'), false) as mail_only,
    false as left_out,
    t.present
from teams as t
union all
select p.s.id, shown_name(p.s.name, p.s.app_id, p.s.id), 'application', false, false, false,
    coalesce(p.s.owner_tenant_id = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a', false), p.present
from applications as p
union all
select w.w.id, shown_name(w.w.name, w.w.web_url, w.w.id), 'site', false, false, false,
    coalesce(w.w.personal, false), w.present
from places as w
union all
select d.d.id, shown_name(d.d.name, null, d.d.id), 'directory_role', false, false, false, false, d.present
from directory_roles as d
