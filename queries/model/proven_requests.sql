-- One row per assignment that no snapshot shows and that a delivered request proves.
-- column id: The assignment, where the request names it; else the request's own id.
-- column request_id: The request.
-- column principal_id: For whom it was.
-- column package_id: The package.
-- column policy_id: Always null: a request does not say under which policy it was made.
-- column began_after: When it was asked for.
-- column began_by: When it had been delivered.
-- column ended_after: The same: it lived then.
-- column ended_by: When the assignments were first read without it; null: they were not read since.
-- column first_snapshot_id: The first snapshot that shows the request.
with told as (
    select
        q.id,
        arg_max(q, q.valid_from) as q,
        arg_max(nullif(q.assignment_id, ''), q.valid_from) as assignment_id,
        arg_max(nullif(q.principal_id, ''), q.valid_from) as target_id,
        min(q.valid_from) as first_snapshot_id
    from history.requests as q
    where q.valid_from <= current_snapshot_id()
    group by q.id
),
delivered as (
    select
        t.id,
        t.assignment_id,
        t.first_snapshot_id,
        t.q.package_id as package_id,
        -- An administrator asks for others, so only who asked as a user asked for himself.
        coalesce(t.target_id, case when lower(t.q.type) = 'useradd' then nullif(t.q.requestor_id, '') end)
            as principal_id,
        real_instant(t.q.created_at) as created_at,
        real_instant(t.q.completed_at) as completed_at
    from told as t
    where lower(t.q.type) in ('useradd', 'adminadd', 'systemadd', 'onbehalfadd')
        and lower(t.q.state) = 'delivered'
),
unseen as (
    select d.*
    from delivered as d
    anti join seen_assignments as a on a.id = d.assignment_id
    -- One that may have lived when the request was delivered is the one it made.
    anti join seen_assignments as b
        on b.principal_id = d.principal_id
        and b.package_id = d.package_id
        and d.assignment_id is null
        and not coalesce(b.began_after > d.completed_at + grace(), false)
        and not coalesce(b.ended_by < d.completed_at, false)
    where d.completed_at <= snapshot_taken_at()
        and d.package_id is not null
        and d.principal_id is not null
    qualify row_number() over (
        partition by coalesce(d.assignment_id, d.id) order by coalesce(d.created_at, d.completed_at), d.id
    ) = 1
)
select
    coalesce(u.assignment_id, u.id) as id,
    u.id as request_id,
    u.principal_id,
    u.package_id,
    null::varchar as policy_id,
    coalesce(least(u.created_at, u.completed_at), u.completed_at) as began_after,
    u.completed_at as began_by,
    u.completed_at as ended_after,
    min(s.taken_at) as ended_by,
    u.first_snapshot_id
from unseen as u
left join (
    select n.taken_at
    from history.coverage as c
    join history.snapshots as n on n.id = c.snapshot_id
    where c.collection = 'assignments' and c.whole and c.snapshot_id <= current_snapshot_id()
) as s on s.taken_at >= u.completed_at
group by all
