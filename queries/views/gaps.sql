-- One row per scope that was not read in the snapshot.
-- column collection: What was read.
-- column scope: The group, site, package, ... that was not.
-- column code: The service's status, or why we do not believe its answer.
-- column message: What the service said.
select
    g.collection,
    g.scope,
    g.code,
    g.message
from history.gaps as g
where g.snapshot_id = current_snapshot_id()
