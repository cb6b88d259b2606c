-- One row per assignment that a snapshot shows, with the instants between which it lived.
-- column id: Assignment id.
-- column principal_id: Who holds the package; null while the service does not say.
-- column principal_name: Name of the holder as entitlement management has it.
-- column package_id: The package.
-- column policy_id: The policy under which it was given.
-- column state: What the service calls it: delivered, expired, ...
-- column lifecycle: governed, notGoverned or notDefined, for guests.
-- column life: live, pending, scheduled, ended or unknown, by the snapshot's clock.
-- column start_at: The earliest start that any snapshot recorded.
-- column end_at: When it is meant to end; null: never.
-- column vanished: Whether the service no longer lists it.
-- column began_after: It began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column ended_after: It ended after this instant (or at it, if both are the same); null while it has not.
-- column ended_by: ... and at the latest at this one.
-- column first_snapshot_id: The first snapshot that shows it.
with versions as (
    select
        a.*,
        lower(a.state) as told,
        case when a.valid_to <= current_snapshot_id() then a.valid_to end as until,
        real_instant(a.start_at) as began
    from history.assignments as a
    where a.valid_from <= current_snapshot_id()
),
newest as (
    select
        v.id,
        arg_max(v, v.valid_from) as v,
        -- The service empties the target at times; whoever it was is still the one.
        arg_max(nullif(v.principal_id, ''), v.valid_from) as principal_id,
        min(v.began) as start_at,
        min(v.valid_from) as first_snapshot_id,
        min(v.valid_from) filter (v.told = 'expired') as expired_snapshot_id
    from versions as v
    group by v.id
),
dated as (
    select
        n.id,
        n.v,
        n.principal_id,
        n.v.told as told,
        n.start_at,
        n.first_snapshot_id,
        n.expired_snapshot_id,
        n.v.until as vanished_snapshot_id,
        real_instant(n.v.expired_at) as expired_at,
        coalesce(real_instant(n.v.end_at), real_instant(add_duration(n.v.began, n.v.duration))) as end_at
    from newest as n
),
placed as (
    select
        d.*,
        first.taken_at as first_at,
        before_first.taken_at as before_first_at,
        expired.taken_at as expired_seen_at,
        before_expired.taken_at as before_expired_at,
        vanished.taken_at as vanished_at,
        last.taken_at as last_at
    from dated as d
    join history.snapshots as first on first.id = d.first_snapshot_id
    left join collection_readings as r1
        on r1.collection = 'assignments' and r1.snapshot_id = d.first_snapshot_id
    left join history.snapshots as before_first on before_first.id = r1.before_id
    left join history.snapshots as expired on expired.id = d.expired_snapshot_id
    left join collection_readings as r2
        on r2.collection = 'assignments' and r2.snapshot_id = d.expired_snapshot_id
    left join history.snapshots as before_expired on before_expired.id = r2.before_id
    left join history.snapshots as vanished on vanished.id = d.vanished_snapshot_id
    left join collection_readings as r3
        on r3.collection = 'assignments' and r3.snapshot_id = d.vanished_snapshot_id
    left join history.snapshots as last on last.id = r3.before_id
),
ends as (
    select
        p.*,
        case
            -- What was taken away before its scheduled end did not end then.
            when p.told = 'expired'
                then coalesce(p.expired_at, case when p.end_at <= p.expired_seen_at then p.end_at end)
            when p.told in ('delivered', 'partiallydelivered')
                and p.end_at <= coalesce(
                    p.last_at, case when p.vanished_at is null then snapshot_taken_at() else p.first_at end)
                then p.end_at
        end as exact_end
    from placed as p
),
lived as (
    select
        e.*,
        case
            when e.exact_end is not null then e.exact_end
            when e.told = 'expired' then e.before_expired_at
            when e.vanished_at is not null then e.last_at
        end as ended_after,
        case
            when e.exact_end is not null then e.exact_end
            when e.told = 'expired' then e.expired_seen_at
            else e.vanished_at
        end as ended_by,
        case
            when e.vanished_at is not null and e.told <> 'expired' and e.exact_end is null then 'ended'
            when e.start_at > snapshot_finished_at() then 'scheduled'
            when e.told = 'expired' or e.exact_end is not null then 'ended'
            when e.told in ('delivered', 'partiallydelivered') then 'live'
            when e.told in ('delivering', 'deliveryfailed') then 'pending'
            else 'unknown'
        end as life
    from ends as e
),
proof as (
    select
        q.assignment_id,
        any_value(
            -- Whoever asks for others is not the one who holds it.
            coalesce(
                q.target_id,
                case when lower(q.q.type) not in ('adminadd', 'systemadd', 'onbehalfadd') is not false
                    then q.q.requestor_id end
            )
            order by q.q.created_at, q.id
        ) as principal_id
    from (
        -- What a request said once it says for good, though it is listed no more.
        select
            r.id,
            arg_max(r, r.valid_from) as q,
            arg_max(nullif(r.assignment_id, ''), r.valid_from) as assignment_id,
            arg_max(nullif(r.principal_id, ''), r.valid_from) as target_id
        from history.requests as r
        where r.valid_from <= current_snapshot_id()
        group by r.id
    ) as q
    where q.assignment_id is not null
    group by q.assignment_id
)
select
    l.id,
    coalesce(l.principal_id, q.principal_id) as principal_id,
    l.v.principal_name as principal_name,
    l.v.package_id as package_id,
    l.v.policy_id as policy_id,
    l.v.state as state,
    l.v.lifecycle as lifecycle,
    l.life,
    l.start_at,
    l.end_at,
    l.vanished_at is not null as vanished,
    case when l.start_at is not null then l.start_at else l.before_first_at end as began_after,
    coalesce(l.start_at, l.first_at) as began_by,
    case when l.life = 'ended' then l.ended_after end as ended_after,
    case when l.life = 'ended' then l.ended_by end as ended_by,
    l.first_snapshot_id
from lived as l
left join proof as q on q.assignment_id = l.id
