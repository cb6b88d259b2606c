-- One row per assignment of a principal, whatever became of it.
-- column id: Assignment id.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column policy_id: The policy under which it was given.
-- column policy_name: Name of the policy.
-- column state: What the service calls it.
-- column life: live, pending, scheduled, ended or unknown, by the snapshot's clock.
-- column start_at: The earliest start that any snapshot recorded.
-- column end_at: When it is meant to end; null: never.
-- column began_after: It began after this instant (or at it, if both are the same).
-- column began_by: ... and at the latest at this one.
-- column ended_after: It ended after this instant; null while it has not.
-- column ended_by: ... and at the latest at this one.
-- column vanished: Whether the service no longer lists it.
-- column request_id: The delivered request that proves it, where no snapshot shows it.
select
    a.id,
    a.package_id,
    coalesce(a.package_name, a.package_id) as package_name,
    a.policy_id,
    a.policy_name,
    a.state,
    a.life,
    a.start_at,
    a.end_at,
    a.began_after,
    a.began_by,
    a.ended_after,
    a.ended_by,
    a.vanished,
    a.request_id
from assignments as a
where a.principal_id = getvariable('principal_id')
order by a.began_by, a.id
