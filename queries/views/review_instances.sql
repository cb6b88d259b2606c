-- One row per round of a review and resource, as the service lists it; the view reviews says what it is about.
-- column definition_id: The series.
-- column definition_name: Name of the series.
-- column id: Instance id.
-- column status: NotStarted, InProgress, Completed, AutoReviewed, Applied, ...
-- column start_at: When the round began; may lie ahead.
-- column end_at: When the round was meant to end.
-- column scope_query: What this round reviews, as a query.
select
    i.definition_id,
    d.name as definition_name,
    i.id,
    i.status,
    i.start_at,
    i.end_at,
    i.scope_query
from history.review_instances as i
left join review_definitions as d on d.id = i.definition_id
where as_of(i.valid_from, i.valid_to)
