-- One row per answer of a review about a principal, one round each.
-- column id: Decision id.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column review_end_at: When the round was meant to end.
-- column review_ended: Whether the service says that the round is over.
-- column decision: Approve, Deny, NotReviewed or DontKnow.
-- column reviewed_at: When it was answered.
-- column reviewed_by_id: Who answered; null when nobody did.
-- column reviewed_by_name: Name of who answered.
-- column apply_result: What became of the answer.
-- column justification: What the reviewer wrote.
-- column resource_id: The resource asked about.
-- column resource_name: Name of the resource.
-- column package_id: The package asked about.
-- column package_name: Name of the package.
select
    d.id,
    d.review_id,
    d.review_name,
    v.end_at as review_end_at,
    d.ended as review_ended,
    d.decision,
    d.reviewed_at,
    d.reviewed_by_id,
    d.reviewed_by_name,
    d.apply_result,
    d.justification,
    d.resource_id,
    d.resource_name,
    d.package_id,
    d.package_name
from review_decisions as d
join reviews as v on v.id = d.review_id
where d.principal_id = getvariable('principal_id')
order by v.end_at, d.reviewed_at, d.id
