-- One row per grant on a role that is or was in a package, with the one best reason why it is there.
-- column principal_id: Who holds it.
-- column principal_name: Name of who holds it.
-- column principal_type: user, guest, group, service_principal or unknown.
-- column service_type: What the service itself calls the holder, where it is in no list: device, orgcontact, ...
-- column user_principal_name: Sign-in name of who holds it.
-- column kind: member, owner, app_role, site_group, directory_role, or one of the first two or the last as eligible_...
-- column resource_id: To what.
-- column resource_name: Name of the resource.
-- column role_id: The role; empty for member and owner, the scope of a directory role.
-- column role_name: Name of the role.
-- column in_package: Whether a package gives this role at the snapshot.
-- column explanation: assignment, activated, delivering, dynamic_rule, synced, grace, ended, ended_censored, role_removed, pre_existing, readded or none.
-- column confidence: high, or medium where snapshots cannot prove the explanation.
-- column assignment_id: The assignment behind the explanation.
-- column request_id: The delivered request that proves it, where no snapshot shows it.
-- column package_id: Its package; where no assignment is behind it, a package that gives the role.
-- column package_name: Name of the package.
-- column catalog_id: The catalog of that package.
-- column catalog_name: Name of that catalog.
-- column policy_id: The policy of the assignment.
-- column policy_name: Name of the policy.
-- column ended_after: The assignment ended, or the role left the package, after this instant (or at it).
-- column ended_by: ... and at the latest at this one.
-- column began_after: The grant began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column left_after: For what was left and came back: it went after this instant.
-- column left_by: ... and at the latest at this one.
-- column other_packages: Further ended packages with the same role.
-- column read_now: Whether its group, application or site was read in this very snapshot.
-- column assessable: False where a package could give it and we cannot tell: its roles were not read, or it is under way for nobody named.
with
-- Packages that give a role, and whether one has an assignment under way for nobody named.
giving as (
    select
        k.kind,
        k.resource,
        k.role,
        bool_or(k.in_package) as in_package,
        arg_min(k.package_id, row(not k.in_package, k.package_id)) as package_id,
        bool_or(k.in_package and b.package_id is not null) as blind
    from package_role_lives as k
    left join (
        select distinct a.package_id
        from assignments as a
        where a.principal_id is null and a.life in ('pending', 'unknown')
    ) as b on b.package_id = k.package_id
    where k.kind is not null and k.resource is not null and k.role is not null
    group by all
),
held as (
    select g.*, g.kind::varchar as kind_name
    from grant_lives as g
    semi join giving as w on w.kind = g.kind::varchar and w.resource = g.resource and w.role = g.role
    where g.open
),
best as (
    select
        c.kind,
        c.resource,
        c.role,
        c.principal,
        arg_max(c, c.assignment_id) filter (c.life = 'live' and c.in_package) as assignment,
        arg_max(c, c.assignment_id) filter (c.came_first and c.in_package) as delivering,
        arg_max(c, [a_date(c.over_by), c.assignment_id]) filter (
            (c.ended or c.removed) and c.inside_grace and not c.long_interval
        ) as grace,
        arg_max(c, [a_date(c.over_by), c.assignment_id]) filter (c.ended) as ended,
        bool_or(c.ended and c.must_overlap) as proven,
        bool_or((c.ended or c.removed) and c.began_before) as began_before,
        arg_max(c, [a_date(c.over_by), c.assignment_id]) filter (c.removed) as removed,
        list(distinct c.package_name order by c.package_name) filter (c.ended) as ended_packages
    from explaining_assignments as c
    group by c.kind, c.resource, c.role, c.principal
),
-- Eligible roles that something explains: what is activated of them is explained with them.
eligible as (
    select
        replace(b.kind::varchar, 'eligible_', '') as kind,
        b.resource,
        b.role,
        b.principal,
        coalesce(b.assignment, b.delivering, b.grace) as c
    from best as b
    where b.kind in ('eligible_member', 'eligible_owner', 'eligible_directory_role')
        and coalesce(b.assignment, b.delivering, b.grace) is not null
),
-- Whose active role could be explained by an answer that this snapshot does not have.
unclear as (
    select distinct s.kind, s.resource, s.role, s.principal
    from (
        select
            e.kind, e.resource, e.role, e.principal,
            case when e.kind = 'directory_role' then 'role_assignment_schedules' else 'pim_group_assignments' end
                as collection
        from eligible as e
        union all
        select
            a.kind, a.resource, a.role, a.principal,
            case when a.kind = 'directory_role' then 'role_eligibilities' else 'pim_group_eligibilities' end
        from activations as a
    ) as s
    join history.ids as i on i.key = s.resource
    left join gaps as x on x.collection = s.collection and x.scope = i.id
    where x.scope is not null
        or s.collection not in (
            select c.collection from history.coverage as c where c.snapshot_id = current_snapshot_id() and c.whole
        )
),
-- An earlier life of the same grant that an ended assignment overlapped: what went and came back.
earlier as (
    select
        g.kind,
        g.resource,
        g.role,
        g.principal,
        arg_max(g, g.first_snapshot_id) as life,
        arg_max(a, [a_date(a.ended_by), a.id]) as assignment
    from grant_lives as g
    join entitlements as e
        on e.kind = g.kind::varchar and e.resource = g.resource and e.role = g.role and e.principal = g.principal
    join assignments as a on a.id = e.assignment_id
    where not g.open
        and a.life = 'ended'
        and coalesce(g.began_after < least(a.ended_by, e.left_by), true)
        and coalesce(a.began_after < g.gone_by, true)
        and coalesce(e.arrived_after < g.gone_by, true)
    group by g.kind, g.resource, g.role, g.principal
),
explained as (
    select
        g.*,
        w.in_package,
        w.package_id as giving_package_id,
        not w.blind as assessable,
        b.ended_packages,
        b.proven,
        r.life as earlier_life,
        case
            when b.assignment is not null then 'assignment'
            when v.kind is not null and l.kind is not null then 'activated'
            when b.delivering is not null then 'delivering'
            when g.kind_name = 'member' and t.dynamic then 'dynamic_rule'
            when g.kind_name = 'member' and t.synced then 'synced'
            when b.grace is not null then 'grace'
            when b.began_before and b.proven then 'ended'
            when b.ended is not null and b.began_before then 'ended_censored'
            when b.removed is not null then 'role_removed'
            when b.ended is not null then 'pre_existing'
            when r.assignment is not null then 'readded'
            else 'none'
        end as explanation,
        b.assignment as by_assignment,
        l.c as by_eligible,
        u.kind is not null as unclear,
        b.delivering as by_delivering,
        b.grace as by_grace,
        b.ended as by_ended,
        b.removed as by_removed,
        r.assignment as by_earlier
    from held as g
    join giving as w on w.kind = g.kind_name and w.resource = g.resource and w.role = g.role
    join history.ids as re on re.key = g.resource
    left join resources as t on t.id = re.id
    left join best as b
        on b.kind = g.kind and b.resource = g.resource and b.role = g.role and b.principal = g.principal
    left join earlier as r
        on r.kind = g.kind and r.resource = g.resource and r.role = g.role and r.principal = g.principal
    left join eligible as l
        on l.kind = g.kind_name and l.resource = g.resource and l.role = g.role and l.principal = g.principal
    left join activations as v
        on v.kind = g.kind_name and v.resource = g.resource and v.role = g.role and v.principal = g.principal
    left join unclear as u
        on u.kind = g.kind_name and u.resource = g.resource and u.role = g.role and u.principal = g.principal
),
chosen as (
    select
        e.*,
        case e.explanation
            when 'assignment' then e.by_assignment
            when 'activated' then e.by_eligible
            when 'delivering' then e.by_delivering
            when 'grace' then e.by_grace
            when 'role_removed' then e.by_removed
            when 'ended' then e.by_ended
            when 'ended_censored' then e.by_ended
            when 'pre_existing' then e.by_ended
        end as c
    from explained as e
),
readings as (
    select k.kind, c.snapshot_id is not null as whole, k.collection
    from history.kinds as k
    left join history.coverage as c
        on c.collection = k.collection and c.snapshot_id = current_snapshot_id() and c.whole
),
unread as (
    select x.collection, i.key as resource
    from gaps as x
    join history.ids as i on i.id = x.scope
),
-- Who has a package whose roles could not be read: what it gives them is not known.
mystified as (
    select distinct a.principal_id
    from assignments as a
    join gaps as x on x.collection = 'package_roles' and x.scope = a.package_id
    where a.life in ('live', 'pending', 'unknown')
)
select
    pr.id as principal_id,
    p.name as principal_name,
    p.type as principal_type,
    p.service_type,
    p.user_principal_name,
    x.kind_name as kind,
    re.id as resource_id,
    coalesce(t.name, re.id) as resource_name,
    ro.id as role_id,
    role_label(n.name, x.kind_name, ro.id) as role_name,
    x.in_package,
    x.explanation,
    case
        when x.explanation = 'ended_censored' then 'medium'
        when x.explanation = 'role_removed' and not x.c.must_overlap then 'medium'
        when x.c.long_interval and x.c.inside_grace then 'medium'
        else 'high'
    end as confidence,
    coalesce(x.c.assignment_id, case when x.explanation = 'readded' then x.by_earlier.id end) as assignment_id,
    coalesce(x.c.request_id, case when x.explanation = 'readded' then x.by_earlier.request_id end) as request_id,
    k.id as package_id,
    k.name as package_name,
    k.catalog_id,
    k.catalog_name,
    coalesce(x.c.policy_id, case when x.explanation = 'readded' then x.by_earlier.policy_id end) as policy_id,
    coalesce(x.c.policy_name, case when x.explanation = 'readded' then x.by_earlier.policy_name end) as policy_name,
    coalesce(x.c.over_after, case when x.explanation = 'readded' then x.by_earlier.ended_after end) as ended_after,
    coalesce(x.c.over_by, case when x.explanation = 'readded' then x.by_earlier.ended_by end) as ended_by,
    x.began_after,
    x.began_by,
    case when x.explanation = 'readded' then x.earlier_life.gone_after end as left_after,
    case when x.explanation = 'readded' then x.earlier_life.gone_by end as left_by,
    list_filter(x.ended_packages, lambda name: name <> k.name) as other_packages,
    (q.whole and u.resource is null) or x.first_snapshot_id = current_snapshot_id() as read_now,
    -- An assignment is never a group's: one for nobody named explains nothing that a group holds.
    (x.assessable or x.explanation <> 'none' or p.type = 'group')
        and m.principal_id is null
        and not (
            x.unclear and x.explanation not in ('assignment', 'activated', 'delivering', 'dynamic_rule', 'synced')
        ) as assessable
from chosen as x
join history.ids as pr on pr.key = x.principal
join history.ids as re on re.key = x.resource
join history.ids as ro on ro.key = x.role
join principals as p on p.id = pr.id
join readings as q on q.kind = x.kind
left join mystified as m on m.principal_id = pr.id
left join unread as u on u.collection = q.collection and u.resource = x.resource
left join resources as t on t.id = re.id
left join role_names as n on n.kind = x.kind_name and n.resource_id = re.id and n.role_id = ro.id
left join package_names as k on k.id = coalesce(
    x.c.package_id, case when x.explanation = 'readded' then x.by_earlier.package_id end, x.giving_package_id)
