-- One row per snapshot: everything collected in one run.
-- column id: Number of the snapshot; use it as `set variable snapshot_id = N`.
-- column taken_at: The service's clock at its first answer, UTC.
-- column finished_at: When collecting ended, UTC.
-- column export_sha256: SHA-256 of the export's manifest, which holds the hashes of all its files.
-- column tool: What collected it.
-- column shown: Whether the views show this snapshot.
select
    s.id,
    s.taken_at,
    s.finished_at,
    s.export_sha256,
    s.tool,
    s.id = current_snapshot_id() as shown
from history.snapshots as s
