-- One row per resource under review, and resource through which access to it can be held: itself, or a group inside it.
-- column target: Key of the reviewed resource in history.ids.
-- column via: Key of the resource, or of the group whose members have the access too.
with recursive groups_inside as (
    select distinct g.resource, g.principal as child
    from history.grants as g
    join history.ids as i on i.key = g.principal
    where i.type = 'group' and g.kind in ('member', 'app_role') and g.valid_from <= current_snapshot_id()
),
reach as (
    select i.key as target, i.key as via
    from (
        select distinct d.resource_id from review_decisions as d where d.ended and d.resource_id is not null
    ) as d
    join history.ids as i on i.id = d.resource_id
    union
    select r.target, c.child
    from reach as r
    join groups_inside as c on c.resource = r.via
)
select target, via from reach
