-- Whether a life from one snapshot to another covers the snapshot that the views show.
-- macro: as_of(valid_from, valid_to)
(valid_from <= current_snapshot_id() and (valid_to is null or valid_to > current_snapshot_id()))
