-- title: Access of people who have left
-- headline: leavers with access
-- severity: high
-- reads: users(enabled)
-- requires: groups(group_types), assignments(principal_id, package_id, state, end_at), requests
-- any_of: group_members, group_owners, app_role_assignments, site_members, pim_group_eligibilities
-- any_of: site_role_assignments, role_assignments, role_eligibilities
-- any_of: deleted_users, leave_dates
-- shows: packages
-- key: principal_id
-- param resource_accounts: '' (regular expression: sign-in names of rooms and shared mailboxes, which are nobody's)
-- means: These accounts are disabled or deleted, or the person has left; the access that they held is still there.
-- why: An account that is enabled again, or restored, has at once all the access that nobody took away.
-- fix: Remove the access and end the packages; then nothing comes back with the account.
-- controls: nist-800-53r5:AC-2(3), nist-800-53r5:PS-4, iso-27001:A.5.18, pci-dss-4.0.1:8.2.5, soc-2:CC6.3
-- example: Inês Prado’s account was disabled in June 2026; it is still in the group “Payments release”.
select
    'high' as severity,
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
    a.since,
    a.state in ('deleted', 'left') and a.since is not null as since_exact,
    case a.state
        when 'disabled' then format('The account of {} is disabled', a.name)
        when 'left' then format('{} left on {}', a.name, day(a.since))
        when 'deleted' then format(
            'The account of {} was deleted{}, can be restored{},', a.name,
            coalesce(' on ' || day(a.since), ''), coalesce(' until ' || day(a.restorable_until), ''))
        else format('The account of {} is gone from the directory', a.name)
    end || case
        when h.grants > 1 and h.resource_name is not null
            then format(' and still holds access, to “{}” among other things.', h.resource_name)
        when h.grants > 0 and h.resource_name is not null
            then format(' and still holds access to “{}”.', h.resource_name)
        when h.grants > 0 then ' and still holds access.'
        when h.live > 0 then ' and still has a package.'
        else ' and a package is under way to it.'
    end as reason,
    'Remove the access and end the packages. A room or a shared mailbox belongs into resource_accounts.' as fix,
    a.user_principal_name as principal_upn,
    a.state as why,
    h.grants,
    h.live + h.pending as assignments,
    strftime(a.restorable_until, '%Y-%m-%dT%H:%M:%SZ') as restorable_until
from accounts as a
join accounts_holding as h on h.account_id = a.id
where a.state <> 'active'
    and h.grants + h.live + h.pending > 0
    and not a.resource_account
order by all
