-- One row per principal and record of any time that tells something of it: an id alone, a name, an address.
-- column id: Its id; the ending _o stands for the owners of a group, as SharePoint names them.
-- column name: Its name there.
-- column address: Its sign-in name.
-- column other: Its mail address or application id.
-- column type: user, guest, group, service_principal or unknown.
-- column seen: The snapshot that told it; what is no list of its own comes last.
select u.id, u.name, u.user_principal_name as address, u.mail as other,
    case when lower(u.user_type) = 'guest' or u.user_principal_name ilike '%#ext#%' then 'guest' else 'user' end
        as type,
    u.valid_from as seen
from history.users as u
union all
select g.id, g.name, null, g.mail, 'group', g.valid_from from history.groups as g
union all
select g.id || '_o', 'Owners of ' || g.name, null, null, 'group', g.valid_from from history.groups as g
union all
select s.id, s.name, null, s.app_id, 'service_principal', s.valid_from from history.service_principals as s
union all
select d.id, d.name, d.user_principal_name, null, 'user', 0 from history.deleted_users as d
union all
select d.id, d.name, null, null, 'group', 0 from history.deleted_groups as d
union all
select i.id, everybody(i.id), null, null, case when everybody(i.id) is null then 'unknown' else 'group' end, -1
from history.ids as i where i.key > 0
union all
select a.principal_id, a.principal_name, null, null, 'unknown', -1 from history.assignments as a
union all
select q.principal_id, null, null, null, 'unknown', -1 from history.requests as q
union all
select q.requestor_id, null, null, null, 'unknown', -1 from history.requests as q
union all
select d.principal_id, d.principal_name, null, null, 'unknown', -1 from history.review_decisions as d
union all
select f.principal_id, null, null, null, 'unknown', -1 from history.findings as f
