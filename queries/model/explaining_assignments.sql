-- One row per grant on a role that is or was in a package, and assignment that could have to do with it.
-- column kind: The kind of grant.
-- column resource: Key of the resource in history.ids.
-- column role: Key of the role.
-- column principal: Key of who holds it.
-- column assignment_id: The assignment.
-- column request_id: The delivered request that proves it, where no snapshot shows it.
-- column package_id: Its package.
-- column package_name: Name of the package.
-- column policy_id: Its policy.
-- column policy_name: Name of the policy.
-- column life: live, pending, ended or unknown.
-- column in_package: Whether the role is in the package at the snapshot.
-- column over_after: The assignment ended, or the role left the package, after this instant; null: unknown or neither.
-- column over_by: ... and at the latest at this one.
-- column came_first: Whether it is under way and the grant was not seen before it.
-- column may_overlap: Whether the two may have lived together.
-- column must_overlap: Whether they surely did.
-- column began_before: Whether it may have begun before the grant was there.
-- column ended: Whether it has ended and may have lived together with the grant.
-- column removed: Whether it lives, and the role left its package while it may have been held.
-- column inside_grace: Whether removal may still be under way.
-- column long_interval: Whether the instant of its end is too vague for grace to count from.
with held as (
    select g.*, g.kind::varchar as kind_name
    from grant_lives as g
    where g.open
),
candidates as (
    select
        g.kind,
        g.resource,
        g.role,
        g.principal,
        e.assignment_id,
        a.request_id,
        e.package_id,
        e.package_name,
        a.policy_id,
        a.policy_name,
        a.life,
        e.in_package,
        case when a.life = 'ended' then a.ended_after else e.left_after end as over_after,
        case when a.life = 'ended' then a.ended_by else e.left_by end as over_by,
        a.life in ('pending', 'unknown')
            and a.first_snapshot_id <= g.first_snapshot_id
            and not coalesce(g.began_by < a.began_after, false) as came_first,
        -- Giving is over with the assignment, or with the role in the package if that went first.
        coalesce(g.began_after < least(a.ended_by, e.left_by), true) as may_overlap,
        surely_before(g.began_by, a.ended_after, a.ended_by)
            and surely_before(g.began_by, e.left_after, e.left_by) as must_overlap,
        a.began_after is null
            or a.began_after < g.began_by
            or a.began_by = g.began_by as began_before
    from held as g
    join entitlements as e
        on e.kind = g.kind_name and e.resource = g.resource and e.role = g.role and e.principal = g.principal
    join assignments as a on a.id = e.assignment_id
    where a.life <> 'scheduled'
)
select
    c.*,
    c.life = 'ended' and c.may_overlap as ended,
    c.life = 'live' and not c.in_package and c.may_overlap as removed,
    snapshot_taken_at() - c.over_by < grace() as inside_grace,
    coalesce(c.over_by - c.over_after > 2 * grace(), true) as long_interval
from candidates as c
