-- One row per request to get, change or give back a package.
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
-- column principal_id: For whom.
-- column principal_name: Name of the one it is for.
select
    q.id,
    q.type,
    q.state,
    q.created_at,
    q.completed_at,
    q.justification,
    q.requestor_id,
    a.name as requestor_name,
    q.package_id,
    p.name as package_name,
    q.assignment_id,
    q.principal_id,
    b.name as principal_name
from history.requests as q
left join principals as a on a.id = q.requestor_id
left join principals as b on b.id = q.principal_id
left join packages as p on p.id = q.package_id
where as_of(q.valid_from, q.valid_to)
