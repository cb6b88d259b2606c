-- One row per grant that was gained or lost between two snapshots, with the reason why.
-- column change: gained or lost.
-- column why: assignment, ended, rule, sync, account, resource or direct.
-- column principal_id: Who holds or held it.
-- column principal_name: Name of the principal.
-- column principal_type: user, guest, group, service_principal or unknown.
-- column kind: The kind of grant.
-- column resource_id: The resource.
-- column resource_name: Name of the resource.
-- column role_id: The role; empty for members and owners.
-- column role_name: Name of the role.
-- column explanation: What explains it where it is there; null where no package gives the role.
-- column confidence: How sure that is.
-- column assignment_id: The assignment behind it.
-- column package_id: The package behind it.
-- column package_name: Name of that package.
with lists as (
    select 'users' as list, u.id, u.valid_from, u.valid_to from history.users as u
    union all
    select 'groups', g.id, g.valid_from, g.valid_to from history.groups as g
    union all
    select 'service_principals', p.id, p.valid_from, p.valid_to from history.service_principals as p
    union all
    select 'sites', w.id, w.valid_from, w.valid_to from history.sites as w
),
asked as (
    select distinct c.resource_id as name, c.resource_id as id from compared_grants as c
    union
    -- The owners of a group come and go with it.
    select distinct c.principal_id, regexp_replace(c.principal_id, '_o$', '') from compared_grants as c
),
-- Whether an account, a group, ... was listed in each of the two snapshots. A list that was not read proves nothing.
listed as (
    select
        a.name,
        bool_or(l.valid_from <= getvariable('from_id') and coalesce(l.valid_to > getvariable('from_id'), true))
            as before,
        bool_or(l.valid_from <= getvariable('to_id') and coalesce(l.valid_to > getvariable('to_id'), true)) as after,
        bool_or(l.valid_from <= getvariable('from_id')) as known_before,
        bool_or(l.valid_to <= getvariable('from_id')) or any_value(b.status) = 'complete' as surely_before,
        bool_or(l.valid_to <= getvariable('to_id')) or any_value(n.status) = 'complete' as surely_after
    from asked as a
    join lists as l on l.id = a.id
    left join history.coverage as b on b.collection = l.list and b.snapshot_id = getvariable('from_id')
    left join history.coverage as n on n.collection = l.list and n.snapshot_id = getvariable('to_id')
    group by a.name
),
fates as (
    select
        l.name,
        case
            when not l.before and l.after and l.known_before and l.surely_before then 'restored'
            when not l.before and l.after and l.surely_before then 'new'
            when l.before and not l.after and l.surely_after then 'gone'
        end as fate
    from listed as l
),
-- What assignments say of each grant as of the second snapshot.
promises as (
    select
        c.kind,
        c.resource,
        c.role,
        c.principal,
        bool_or(a.life = 'live' and e.in_package) as promised,
        arg_max(a, [a_date(least(a.ended_by, e.left_by)), a.id]) filter (
            a.life = 'ended' or a.life = 'live' and not e.in_package
        ) as over,
        max(least(a.ended_by, e.left_by)) filter (
            a.life = 'ended' or a.life = 'live' and not e.in_package
        ) as over_by
    from compared_grants as c
    join entitlements as e
        on e.kind = c.kind and e.resource = c.resource and e.role = c.role and e.principal = c.principal
    join assignments as a on a.id = e.assignment_id
    where not c.gained and a.life <> 'scheduled'
    group by all
),
judged as (
    select
        c.*,
        case when c.gained then e.explanation else b.explanation end as explanation,
        case when c.gained then e.confidence else b.confidence end as confidence,
        coalesce(case when c.gained then e.assignment_id else b.assignment_id end, o.over.id) as assignment_id,
        coalesce(case when c.gained then e.package_id else b.package_id end, o.over.package_id) as package_id,
        coalesce(case when c.gained then e.package_name else b.package_name end, o.over.package_name) as package_name,
        -- A name is the one of the snapshot in which the grant is there; it may be gone from the other.
        case when c.gained then coalesce(p.name, b.principal_name) else coalesce(b.principal_name, p.name) end
            as principal_name,
        case when c.gained then coalesce(p.type, b.principal_type) else coalesce(b.principal_type, p.type) end
            as principal_type,
        case when c.gained then coalesce(r.name, b.resource_name) else coalesce(b.resource_name, r.name) end
            as resource_name,
        case when c.gained then coalesce(n.name, b.role_name) else coalesce(b.role_name, n.name) end as role_name,
        c.kind = 'member' and case when c.gained then coalesce(r.dynamic, false) else b.dynamic end as by_rule,
        c.kind = 'member' and case when c.gained then coalesce(r.synced, false) else b.synced end as by_sync,
        who.fate as account,
        what.fate as resource_fate,
        coalesce(o.promised, false) as promised,
        coalesce(o.over_by > s.taken_at, false) as ended_since
    from compared_grants as c
    join history.snapshots as s on s.id = getvariable('from_id')
    join explained_before as b
        on b.kind = c.kind and b.resource_id = c.resource_id and b.role_id = c.role_id
        and b.principal_id = c.principal_id
    left join explained_grants as e
        on e.kind = c.kind and e.resource_id = c.resource_id and e.role_id = c.role_id
        and e.principal_id = c.principal_id
    left join promises as o
        on o.kind = c.kind and o.resource = c.resource and o.role = c.role and o.principal = c.principal
    left join principals as p on p.id = c.principal_id
    left join resources as r on r.id = c.resource_id
    left join role_names as n on n.kind = c.kind and n.resource_id = c.resource_id and n.role_id = c.role_id
    left join fates as who on who.name = c.principal_id
    left join fates as what on what.name = c.resource_id
),
reasoned as (
    select
        j.*,
        coalesce(j.explanation, '') in (
            'assignment', 'activated', 'delivering', 'grace', 'ended', 'ended_censored', 'role_removed'
        ) as given,
        coalesce(j.explanation, '') in ('assignment', 'activated', 'delivering') as given_now
    from judged as j
)
select
    case when r.gained then 'gained' else 'lost' end as change,
    case
        when r.gained and r.account = 'restored' and not r.given_now then 'account'
        when r.gained and r.resource_fate = 'restored' and not r.given_now then 'resource'
        when r.gained and r.given then 'assignment'
        when not r.gained and r.account = 'gone' then 'account'
        when not r.gained and r.resource_fate = 'gone' then 'resource'
        when not r.gained and not r.promised and (r.given or r.ended_since) then 'ended'
        when r.by_rule then 'rule'
        when r.by_sync then 'sync'
        -- A new account with a packaged role that nothing explains was given it by hand.
        when r.gained and r.account = 'new' and r.explanation is null then 'account'
        else 'direct'
    end as why,
    r.principal_id,
    coalesce(r.principal_name, r.principal_id) as principal_name,
    coalesce(r.principal_type, 'unknown') as principal_type,
    r.kind,
    r.resource_id,
    coalesce(r.resource_name, r.resource_id) as resource_name,
    r.role_id,
    role_label(r.role_name, r.kind, r.role_id) as role_name,
    r.explanation,
    r.confidence,
    r.assignment_id,
    r.package_id,
    r.package_name
from reasoned as r
order by
    r.gained desc,
    list_position(['direct', 'account', 'resource', 'assignment', 'ended', 'rule', 'sync'], why),
    lower(principal_name),
    r.principal_id,
    lower(resource_name),
    r.resource_id,
    r.kind,
    r.role_id
