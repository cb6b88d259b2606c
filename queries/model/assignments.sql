-- One row per assignment: a principal's hold on a package, current or over.
-- column id: Assignment id.
-- column principal_id: Who holds the package; null while the service does not say.
-- column principal_name: Name of who holds it.
-- column package_id: The package.
-- column package_name: Name of the package.
-- column policy_id: The policy under which it was given.
-- column policy_name: Name of the policy.
-- column state: What the service calls it: delivered, expired, ...
-- column lifecycle: governed, notGoverned or notDefined, for guests.
-- column life: live, pending, scheduled, ended or unknown, by the snapshot's clock.
-- column start_at: The earliest start that any snapshot recorded.
-- column end_at: When it is meant to end; null: never.
-- column vanished: Whether the service no longer lists it.
-- column began_after: It began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column ended_after: It ended after this instant (or at it, if both are the same); null while it has not.
-- column ended_by: ... and at the latest at this one.
-- column first_snapshot_id: The first snapshot that shows it.
-- column request_id: The delivered request that proves it, where no snapshot shows it; else null.
with known as (
    select a.*, null::varchar as request_id from seen_assignments as a
    union all by name
    select
        q.id,
        q.request_id,
        q.principal_id,
        q.package_id,
        q.policy_id,
        'delivered' as state,
        -- Where nobody has looked since, it may live.
        case when q.ended_by is null then 'unknown' else 'ended' end as life,
        true as vanished,
        q.began_after,
        q.began_by,
        case when q.ended_by is not null then q.ended_after end as ended_after,
        q.ended_by,
        q.first_snapshot_id
    from proven_requests as q
)
select
    a.id,
    a.principal_id,
    coalesce(p.name, a.principal_name) as principal_name,
    a.package_id,
    k.name as package_name,
    a.policy_id,
    y.name as policy_name,
    a.state,
    a.lifecycle,
    a.life,
    a.start_at,
    a.end_at,
    a.vanished,
    a.began_after,
    a.began_by,
    a.ended_after,
    a.ended_by,
    a.first_snapshot_id,
    a.request_id
from known as a
left join principals as p on p.id = a.principal_id
left join package_names as k on k.id = a.package_id
left join policies as y on y.id = a.policy_id
