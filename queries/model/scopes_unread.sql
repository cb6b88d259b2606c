-- One row per kind of grant and resource that could not be read at the snapshot, though others of its kind were.
-- column kind: The kind of grant.
-- column resource: Key of the resource in history.ids.
select k.kind, i.key as resource
from gaps as x
join kinds_read as k on k.collection = x.collection
join history.ids as i on i.id = x.scope
