-- One row per round of a review and person who was asked.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column id: Who was asked.
-- column name: Name of who was asked.
-- column created_at: When.
select
    v.id as review_id,
    v.definition_name as review_name,
    c.id,
    c.name,
    c.created_at
from history.contacted_reviewers as c
join reviews as v on v.definition_id || '/' || v.id = c.instance
where as_of(c.valid_from, c.valid_to)
