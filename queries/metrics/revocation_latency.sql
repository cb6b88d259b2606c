-- One row per catalog: how long access stayed after its assignment had ended, over all roles that ended assignments gave.
-- column catalog_id: The catalog; null where the package is in no list.
-- column catalog_name: Its name.
-- column assignments: Assignments that ended.
-- column roles: Roles that their packages gave to their end; the next seven add up to them.
-- column never_seen: Never seen held: never delivered, or not seen between two snapshots.
-- column gone_before: Gone before the end.
-- column kept: Still held, or held further, for another reason: another assignment, a rule, or from before.
-- column inside_grace: Still held, and the end is so recent that removal may be under way.
-- column unclear: Still held as far as is known, and not read in this snapshot or not assessable.
-- column removed: Seen, and seen to be gone.
-- column left_over: Still held for no reason of today; its time is counted as endless.
-- column half_gone_after: Hours after which half of the removed and left over were gone, if each went as early as it can have; null: never.
-- column half_gone_by: ... if each went as late as it can have, or if nobody knows since when it is over.
-- column most_gone_after: Hours after which nine in ten were gone, at the earliest; null: never.
-- column most_gone_by: ... and at the latest.
-- column nearly_all_gone_after: Hours after which 99 in 100 were gone, at the earliest; null: never.
-- column nearly_all_gone_by: ... and at the latest.
-- identity: coalesce(bool_and(roles = never_seen + gone_before + kept + inside_grace + unclear + removed + left_over), true)
-- identity: coalesce(bool_and(coalesce(half_gone_after <= half_gone_by, true) and coalesce(most_gone_after <= most_gone_by, true)), true)
-- identity: coalesce(sum(roles), 0) = (select count(*) from entitlements as e join assignments as a on a.id = e.assignment_id where a.life = 'ended' and coalesce(a.ended_after < e.left_by, true))
with due as materialized (
    select
        a.id as assignment_id,
        a.began_after,
        a.ended_after,
        a.ended_by,
        k.catalog_id,
        k.catalog_name,
        e.kind::grant_kind as kind,
        e.resource,
        e.role,
        e.principal,
        e.principal_id,
        e.resource_id,
        e.role_id
    from entitlements as e
    join assignments as a on a.id = e.assignment_id
    left join package_names as k on k.id = e.package_id
    -- What had left the package before did not go because of the end.
    where a.life = 'ended' and coalesce(a.ended_after < e.left_by, true)
),
seen as materialized (
    select
        d.assignment_id,
        d.kind,
        d.resource,
        d.role,
        d.principal,
        any_value(d.ended_after) as ended_after,
        any_value(d.ended_by) as ended_by,
        arg_max(g, g.first_snapshot_id) as g
    from due as d
    join grant_lives as g
        on g.kind = d.kind and g.resource = d.resource and g.role = d.role and g.principal = d.principal
    where (g.began_after is null or g.began_after < d.ended_by)
        and (g.open or d.began_after is null or d.began_after < g.gone_by)
    group by d.assignment_id, d.kind, d.resource, d.role, d.principal
),
-- Whatever else entitles the same people to the same roles; reduced first, for there are many entitlements.
others as materialized (
    select e.kind::grant_kind as kind, e.resource, e.role, e.principal, e.assignment_id, e.left_by
    from entitlements as e
    semi join seen as s
        on s.kind = e.kind::grant_kind and s.resource = e.resource and s.role = e.role and s.principal = e.principal
),
-- Another assignment gave the same role while it was still held, and ended later or lives.
carried_on as (
    select distinct s.assignment_id, s.kind, s.resource, s.role
    from seen as s
    join others as e on e.kind = s.kind and e.resource = s.resource and e.role = s.role and e.principal = s.principal
    join assignments as a on a.id = e.assignment_id
    where a.id <> s.assignment_id
        and a.life <> 'scheduled'
        and (a.life <> 'ended' or a.ended_by > s.ended_by or a.ended_by = s.ended_by and a.id > s.assignment_id)
        and (s.g.open or a.began_after is null or a.began_after < s.g.gone_by)
        and coalesce(e.left_by > s.ended_after, true)
),
still_held as (
    select e.principal_id, e.kind, e.resource_id, e.role_id, e.explanation, e.read_now and e.assessable as known
    from explained_grants as e
    where e.explanation in ('ended', 'ended_censored', 'grace')
),
fates as (
    select
        d.catalog_id,
        d.catalog_name,
        d.assignment_id,
        case
            when s.g is null then 'never_seen'
            when not s.g.open and coalesce(s.g.gone_by <= d.ended_after, false) then 'gone_before'
            when c.assignment_id is not null then 'kept'
            when not s.g.open then 'removed'
            when h.explanation is null then 'kept'
            when h.explanation = 'grace' then 'inside_grace'
            when not h.known then 'unclear'
            else 'left_over'
        end as fate,
        case when s.g.open then 'infinity'::double
            else coalesce(greatest(epoch(s.g.gone_after - d.ended_by) / 3600, 0), 0) end as earliest,
        case when s.g.open then 'infinity'::double
            else coalesce(epoch(s.g.gone_by - d.ended_after) / 3600, 'infinity'::double) end as latest
    from due as d
    left join seen as s
        on s.assignment_id = d.assignment_id and s.kind = d.kind and s.resource = d.resource and s.role = d.role
    left join carried_on as c
        on c.assignment_id = d.assignment_id and c.kind = d.kind and c.resource = d.resource and c.role = d.role
    left join still_held as h
        on h.principal_id = d.principal_id
        and h.kind = d.kind::varchar and h.resource_id = d.resource_id and h.role_id = d.role_id
),
counted as (
    select
        f.catalog_id,
        any_value(f.catalog_name) as catalog_name,
        count(distinct f.assignment_id) as assignments,
        count(*) as roles,
        count(*) filter (f.fate = 'never_seen') as never_seen,
        count(*) filter (f.fate = 'gone_before') as gone_before,
        count(*) filter (f.fate = 'kept') as kept,
        count(*) filter (f.fate = 'inside_grace') as inside_grace,
        count(*) filter (f.fate = 'unclear') as unclear,
        count(*) filter (f.fate = 'removed') as removed,
        count(*) filter (f.fate = 'left_over') as left_over,
        quantile_disc(f.earliest, [0.5, 0.9, 0.99]) filter (f.fate in ('removed', 'left_over')) as earliest,
        quantile_disc(f.latest, [0.5, 0.9, 0.99]) filter (f.fate in ('removed', 'left_over')) as latest
    from fates as f
    group by f.catalog_id
)
select
    c.* exclude (earliest, latest),
    nullif(round(c.earliest[1], 1), 'infinity'::double) as half_gone_after,
    nullif(round(c.latest[1], 1), 'infinity'::double) as half_gone_by,
    nullif(round(c.earliest[2], 1), 'infinity'::double) as most_gone_after,
    nullif(round(c.latest[2], 1), 'infinity'::double) as most_gone_by,
    nullif(round(c.earliest[3], 1), 'infinity'::double) as nearly_all_gone_after,
    nullif(round(c.latest[3], 1), 'infinity'::double) as nearly_all_gone_by
from counted as c
order by c.catalog_name, c.catalog_id
