-- title: Access reviews past their end and still open
-- headline: reviews overdue
-- severity: medium
-- reads: review_definitions, review_instances(status, end_at)
-- shows: contacted_reviewers, review_decisions, groups, packages, catalog_role_assignments, service_principal_owners
-- key: review_instance_id
-- means: These reviews should be over. They still run, and what they ask about stays as it is.
-- why: A review that does not end decides nothing, and the auditor who reads its name believes that it did.
-- fix: Press the reviewers who are silent for an answer, or stop the round and begin a new one.
-- controls: nist-800-53r5:AC-2(j), iso-27001:A.5.18, pci-dss-4.0.1:7.2.4, soc-2:CC6.2
-- example: The review “Finance, quarterly” was to end on 30 June 2026; it still runs, and Otto Brandt has not answered.
with asked as (
    select
        c.review_id,
        list(c.name order by c.name) as silent
    from contacted_reviewers as c
    anti join review_decisions as a on a.review_id = c.review_id and a.reviewed_by_id = c.id
    group by c.review_id
)
select
    'medium' as severity,
    'high' as confidence,
    null as principal_id,
    coalesce(v.resource_id, v.package_id) as resource_id,
    null as kind,
    null as role_id,
    null as path,
    v.package_id,
    null as policy_id,
    k.catalog_id,
    null as assignment_id,
    null as request_id,
    v.id as review_instance_id,
    coalesce(o.owner_id, c.owner_id) as owner_id,
    v.end_at as since,
    true as since_exact,
    format('The review “{}”{} was to end on {} and is still in progress.{}',
        coalesce(v.definition_name, v.id),
        coalesce(format(' of “{}”', coalesce(v.resource_name, v.package_name)), ''),
        day(v.end_at),
        coalesce(format(' Asked, and silent: {}.', array_to_string(a.silent, ', ')), '')) as reason,
    'Press the reviewers who are silent for an answer, or stop the round and begin a new one.' as fix,
    v.definition_name as review_name,
    a.silent
from reviews as v
left join asked as a on a.review_id = v.id
left join package_names as k on k.id = v.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
left join resource_owners as o on o.resource_id = v.resource_id
where lower(v.status) = 'inprogress'
    and v.end_at <= snapshot_taken_at()
    -- Where the rounds could not be read, only the gap says that it still runs.
    and v.definition_id not in (select x.scope from gaps as x where x.collection = 'review_instances')
order by all
