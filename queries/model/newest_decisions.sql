-- One row per person, series of reviews and target: what its newest ended round says, as far as its answers could be read.
-- column id: Decision id.
-- column review_id: The round.
-- column review_name: Name of the series.
-- column definition_id: The series.
-- column definition_name: The same name.
-- column status: Of the round: Completed, Applied, ...
-- column decision: Approve, Deny, NotReviewed, DontKnow, or nothing.
-- column reviewed_at: When it was answered.
-- column reviewed_by_id: Who answered; null when nobody did.
-- column reviewed_by_name: Name of who answered.
-- column apply_result: What became of it.
-- column principal_id: Whose access was asked about.
-- column principal_name: Name of whose access was asked about.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column package_id: The package, when assignments are reviewed.
-- column package_name: Name of the package.
-- column end_at: When the round was meant to end.
-- column silence_denies: Whether silence counts as a denial.
-- column removes_account: Whether a denial disables the account first and deletes it a month later.
with newest as (
    select
        d.*,
        v.definition_id,
        v.definition_name,
        v.status,
        v.end_at,
        v.silence_denies,
        v.removes_account,
        coalesce(d.package_id, d.resource_id) as target_id
    from review_decisions as d
    join reviews as v on v.id = d.review_id
    where d.ended
    qualify row_number() over (
        partition by v.definition_id, d.principal_id, coalesce(d.resource_id, d.package_id)
        order by v.end_at desc, v.id, d.id
    ) = 1
)
select
    d.id,
    d.review_id,
    d.review_name,
    d.definition_id,
    d.definition_name,
    d.status,
    d.decision,
    d.reviewed_at,
    d.reviewed_by_id,
    d.reviewed_by_name,
    d.apply_result,
    d.principal_id,
    d.principal_name,
    d.resource_id,
    d.resource_name,
    d.package_id,
    d.package_name,
    d.end_at,
    d.silence_denies,
    d.removes_account
from newest as d
-- The answer may stand in a newer round whose answers could not be read.
where not exists (
    select 1
    from reviews as n
    join gaps as x on x.collection = 'review_decisions' and x.scope = n.definition_id || '/' || n.id
    where n.definition_id = d.definition_id
        and n.ended
        and n.end_at > d.end_at
        and coalesce(n.package_id, n.resource_id, d.target_id) is not distinct from d.target_id
)
