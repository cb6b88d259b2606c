-- title: Access reviews nobody answered
-- headline: reviews unanswered
-- severity: high
-- reads: review_definitions, review_instances(status, end_at)
-- reads: review_decisions(decision, reviewed_by_id, principal_id)
-- reads: groups, group_members, app_role_assignments
-- reads: assignments(principal_id, package_id, state, end_at)
-- shows: users, packages, catalog_role_assignments, service_principal_owners
-- key: review_instance_id, principal_id, resource_id
-- means: A review asked whether these people still need their access. It ended without an answer from a person.
-- why: A review that nobody answers proves nothing. What it keeps, it keeps unseen.
-- fix: Answer now: keep it with a reason, or remove it. Then name a reviewer who will answer next time.
-- controls: nist-800-53r5:AC-2(j), iso-27001:A.5.18, pci-dss-4.0.1:7.2.4, soc-2:CC6.2
-- example: The review “Finance, quarterly” ended on 30 June 2026; nobody answered for Thảo Ngô, who still has the access.
select
    case when j.readable and j.denied and not j.held_now then 'info' else 'high' end as severity,
    case when (j.held or j.held_now) and x.scope is null then 'high' else 'medium' end as confidence,
    j.principal_id,
    -- A review of a package asks about the package as a whole.
    coalesce(j.resource_id, j.package_id) as resource_id,
    null as kind,
    null as role_id,
    null as path,
    j.package_id,
    null as policy_id,
    k.catalog_id,
    null as assignment_id,
    null as request_id,
    j.review_id as review_instance_id,
    coalesce(
        who_acts(o.owner_id, o.other_owner_id, j.principal_id),
        who_acts(c.owner_id, c.other_owner_id, j.principal_id)
    ) as owner_id,
    j.end_at as since,
    true as since_exact,
    format(
        case when lower(j.decision) = 'dontknow' then 'The reviewer did not know whether {} still needs “{}”. {}'
            else 'Nobody answered whether {} still needs “{}”. {}' end,
        coalesce(j.principal_name, j.principal_id, 'somebody'),
        coalesce(j.resource_name, j.package_name, 'this access'),
        coalesce('The review ended on ' || day(j.end_at) || '.', 'The review has ended.')
    ) || case
        when not j.readable then ' This kind of access is not read, so we cannot tell whether it is still there.'
        when j.denied and not j.held_now then ' The silence counted as a denial, and the access is gone.'
        when j.denied then ' The silence counted as a denial, but the access is still there.'
        when lower(j.decision) = 'approve' then ' The silence counted as an approval.'
        when j.held_now then ' The access is still there.'
        else ''
    end || case
        when not j.readable or j.held or j.held_now then ''
        else ' Whether it was there when the review ended cannot be proven.'
    end || case
        when x.scope is null then ''
        else ' The answer rests on an earlier snapshot: this one could not read it.'
    end as reason,
    case
        when j.readable and j.denied and not j.held_now then 'Name a reviewer who will answer next time.'
        else 'Answer now: keep it with a reason, or remove it.'
    end as fix,
    p.user_principal_name as principal_upn,
    j.decision,
    j.apply_result,
    j.review_name
from unanswered_decisions as j
left join (
    select distinct g.scope
    from gaps as g
    where g.collection in ('group_members', 'app_role_assignments', 'pim_group_eligibilities')
) as x on x.scope = j.resource_id
left join principals as p on p.id = j.principal_id
left join resource_owners as o on o.resource_id = j.resource_id
left join package_names as k on k.id = j.package_id
left join catalog_owners as c on c.catalog_id = k.catalog_id
where j.listed
order by all
