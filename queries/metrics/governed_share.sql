-- One row per reason for which grants exist: every grant of the snapshot counted in exactly one.
-- column bucket: An explanation; for grants that no package gives or gave to their holder: rule (a group's rule fills it) or unpackaged.
-- column governed: True: it has a reason of today. False: it has none. Null: no package has to do with it.
-- column grants: How many grants.
-- column share: Their part of all grants, from 0 to 1.
-- identity: coalesce(sum(grants), 0) = (select count(*) from history.grants as g where as_of(g.valid_from, g.valid_to))
-- identity: coalesce(bool_and(grants > 0), true)
-- identity: count(distinct bucket) = count(*)
-- identity: abs(coalesce(sum(share), 1) - 1) < 0.000001
with roles as (
    select distinct k.kind::grant_kind as kind, k.resource, k.role
    from package_role_lives as k
    where k.kind is not null and k.resource is not null and k.role is not null
),
-- Counted before anything is joined: there are millions of grants and thousands of roles.
held as (
    select g.kind, g.resource, g.role, count(*) as grants
    from history.grants as g
    where as_of(g.valid_from, g.valid_to)
    group by g.kind, g.resource, g.role
),
outside as (
    select
        case when h.kind = 'member' and coalesce(t.dynamic, false) then 'rule' else 'unpackaged' end as bucket,
        sum(h.grants) as grants
    from held as h
    anti join roles as r on r.kind = h.kind and r.resource = h.resource and r.role = h.role
    left join history.ids as i on i.key = h.resource
    left join resources as t on t.id = i.id
    group by all
),
-- Where a role has left every package, a grant that no assignment had to do with is no package's any more.
explained as (
    select
        case when e.in_package or e.explanation <> 'none' then e.explanation else 'unpackaged' end as bucket,
        count(*) as grants
    from explained_grants as e
    group by all
),
counted as (
    select b.bucket, sum(b.grants)::bigint as grants
    from (from outside union all by name from explained) as b
    group by b.bucket
)
select
    c.bucket,
    case
        when c.bucket in ('assignment', 'activated', 'delivering', 'dynamic_rule', 'synced', 'grace') then true
        when c.bucket not in ('rule', 'unpackaged') then false
    end as governed,
    c.grants,
    c.grants / sum(c.grants) over () as share
from counted as c
order by c.grants desc, c.bucket
