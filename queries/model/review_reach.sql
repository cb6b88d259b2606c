-- One row per resource under review, and resource through which access to it can be held: itself, or a group inside it.
-- column target: Key of the reviewed resource in history.ids.
-- column via: Key of the resource, or of the group whose members have the access too.
-- column is_now: Whether the group is inside at the snapshot; false: it once was.
with recursive groups_inside as (
    select
        g.kind,
        g.resource,
        g.principal as child,
        bool_or(as_of(g.valid_from, g.valid_to)) as is_now
    from history.grants as g
    join history.ids as i on i.key = g.principal
    where i.type = 'group' and g.kind in ('member', 'app_role') and g.valid_from <= current_snapshot_id()
    group by all
),
reach as (
    select i.key as target, i.key as via, true as is_now, false as of_application
    from (
        select distinct d.resource_id from review_decisions as d where d.ended and d.resource_id is not null
    ) as d
    join history.ids as i on i.id = d.resource_id
    union
    -- An application honours the direct members of a group only.
    select r.target, c.child, r.is_now and c.is_now, c.kind = 'app_role'
    from reach as r
    join groups_inside as c on c.resource = r.via
    where not r.of_application
)
select r.target, r.via, bool_or(r.is_now) as is_now
from reach as r
group by r.target, r.via
