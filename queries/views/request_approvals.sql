-- One row per answer to a request for a package that the directory's log tells of.
-- column id: The event in directory_audits.
-- column request_id: The request; null: the log does not name one that is known.
-- column package_id: Its package.
-- column package_name: Name of the package.
-- column principal_id: For whom it is.
-- column principal_name: Name of the one it is for.
-- column decision: approved, denied, or auto_approved by the service itself.
-- column decided_at: When.
-- column by_id: Who answered; null: the log does not say.
-- column by_name: Name of who answered.
-- column activity: What was done, in the service's words.
with told as (
    select
        a.*,
        case
            when a.activity ilike 'auto approve%' then 'auto_approved'
            when a.activity ilike 'approve%' or a.activity ilike 'request approved%' then 'approved'
            when a.activity ilike 'deny%' or a.activity ilike 'request denied%' then 'denied'
        end as decision,
        log_targets(a.targets) as touched
    from directory_audits as a
    where lower(a.result) = 'success'
),
targets as (
    select t.id, unnest(t.touched) as target
    from told as t
    where t.decision is not null
),
changes as (
    select t.id, unnest(t.target.modifiedProperties) as change
    from targets as t
),
-- Where the log names the request is nowhere promised: as a target, in what changed, or as what joins the events.
named as (
    select t.id, t.correlation_id as named_id
    from told as t
    union
    select t.id, lower(t.target.id)
    from targets as t
    union
    select c.id, log_value(c.change.newValue)
    from changes as c
),
requested as (
    select n.id, any_value(q) as q
    from named as n
    join requests as q on q.id = n.named_id
    group by n.id
)
select
    t.id,
    r.q.id as request_id,
    r.q.package_id as package_id,
    r.q.package_name as package_name,
    r.q.principal_id as principal_id,
    r.q.principal_name as principal_name,
    t.decision,
    t.activity_at as decided_at,
    t.by_id,
    t.by_name,
    t.activity
from told as t
left join requested as r on r.id = t.id
where t.decision is not null
