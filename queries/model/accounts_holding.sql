-- One row per account that is not active, or a guest's, and that holds something no rule gives, or held a package.
-- column account_id: The account.
-- column grants: Grants of its own that were read and that no rule gives.
-- column resource_name: Name of one of the resources, the first by name.
-- column live: Assignments that live.
-- column pending: Assignments under way.
-- column unknown: Assignments in a state that this version does not know.
-- column in_grace: Assignments that ended less than the grace ago.
-- column last_ended_by: When the last one that ended had ended.
-- column lifecycle: What entitlement management makes of the guest.
with watched as (
    select a.id as account_id, i.key
    from accounts as a
    left join history.ids as i on i.id = a.id
    where a.state <> 'active' or a.type = 'guest'
),
held as (
    select
        w.account_id,
        count(*) as grants,
        min(t.name) as resource_name
    from history.grants as g
    join watched as w on w.key = g.principal
    join kinds_read as k on k.kind = g.kind::varchar
    join history.ids as re on re.key = g.resource
    left join resources as t on t.id = re.id
    left join scopes_unread as x on x.kind = g.kind::varchar and x.resource = g.resource
    where as_of(g.valid_from, g.valid_to)
        and (k.whole and x.resource is null or g.valid_from = current_snapshot_id())
        and not (g.kind = 'member' and coalesce(t.dynamic, false))
    group by w.account_id
),
assigned as (
    select
        a.principal_id as account_id,
        count(*) filter (a.life = 'live') as live,
        count(*) filter (a.life = 'pending') as pending,
        count(*) filter (a.life = 'unknown') as unknown,
        count(*) filter (snapshot_taken_at() - a.ended_by < grace()) as in_grace,
        max(a.ended_by) as last_ended_by,
        arg_max(a.lifecycle, row(a.first_snapshot_id, a.id)) as lifecycle
    from assignments as a
    where a.life <> 'scheduled'
    group by a.principal_id
)
select
    w.account_id,
    coalesce(h.grants, 0) as grants,
    h.resource_name,
    coalesce(s.live, 0) as live,
    coalesce(s.pending, 0) as pending,
    coalesce(s.unknown, 0) as unknown,
    coalesce(s.in_grace, 0) as in_grace,
    s.last_ended_by,
    s.lifecycle
from watched as w
left join held as h on h.account_id = w.account_id
left join assigned as s on s.account_id = w.account_id
where h.account_id is not null or s.account_id is not null
