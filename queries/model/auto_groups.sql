-- One row per package and dynamic group that has the rule of an auto-assignment policy of it: the group Entra made for it.
-- column package_id: The package.
-- column group_id: The group.
with rules as (
    select
        p.package_id,
        unnest(from_json(p.allowed_targets, '[{"membershipRule": "VARCHAR"}]')).membershipRule as rule
    from history.policies as p
    where as_of(p.valid_from, p.valid_to)
        and nullif(p.automatic::varchar, 'null') is not null
)
select distinct r.package_id, g.id as group_id
from rules as r
join history.groups as g
    on lower(regexp_replace(g.membership_rule, '\s', '', 'g')) = lower(regexp_replace(r.rule, '\s', '', 'g'))
where as_of(g.valid_from, g.valid_to)
    and list_contains(g.group_types, 'DynamicMembership')
