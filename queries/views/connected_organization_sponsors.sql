-- One row per partner organisation and person or group that vouches for its people.
-- column organization_id: The partner organisation.
-- column organization_name: Name of the partner organisation.
-- column kind: internal, or external: of the partner's own people.
-- column sponsor_id: Who vouches.
-- column sponsor_name: Name of who vouches.
-- column sponsor_type: user, guest, group or unknown (in no list).
select
    split_part(s.organization_list, '/', 1) as organization_id,
    o.name as organization_name,
    replace(split_part(s.organization_list, '/', 2), 'sponsors', '') as kind,
    s.id as sponsor_id,
    p.name as sponsor_name,
    coalesce(p.type, 'unknown') as sponsor_type
from history.connected_organization_sponsors as s
left join connected_organizations as o on o.id = split_part(s.organization_list, '/', 1)
left join principals as p on p.id = s.id
where as_of(s.valid_from, s.valid_to)
