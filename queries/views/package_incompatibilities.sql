-- One row per package and package or group that nobody may hold beside it, as it was declared.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column other_id: The other package, or the group.
-- column other_name: Its name.
-- column other_type: package or group.
with declared as (
    select
        i.package_id,
        unnest(from_json(i.packages, '[{"id": "VARCHAR", "displayName": "VARCHAR"}]')) as other,
        'package' as other_type
    from history.package_incompatibilities as i
    where as_of(i.valid_from, i.valid_to)
    union all
    select
        i.package_id,
        unnest(from_json(i.groups, '[{"id": "VARCHAR", "displayName": "VARCHAR"}]')),
        'group'
    from history.package_incompatibilities as i
    where as_of(i.valid_from, i.valid_to)
)
select
    d.package_id,
    k.name as package_name,
    lower(d.other.id) as other_id,
    coalesce(o.name, g.name, d.other.displayName) as other_name,
    d.other_type
from declared as d
left join package_names as k on k.id = d.package_id
left join package_names as o on d.other_type = 'package' and o.id = lower(d.other.id)
left join resources as g on d.other_type = 'group' and g.id = lower(d.other.id)
