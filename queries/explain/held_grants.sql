-- One row per life of a grant that a principal, or a group around it, holds; of the principal itself, past lives too.
-- column holder_id: Who holds it: the principal, or a group around it.
-- column holder_name: Name of the holder.
-- column kind: The kind of grant.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column resource_type: group, application, site, directory_role or unknown.
-- column role_id: The role.
-- column role_name: Name of the role.
-- column open: Whether it is there at the snapshot.
-- column began_after: It began after this instant (or at it, if both are the same); null: unknown.
-- column began_by: ... and at the latest at this one.
-- column first_seen_at: The first snapshot that shows it.
-- column last_seen_at: The newest snapshot that shows it and in which its scope was read.
-- column gone_by: The first snapshot without it; null while it is there.
-- column read_now: Whether its group, application or site was read in this very snapshot.
-- column dynamic: Whether a rule fills the group.
-- column synced: Whether an on-premises directory fills the group.
-- column in_package: Whether a package gives this role at the snapshot; null: none does or did.
-- column explanation: What explains it; null where no package gives or gave the role.
-- column confidence: How sure that is.
-- column assessable: False where a package could give it and we cannot tell.
-- column assignment_id: The assignment behind it.
-- column request_id: The request that proves that assignment, where no snapshot shows it.
-- column package_id: The package behind it.
-- column package_name: Name of that package.
-- column ended_after: The assignment ended, or the role left the package, after this instant.
-- column ended_by: ... and at the latest at this one.
with seen as (
    select
        g.kind,
        g.resource,
        g.role,
        g.principal,
        g.granted_at,
        g.valid_from,
        case when g.valid_to <= current_snapshot_id() then g.valid_to end as valid_to,
        lag(g.valid_to) over life is distinct from g.valid_from as begins
    from history.grants as g
    where g.principal in (select h.holder from holders as h) and g.valid_from <= current_snapshot_id()
    window life as (partition by g.kind, g.resource, g.role, g.principal order by g.valid_from)
),
numbered as (
    select
        s.*,
        sum(s.begins::integer) over (
            partition by s.kind, s.resource, s.role, s.principal order by s.valid_from
        ) as life
    from seen as s
),
lives as (
    select
        n.kind,
        n.resource,
        n.role,
        n.principal,
        max(n.granted_at) as granted_at,
        min(n.valid_from) as valid_from,
        case when not bool_or(n.valid_to is null) then max(n.valid_to) end as valid_to
    from numbered as n
    group by n.kind, n.resource, n.role, n.principal, n.life
),
scopes as (
    select distinct l.kind, l.resource, k.collection, i.id as scope
    from lives as l
    join history.kinds as k on k.kind = l.kind
    join history.ids as i on i.key = l.resource
),
-- Every snapshot in which what is absent from a scope was absent.
readings as (
    select s.kind, s.resource, c.snapshot_id
    from scopes as s
    join history.coverage as c
        on c.collection = s.collection and c.whole and c.snapshot_id <= current_snapshot_id()
    left join history.gaps as g
        on g.collection = s.collection and g.scope = s.scope and g.snapshot_id = c.snapshot_id
    where g.scope is null
),
bounds as (
    select
        l.*,
        max(r.snapshot_id) filter (r.snapshot_id < l.valid_from) as before_id,
        max(r.snapshot_id) filter (
            r.snapshot_id >= l.valid_from and coalesce(r.snapshot_id < l.valid_to, true)
        ) as last_id,
        coalesce(bool_or(current_snapshot_id() in (r.snapshot_id, l.valid_from)), false) as read_now
    from lives as l
    left join readings as r on r.kind = l.kind and r.resource = l.resource
    group by all
)
select
    pr.id as holder_id,
    coalesce(p.name, pr.id) as holder_name,
    b.kind::varchar as kind,
    re.id as resource_id,
    coalesce(t.name, re.id) as resource_name,
    coalesce(t.type, 'unknown') as resource_type,
    ro.id as role_id,
    role_label(n.name, b.kind::varchar, ro.id) as role_name,
    b.valid_to is null as open,
    coalesce(
        e.began_after, case when e.kind is null then coalesce(real_instant(b.granted_at), before.taken_at) end
    ) as began_after,
    coalesce(e.began_by, real_instant(b.granted_at), first.taken_at) as began_by,
    first.taken_at as first_seen_at,
    coalesce(last.taken_at, first.taken_at) as last_seen_at,
    gone.taken_at as gone_by,
    b.read_now,
    b.kind = 'member' and coalesce(t.dynamic, false) as dynamic,
    b.kind = 'member' and coalesce(t.synced, false) as synced,
    e.in_package,
    e.explanation,
    e.confidence,
    coalesce(e.assessable, true) as assessable,
    e.assignment_id,
    e.request_id,
    e.package_id,
    e.package_name,
    e.ended_after,
    e.ended_by
from bounds as b
join history.ids as pr on pr.key = b.principal
join history.ids as re on re.key = b.resource
join history.ids as ro on ro.key = b.role
join history.snapshots as first on first.id = b.valid_from
left join history.snapshots as before on before.id = b.before_id
left join history.snapshots as last on last.id = b.last_id
left join history.snapshots as gone on gone.id = b.valid_to
left join principals as p on p.id = pr.id
left join resources as t on t.id = re.id
left join role_names as n on n.kind = b.kind::varchar and n.resource_id = re.id and n.role_id = ro.id
left join explained_grants as e
    on b.valid_to is null
    and e.principal_id = pr.id and e.kind = b.kind::varchar and e.resource_id = re.id and e.role_id = ro.id
where b.valid_to is null or pr.id = getvariable('principal_id')
order by
    lower(coalesce(t.name, re.id)), re.id, b.kind, ro.id, pr.id <> getvariable('principal_id'), lower(p.name), pr.id,
    b.valid_from
