-- One row per key of history.ids through which a principal holds or could hold access: itself, and groups around it.
-- column holder: The key.
with recursive base as (
    select i.key, i.id from history.ids as i where i.key > 0
),
-- The owners of a group are a principal of their own in SharePoint.
owners as (
    select g.key as team, o.key as owners
    from base as g
    join base as o on o.id = g.id || '_o'
),
links as (
    select g.principal as inner_key, g.resource as outer_key
    from history.grants as g
    where g.kind in ('member', 'eligible_member') and as_of(g.valid_from, g.valid_to)
    union all
    select g.principal, o.owners
    from history.grants as g
    join owners as o on o.team = g.resource
    where g.kind in ('owner', 'eligible_owner') and as_of(g.valid_from, g.valid_to)
),
reach as (
    select b.key as holder
    from base as b
    where b.id = getvariable('principal_id')
        or b.id in (select unnest(getvariable('principal_classes')))
    union
    select l.outer_key
    from reach as r
    join links as l on l.inner_key = r.holder
)
select r.holder from reach as r
