-- One row per life of a grant on a role that is or was in a package, or on a resource under review, as keys of history.ids.
-- column kind: The kind of grant.
-- column resource: The resource.
-- column role: The role.
-- column principal: Who holds or held it.
-- column first_snapshot_id: The first snapshot that shows this life.
-- column began_after: It began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column open: Whether it is still there at the snapshot.
-- column gone_after: It went after this instant; null while it is there.
-- column gone_by: ... and at the latest at this one.
with roles as (
    select distinct k.kind::grant_kind as kind, k.resource, k.role
    from package_role_lives as k
    where k.kind is not null and k.resource is not null and k.role is not null
),
held as (
    select
        g.kind,
        g.resource,
        g.role,
        g.principal,
        real_instant(g.granted_at) as granted_at,
        g.valid_from,
        case when g.valid_to <= current_snapshot_id() then g.valid_to end as valid_to
    from history.grants as g
    left join roles as r on r.kind = g.kind and r.resource = g.resource and r.role = g.role
    where g.valid_from <= current_snapshot_id()
        and (r.kind is not null or g.resource in (select v.via from review_reach as v))
),
-- Only a grant that was gone once can have several lives; nearly all were not.
gone_once as (
    select distinct h.kind, h.resource, h.role, h.principal
    from held as h
    where h.valid_to is not null
),
in_turn as (
    select
        h.*,
        lag(h.valid_to) over life as hole_from,
        lag(h.granted_at) over life as earlier_granted_at
    from held as h
    semi join gone_once as o
        on o.kind = h.kind and o.resource = h.resource and o.role = h.role and o.principal = h.principal
    window life as (partition by h.kind, h.resource, h.role, h.principal order by h.valid_from)
),
-- Between which readings each hole lies: where its scope was read before, and in how many snapshots since.
hole_bounds as (
    select
        h.*,
        k.collection,
        i.id as scope,
        case when s.scope is not null then s.before_id else c.before_id end as seen_id
    from (
        select distinct t.kind, t.resource, t.hole_from, t.valid_from
        from in_turn as t
        where t.hole_from is not null
    ) as h
    join history.kinds as k on k.kind = h.kind
    join history.ids as i on i.key = h.resource
    left join collection_readings as c on c.collection = k.collection and c.snapshot_id = h.hole_from
    left join scope_readings as s
        on s.collection = k.collection and s.scope = i.id and s.snapshot_id = h.hole_from
),
small_holes as (
    select b.kind, b.resource, b.hole_from, b.valid_from
    from hole_bounds as b
    join history.snapshots as seen on seen.id = b.seen_id
    join history.snapshots as again on again.id = b.valid_from
    join history.coverage as c
        on c.collection = b.collection and c.snapshot_id > b.seen_id and c.snapshot_id < b.valid_from
    left join history.gaps as g
        on g.collection = b.collection and g.scope = b.scope and g.snapshot_id = c.snapshot_id
    group by all
    -- Missing once proves nothing if it was soon back, or if nobody could look the other times.
    having count(*) filter (c.whole and g.scope is null) = 1
        and (any_value(again.taken_at - seen.taken_at) < 3 * grace() or bool_or(not c.whole or g.scope is not null))
),
listed as (
    select u.id, u.valid_from, u.valid_to from history.users as u
    union all
    select s.id, s.valid_from, s.valid_to from history.service_principals as s
    union all
    select g.id, g.valid_from, g.valid_to from history.groups as g
),
holes as (
    select
        t.*,
        t.hole_from is null
            or t.granted_at <> t.earlier_granted_at
            or not (
                t.valid_from = t.hole_from
                or b.hole_from is not null
                or exists (
                    -- The principal itself was away: listed before, in no snapshot of the hole.
                    select 1 from listed as u
                    join history.ids as i on i.id = u.id
                    where i.key = t.principal and u.valid_to <= t.hole_from
                ) and not exists (
                    select 1 from listed as u
                    join history.ids as i on i.id = u.id
                    where i.key = t.principal
                        and u.valid_from < t.valid_from
                        and (u.valid_to is null or u.valid_to > t.hole_from)
                )
            ) as begins
    from in_turn as t
    left join small_holes as b
        on b.kind = t.kind and b.resource = t.resource and b.hole_from = t.hole_from and b.valid_from = t.valid_from
),
islands as (
    select
        h.*,
        sum(h.begins::integer) over (
            partition by h.kind, h.resource, h.role, h.principal order by h.valid_from
        ) as island
    from holes as h
),
lives as (
    select h.kind, h.resource, h.role, h.principal, h.granted_at, h.valid_from, h.valid_to
    from held as h
    anti join gone_once as o
        on o.kind = h.kind and o.resource = h.resource and o.role = h.role and o.principal = h.principal
    union all
    select
        i.kind,
        i.resource,
        i.role,
        i.principal,
        arg_max(i.granted_at, i.valid_from),
        min(i.valid_from),
        case when not bool_or(i.valid_to is null) then max(i.valid_to) end
    from islands as i
    group by i.kind, i.resource, i.role, i.principal, i.island
),
-- Bounds depend on kind, resource and snapshot only, so they are looked up once for each, not once per grant.
edges as (
    select l.kind, l.resource, l.valid_from as snapshot_id from lives as l
    union
    select l.kind, l.resource, l.valid_to from lives as l where l.valid_to is not null
),
bounds as (
    select
        e.kind,
        e.resource,
        e.snapshot_id,
        before.taken_at as after_at,
        self.taken_at as by_at
    from edges as e
    join history.kinds as k on k.kind = e.kind
    join history.ids as i on i.key = e.resource
    join history.snapshots as self on self.id = e.snapshot_id
    left join collection_readings as c on c.collection = k.collection and c.snapshot_id = e.snapshot_id
    left join scope_readings as s
        on s.collection = k.collection and s.scope = i.id and s.snapshot_id = e.snapshot_id
    left join history.snapshots as before on before.id
        = case when s.scope is not null then s.before_id else c.before_id end
)
select
    l.kind,
    l.resource,
    l.role,
    l.principal,
    l.valid_from as first_snapshot_id,
    case when l.granted_at is not null then l.granted_at else f.after_at end as began_after,
    coalesce(l.granted_at, f.by_at) as began_by,
    l.valid_to is null as open,
    t.after_at as gone_after,
    t.by_at as gone_by
from lives as l
join bounds as f on f.kind = l.kind and f.resource = l.resource and f.snapshot_id = l.valid_from
left join bounds as t on t.kind = l.kind and t.resource = l.resource and t.snapshot_id = l.valid_to
