-- One row per site and group that SharePoint itself puts into it: the Microsoft 365 group that the site belongs to.
-- column site_id: The site.
-- column group_id: The group; the ending _o stands for its owners.
with sites_now as (
    select s.id, lower(url_decode(regexp_extract(s.web_url, '([^/]+)/*$', 1))) as last_part
    from history.sites as s
    where as_of(s.valid_from, s.valid_to)
)
select s.id as site_id, unnest([g.id, g.id || '_o']) as group_id
from sites_now as s
join history.groups as g on lower(split_part(g.mail, '@', 1)) = s.last_part
where as_of(g.valid_from, g.valid_to)
    and list_contains(g.group_types, 'Unified')
