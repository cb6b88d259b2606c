-- One row per request and stage of its approval, as only a person who signs in may read it.
-- column id: Stage id.
-- column request_id: The request.
-- column package_id: Its package.
-- column package_name: Name of the package.
-- column principal_id: For whom it is.
-- column principal_name: Name of the one it is for.
-- column status: NotStarted, InProgress, Completed, ...
-- column result: NotReviewed, Approve or Deny.
-- column decided_at: When somebody answered.
-- column by_id: Who answered.
-- column by_name: Name of who answered.
-- column justification: What was written with it.
select
    s.id,
    s.request_id,
    q.package_id,
    q.package_name,
    q.principal_id,
    q.principal_name,
    s.status,
    s.result,
    real_instant(s.decided_at) as decided_at,
    s.by_id,
    coalesce(p.name, s.by_name) as by_name,
    s.justification
from history.approval_stages as s
left join requests as q on q.id = s.request_id
left join principals as p on p.id = s.by_id
where as_of(s.valid_from, s.valid_to)
