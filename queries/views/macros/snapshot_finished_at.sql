-- When the last answer of the snapshot had come: what began until then is not ahead of us.
-- macro: snapshot_finished_at()
(select coalesce(s.finished_at, s.taken_at) from history.snapshots as s where s.id = current_snapshot_id())
