-- One row per thing that is counted and on purpose no finding.
-- column name: Its name.
-- column label: What is counted.
-- column amount: How many.
-- identity: count(distinct name) = count(*) and bool_and(amount >= 0)
-- identity: sum(amount) filter (name in ('grace', 'dynamic_rule', 'synced', 'activated', 'delivering')) = (select coalesce(sum(s.grants), 0) from governed_share as s where s.bucket in ('grace', 'dynamic_rule', 'synced', 'activated', 'delivering'))
with grants as (
    select
        e.explanation as name,
        count(*) as amount,
        count(*) filter (
            not e.assessable and e.explanation in ('none', 'readded', 'pre_existing', 'ended', 'ended_censored')
        ) as blind
    from explained_grants as e
    where e.in_package or e.explanation <> 'none'
    group by all
),
-- Groups that hold what a package gives because Entra or SharePoint put them there.
groups_inside as (
    select
        e.principal_id,
        bool_or(s.site_id is not null or ends_with(e.principal_id, '_o')) as of_site
    from explained_grants as e
    left join site_own_groups as s
        on e.kind = 'site_group' and s.site_id = e.resource_id and s.group_id = e.principal_id
    where e.principal_type = 'group'
        and e.in_package
        and e.explanation not in ('assignment', 'activated', 'delivering', 'grace')
        and (
            s.site_id is not null
            or e.kind = 'site_group' and ends_with(e.principal_id, '_o')
            or exists (
                select 1
                from auto_groups as a
                join package_role_lives as k on k.package_id = a.package_id
                where a.group_id = e.principal_id
                    and k.in_package
                    and k.kind = e.kind
                    and k.resource_id = e.resource_id
                    and k.role_id = e.role_id
            )
        )
    group by e.principal_id
),
reasons(place, name, label) as (
    values
        (1, 'grace', 'grants whose end is so recent that removal may be under way'),
        (2, 'delivering', 'grants of a package that is just being delivered'),
        (3, 'activated', 'grants that an eligible role gives for now'),
        (4, 'dynamic_rule', 'grants that a group’s rule gives'),
        (5, 'synced', 'grants that the on-premises directory gives')
)
select w.name, w.label, w.amount
from (
    select r.place, r.name, r.label, coalesce(g.amount, 0) as amount
    from reasons as r
    left join grants as g on g.name = r.name
    union all
    select 6, 'not_assessable', 'grants that cannot be judged, because what gives them was not read',
        coalesce(sum(g.blind), 0)::bigint
    from grants as g
    union all
    select 7, 'absent_at_review_end', 'people without the access when an unanswered review ended', count(*)
    from unanswered_decisions as u
    where not u.listed
    union all
    select 8, 'auto_groups', 'groups that Entra fills for an auto-assignment policy of the same package', count(*)
    from groups_inside as g
    where not g.of_site
    union all
    select 9, 'site_own_groups', 'groups that a site belongs to', count(*)
    from groups_inside as g
    where g.of_site
    union all
    select 10, 'resource_accounts', 'accounts of rooms and shared mailboxes, by the parameter resource_accounts',
        count(*)
    from accounts as a
    join accounts_holding as h on h.account_id = a.id
    where a.resource_account and a.state <> 'active' and h.grants + h.live + h.pending > 0
) as w
order by w.place
