-- The instant of the snapshot that all views show; every comparison of time is with it.
-- macro: snapshot_taken_at()
(select s.taken_at from history.snapshots as s where s.id = current_snapshot_id())
