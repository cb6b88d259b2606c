-- One row per finding that stood open at the snapshot, found by the checks that driftaudit brings along.
-- column key: Identity of the finding, the same over time.
-- column check_id: The check that found it.
-- column check_name: Its title, for people who read along.
-- column severity: high, medium, low or info.
-- column confidence: high, or medium where snapshots cannot prove it.
-- column principal_id: Whom it is about.
-- column principal_name: Name of whom it is about.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column kind: The kind of grant.
-- column role_id: The role.
-- column role_name: Name of the role.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column assignment_id: The assignment.
-- column review_instance_id: The round of a review.
-- column review_instance_name: Name of its series.
-- column owner_id: Who must act.
-- column owner_name: Name of who must act.
-- column since: Since when the access is there.
-- column since_exact: False: since at least then.
-- column confirmed: False: it was open before and could not be looked at this time.
-- column reason: Why it is a finding, in a sentence.
-- column fix: What to do.
select
    f.key,
    f.check_id,
    replace(f.check_id, '_', ' ') as check_name,
    f.severity,
    f.confidence,
    f.principal_id,
    p.name as principal_name,
    f.resource_id,
    r.name as resource_name,
    f.kind,
    f.role_id,
    role_label(n.name, f.kind, f.role_id) as role_name,
    f.package_id,
    k.name as package_name,
    f.assignment_id,
    f.review_instance_id,
    v.definition_name as review_instance_name,
    f.owner_id,
    o.name as owner_name,
    f.since,
    f.since_exact,
    not exists (
        select 1 from history.unconfirmed as u
        where u.snapshot_id = current_snapshot_id() and u.key = f.key
    ) as confirmed,
    f.reason,
    f.fix
from history.findings as f
left join principals as p on p.id = f.principal_id
left join resources as r on r.id = f.resource_id
left join role_names as n on n.kind = f.kind and n.resource_id = f.resource_id and n.role_id = f.role_id
left join package_names as k on k.id = f.package_id
left join (
    select r.id, any_value(r.definition_name) as definition_name from reviews as r group by r.id
) as v on v.id = f.review_instance_id
left join principals as o on o.id = f.owner_id
where as_of(f.valid_from, f.valid_to)
