-- One row per round of a review and stage of it that has begun.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column id: Stage id.
-- column status: NotStarted, InProgress, Completed, ...
-- column start_at: When the stage began.
-- column end_at: When it was meant to end.
-- column reviewers: Who is asked in this stage, as queries, in JSON.
-- column fallback_reviewers: Who is asked where these queries find nobody, in JSON.
select
    v.id as review_id,
    v.definition_name as review_name,
    s.id,
    s.status,
    s.start_at,
    s.end_at,
    s.reviewers,
    s.fallback_reviewers
from history.review_stages as s
join reviews as v on v.definition_id || '/' || v.id = s.instance
where as_of(s.valid_from, s.valid_to)
