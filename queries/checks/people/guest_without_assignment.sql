-- title: Guests with access and without a package
-- headline: guests without a package
-- severity: medium
-- reads: users(user_type)
-- requires: groups(group_types), assignments(principal_id, package_id, state, end_at), requests
-- any_of: group_members, group_owners, app_role_assignments, site_members, pim_group_eligibilities
-- any_of: site_role_assignments, role_assignments, role_eligibilities
-- shows: packages
-- key: principal_id
-- param grace_hours: 24 (hours after an end in which a removal may still be under way)
-- means: These guests hold access, and no package of theirs says until when.
-- why: A guest whom no package ends stays for as long as nobody remembers why they came.
-- fix: Assign a package with an end, or remove the guest together with the access.
-- controls: nist-800-53r5:AC-2, iso-27001:A.5.19, pci-dss-4.0.1:8.2.7, soc-2:CC6.2
-- example: A consultant’s project ended in May 2026; their guest account is still in two teams.
select
    'medium' as severity,
    'high' as confidence,
    a.id as principal_id,
    null as resource_id,
    null as kind,
    null as role_id,
    null as path,
    null as package_id,
    null as policy_id,
    null as catalog_id,
    null as assignment_id,
    null as request_id,
    null as review_instance_id,
    a.manager_id as owner_id,
    coalesce(h.last_ended_by, u.created_at) as since,
    false as since_exact,
    format('{} is a guest and holds access{}, but no package. {}', a.name,
        coalesce(format(' to “{}”', h.resource_name), ''),
        coalesce('The last one had ended by ' || day(h.last_ended_by) || '.', 'There never was one that we saw.')
    ) as reason,
    'Assign a package with an end, or remove the guest together with the access.' as fix,
    a.user_principal_name as principal_upn,
    h.grants,
    h.lifecycle,
    date_sub('day', coalesce(h.last_ended_by, u.created_at), snapshot_taken_at()) as days
from accounts as a
join accounts_holding as h on h.account_id = a.id
join users as u on u.id = a.id
where a.type = 'guest'
    and h.grants > 0
    and h.live + h.pending + h.unknown + h.in_grace = 0
order by all
