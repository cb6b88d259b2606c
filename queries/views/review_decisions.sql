-- One row per answer of a review: one person, one round.
-- column id: Decision id.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column decision: Approve, Deny, NotReviewed or DontKnow.
-- column reviewed_at: When it was answered.
-- column reviewed_by_id: Who answered; null when nobody did.
-- column reviewed_by_name: Name of who answered.
-- column apply_result: What became of the answer.
-- column justification: What the reviewer wrote.
-- column principal_id: Whose access was asked about.
-- column principal_name: Name of whose access was asked about.
-- column resource_id: The resource; taken from the round where the answer does not name it.
-- column resource_name: Name of the resource.
-- column package_id: The package, when assignments are reviewed.
-- column package_name: Name of the package.
-- column ended: Whether the round is over.
select
    d.id,
    v.id as review_id,
    v.definition_name as review_name,
    d.decision,
    d.reviewed_at,
    case when not nobody(d.reviewed_by_id) then d.reviewed_by_id end as reviewed_by_id,
    case when not nobody(d.reviewed_by_id) then coalesce(w.name, d.reviewed_by_name) end as reviewed_by_name,
    d.apply_result,
    d.justification,
    d.principal_id,
    coalesce(p.name, d.principal_name) as principal_name,
    case when coalesce(d.package_id, v.package_id) is null
        then coalesce(d.resource_id, v.resource_id) end as resource_id,
    case when coalesce(d.package_id, v.package_id) is null
        then coalesce(r.name, d.resource_name) end as resource_name,
    coalesce(d.package_id, v.package_id) as package_id,
    k.name as package_name,
    v.ended
from history.review_decisions as d
join reviews as v on v.definition_id || '/' || v.id = d.instance
left join principals as p on p.id = d.principal_id
left join principals as w on w.id = d.reviewed_by_id
left join resources as r on r.id = coalesce(d.resource_id, v.resource_id)
left join packages as k on k.id = coalesce(d.package_id, v.package_id)
where as_of(d.valid_from, d.valid_to)
