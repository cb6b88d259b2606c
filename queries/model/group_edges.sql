-- One row per group that is a member of another at the snapshot, as keys of history.ids.
-- column parent: The group.
-- column child: The group inside it.
-- column read_now: Whether the members of the outer group were read in this very snapshot.
select
    g.resource as parent,
    g.principal as child,
    k.whole and u.resource is null or g.valid_from = current_snapshot_id() as read_now
from history.grants as g
join kinds_read as k on k.kind = 'member'
left join scopes_unread as u on u.kind = 'member' and u.resource = g.resource
where g.kind = 'member'
    and as_of(g.valid_from, g.valid_to)
    -- The members of a group that was never in the list were never read.
    and g.principal in (select i.key from history.ids as i join history.groups as t on t.id = i.id)
