-- One row per principal: whoever holds or held access, and every account, group and application in the lists.
-- column id: Directory object id; with _o the owners of a group, as SharePoint names them; or SharePoint's word for everybody.
-- column name: The name to call it by; the last one known if it is gone.
-- column user_principal_name: Sign-in name, for accounts.
-- column type: user, guest, group, service_principal or unknown (in no list).
-- column service_type: What the service itself calls it, where a grant said so: device, orgcontact, ...
-- column enabled: False: sign-in is blocked.
-- column present: Whether it stands in a list of the snapshot; false: gone, or never listed.
with persons as (
    select arg_max(u, u.valid_from) as u, bool_or(as_of(u.valid_from, u.valid_to)) as present
    from history.users as u
    where u.valid_from <= current_snapshot_id()
    group by u.id
),
teams as (
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
lists as (
    select
        a.u.id as id,
        shown_name(a.u.name, a.u.user_principal_name, a.u.id) as name,
        a.u.user_principal_name as user_principal_name,
        case when lower(a.u.user_type) = 'guest' or a.u.user_principal_name ilike '%#ext#%'
            then 'guest' else 'user' end as type,
        a.u.enabled as enabled,
        a.present
    from persons as a
    union all
    select t.g.id, shown_name(t.g.name, null, t.g.id), null, 'group', null, t.present
    from teams as t
    union all
    select p.s.id, shown_name(p.s.name, p.s.app_id, p.s.id), null, 'service_principal', p.s.enabled, p.present
    from applications as p
),
-- Accounts that only the recycle bin ever showed.
binned as (
    select arg_max(d, d.valid_from) as d
    from history.deleted_users as d
    where d.valid_from <= current_snapshot_id()
    group by d.id
),
known as (
    select id, name, user_principal_name, type, enabled, present from lists
    union all
    select l.id || '_o', 'Owners of ' || l.name, null, 'group', null, l.present
    from lists as l
    where l.type = 'group'
    union all
    select i.id, everybody(i.id), null, 'group', null, true from history.ids as i where everybody(i.id) is not null
    union all
    select b.d.id, shown_name(b.d.name, b.d.user_principal_name, b.d.id), b.d.user_principal_name, 'user', false, false
    from binned as b
    anti join lists as l on l.id = b.d.id
)
select
    coalesce(k.id, i.id) as id,
    coalesce(k.name, i.id) as name,
    k.user_principal_name,
    coalesce(k.type, 'unknown') as type,
    i.type as service_type,
    k.enabled,
    coalesce(k.present, false) as present
from known as k
full join (from history.ids where key > 0) as i on i.id = k.id
