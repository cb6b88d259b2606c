-- One row per resource or package and record of any time that tells something of it: an id alone, a name, an address.
-- column id: Its id.
-- column name: Its name there.
-- column address: A site's address.
-- column other: A group's mail address, an application's id, or the template of a directory role.
-- column type: group, application, site, directory_role, package or unknown.
-- column seen: The snapshot that told it; what is no list of its own comes last.
select g.id, g.name, null as address, g.mail as other, 'group' as type, g.valid_from as seen from history.groups as g
union all
select s.id, s.name, null, s.app_id, 'application', s.valid_from from history.service_principals as s
union all
select w.id, w.name, site_address(w.web_url), null, 'site', w.valid_from
from history.sites as w
union all
select r.id, r.name, null, r.template_id, 'directory_role', r.valid_from from history.role_definitions as r
union all
select p.id, p.name, null, null, 'package', p.valid_from from history.packages as p
union all
select d.id, d.name, null, null, 'group', 0 from history.deleted_groups as d
union all
select i.id, null, null, null, 'unknown', -1 from history.ids as i where i.key > 0
union all
select coalesce(site_address(r.scope_origin_id), ''), null, null, null, 'unknown', -1
from history.package_roles as r
-- A site goes by its id; one that no list ever held, by its address.
where not exists (select 1 from history.sites as w where site_address(w.web_url) = site_address(r.scope_origin_id))
union all
select d.resource_id, d.resource_name, null, null, 'unknown', -1 from history.review_decisions as d
union all
select d.package_id, null, null, null, 'package', -1 from history.review_decisions as d
union all
select a.package_id, null, null, null, 'package', -1 from history.assignments as a
union all
select q.package_id, null, null, null, 'package', -1 from history.requests as q
union all
select r.package_id, null, null, null, 'package', -1 from history.package_roles as r
union all
select f.resource_id, null, null, null, 'unknown', -1 from history.findings as f
