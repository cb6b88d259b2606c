-- One row per round of an access review.
-- column id: Instance id.
-- column definition_id: The series.
-- column definition_name: Name of the series.
-- column status: NotStarted, InProgress, Completed, AutoReviewed, Applied, ...
-- column start_at: When the round began.
-- column end_at: When it was meant to end.
-- column ended: Whether the service says that it is over.
-- column silence_denies: Whether an unanswered question counts as a denial.
-- column removes_account: Whether a denial disables the account first and deletes it a month later.
-- column auto_apply: False: somebody must press Apply.
-- column resource_id: What is reviewed, read from the round's query, else the series' query.
-- column resource_name: Name of what is reviewed.
-- column package_id: The package, when assignments are reviewed.
-- column package_name: Name of the package.
with rounds as (
    select
        i.*,
        d.name as definition_name,
        coalesce(d.default_decision_enabled, false) and lower(d.default_decision) = 'deny' as silence_denies,
        d.auto_apply,
        contains(lower(coalesce(d.apply_actions::varchar, '')), 'disableanddeleteuserapplyaction') as removes_account,
        concat_ws(' ', i.scope_query, d.scope_query, d.enumeration_query) as queries
    from history.review_instances as i
    left join review_definitions as d on d.id = i.definition_id
    where as_of(i.valid_from, i.valid_to)
),
read_rounds as (
    select
        *,
        lower(nullif(
            regexp_extract(queries, '/(?:groups|servicePrincipals)/([0-9a-fA-F-]{36})', 1), ''
        )) as resource_id,
        lower(nullif(regexp_extract(queries, 'accessPackageId eq ''([0-9a-fA-F-]{36})''', 1), '')) as package_id
    from rounds
)
select
    i.id,
    i.definition_id,
    i.definition_name,
    i.status,
    i.start_at,
    i.end_at,
    lower(i.status) in ('completing', 'completed', 'autoreviewing', 'autoreviewed', 'applying', 'applied') as ended,
    i.silence_denies,
    i.removes_account,
    i.auto_apply,
    i.resource_id,
    r.name as resource_name,
    i.package_id,
    p.name as package_name
from read_rounds as i
left join resources as r on r.id = i.resource_id
left join packages as p on p.id = i.package_id
