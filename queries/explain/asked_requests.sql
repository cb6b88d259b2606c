-- One row per request that a principal made, or that was made for it, in its newest version.
-- column id: Request id.
-- column type: userAdd, adminAdd, systemAdd, userRemove, ...
-- column state: submitted, pendingApproval, delivered, denied, ...
-- column created_at: When it was made.
-- column completed_at: When it was done.
-- column justification: What the requestor wrote.
-- column requestor_id: Who asked.
-- column requestor_name: Name of who asked.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column assignment_id: The assignment it made or changed.
with newest as (
    select arg_max(q, q.valid_from) as q
    from history.requests as q
    where q.valid_from <= current_snapshot_id()
    group by q.id
)
select
    n.q.id as id,
    n.q.type as type,
    n.q.state as state,
    n.q.created_at as created_at,
    n.q.completed_at as completed_at,
    n.q.justification as justification,
    n.q.requestor_id as requestor_id,
    p.name as requestor_name,
    n.q.package_id as package_id,
    coalesce(k.name, n.q.package_id) as package_name,
    n.q.assignment_id as assignment_id
from newest as n
left join principals as p on p.id = n.q.requestor_id
left join package_names as k on k.id = n.q.package_id
where coalesce(nullif(n.q.principal_id, ''), n.q.requestor_id) = getvariable('principal_id')
    or n.q.assignment_id in (select a.id from assignments as a where a.principal_id = getvariable('principal_id'))
    or n.q.requestor_id = getvariable('principal_id')
order by n.q.created_at, n.q.id
