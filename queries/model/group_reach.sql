-- One row per group of interest, and group whose members are in it, however deep: itself, and all inside it.
-- column target: Key of the group in history.ids: one that a package gives, that holds a role, is inside one of these, or incompatible.
-- column via: Key of the group itself, or of one inside it.
-- column read_now: Whether every group on some way there was read in this very snapshot.
with recursive targets as (
    select k.resource as key
    from package_role_lives as k
    where k.kind = 'member' and k.resource is not null
    union
    select e.child
    from group_edges as e
    join package_role_lives as k on k.kind = 'member' and k.resource = e.parent
    union
    select g.principal
    from history.grants as g
    join history.ids as i on i.key = g.principal
    join history.groups as t on t.id = i.id
    where g.kind in (
            'owner', 'eligible_member', 'eligible_owner',
            'app_role', 'site_group', 'directory_role', 'eligible_directory_role'
        )
        and as_of(g.valid_from, g.valid_to)
    union
    select i.key
    from history.ids as i
    where i.id in (select n.other_id from package_incompatibilities as n)
),
reach as (
    select t.key as target, t.key as via, true as read_now
    from targets as t
    union
    select r.target, e.child, r.read_now and e.read_now
    from reach as r
    join group_edges as e on e.parent = r.via
)
select target, via, bool_or(read_now) as read_now
from reach
group by target, via
