-- One row per kind of grant: whether absent grants of it are really absent at the snapshot, but for its gaps.
-- column kind: The kind of grant.
-- column collection: What holds grants of this kind.
-- column whole: False: it was not read.
select
    k.kind::varchar as kind,
    k.collection,
    c.snapshot_id is not null as whole
from history.kinds as k
left join history.coverage as c
    on c.collection = k.collection and c.snapshot_id = current_snapshot_id() and c.whole
