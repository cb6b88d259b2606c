-- One row per person and newest ended round in which no person answered, with what is known of the access then and now.
-- column id: Decision id.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column decision: What stands there: NotReviewed, DontKnow, or an answer with nobody's name on it.
-- column apply_result: What became of it.
-- column principal_id: Whose access was asked about.
-- column principal_name: Name of whose access was asked about.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column package_id: The package, when assignments are reviewed.
-- column package_name: Name of the package.
-- column end_at: When the round was meant to end.
-- column denied: Whether the silence counted as a denial.
-- column held_now: Whether the access is there at the snapshot.
-- column held: Whether it was surely there when the round ended.
-- column readable: Whether this kind of access is read at all.
-- column listed: False: the access was not there when the round ended; such people are counted and not accused.
with unanswered as (
    select
        d.*,
        coalesce(d.end_at, snapshot_taken_at()) as over_at,
        coalesce(lower(d.decision) = 'deny', false)
            or coalesce(lower(d.decision) in ('notreviewed', 'dontknow'), true) and d.silence_denies as denied
    from newest_decisions as d
    where coalesce(lower(d.decision) in ('notreviewed', 'dontknow'), true) or d.reviewed_by_id is null
),
-- How the access was held: as grants on the resource or on a group inside it, or as assignments to the package.
lives as (
    select
        u.id,
        l.began_after,
        l.began_by,
        l.open,
        l.open and v.is_now as is_now,
        l.gone_after,
        l.gone_by
    from unanswered as u
    join history.ids as t on t.id = u.resource_id
    join review_reach as v on v.target = t.key
    join history.ids as p on p.id = u.principal_id
    join grant_lives as l on l.resource = v.via and l.principal = p.key
    -- Of a group its members are asked about, also those who are eligible; not its owners.
    where l.kind in ('member', 'eligible_member', 'app_role')
    union all
    select
        u.id,
        a.began_after,
        a.began_by,
        a.life <> 'ended',
        a.life <> 'ended',
        a.ended_after,
        a.ended_by
    from unanswered as u
    join assignments as a on a.package_id = u.package_id and a.principal_id = u.principal_id
    where a.life <> 'scheduled'
),
access as (
    select
        u.id,
        count(l.id) > 0 as known,
        coalesce(bool_or(l.is_now), false) as held_now,
        coalesce(bool_or(
            coalesce(l.began_after < u.over_at or l.began_by <= u.over_at, true) and (l.open or l.gone_by > u.over_at)
        ), false) as may_have_held,
        -- What ended at the very instant of the round's end was gone by then.
        coalesce(bool_or(
            l.began_by <= u.over_at and (l.open or (l.gone_after >= u.over_at and l.gone_by > u.over_at))
        ), false) as held
    from unanswered as u
    left join lives as l on l.id = u.id
    group by u.id
),
-- What kind of access is not read by this version cannot be told to be gone.
judged as (
    select
        u.*,
        a.held_now,
        a.held,
        a.may_have_held,
        a.known,
        u.package_id is not null or exists (
            select 1 from resources as r where r.id = u.resource_id and r.type in ('group', 'application')
        ) as readable
    from unanswered as u
    join access as a on a.id = u.id
)
select
    j.id,
    j.review_id,
    j.review_name,
    j.decision,
    j.apply_result,
    j.principal_id,
    j.principal_name,
    j.resource_id,
    j.resource_name,
    j.package_id,
    j.package_name,
    j.end_at,
    j.denied,
    j.held_now,
    j.held,
    j.readable,
    not j.readable
    or j.may_have_held
    -- What a denial took away before the first snapshot, no snapshot can show.
    or (j.denied and not j.known and j.over_at < (select min(s.taken_at) from history.snapshots as s)) as listed
from judged as j
