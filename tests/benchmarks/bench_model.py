"""The model and all checks at three million grants, against what loading that snapshot costs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.big_tenant import Ids, Tenant, write
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure, spent

TIMES_LOADING, CLOSURE_SHARE, MEMORY_MB = 4.0, 0.05, 2000
LOAD = """
import sys, time
from pathlib import Path
from driftaudit.exports import open_export
from driftaudit.store.load import load
from driftaudit.store.publish import writing
from driftaudit.store.schema import create
with writing(Path(sys.argv[1]), print) as connection:
    create(connection)
    load(connection, open_export(Path(sys.argv[2])))
"""
AUDIT = """
import json, sys, time
from pathlib import Path
from driftaudit.audit.loading import audit_snapshot
from driftaudit.store.database import reading
from driftaudit.store.model import build
with reading(Path(sys.argv[1])) as connection:
    before = time.process_time()
    audit = audit_snapshot(connection, 1)
    whole = time.process_time() - before
    closure = 0.0
    for name in ("group_edges", "group_reach"):
        text = connection.execute("select sql from duckdb_views() where view_name = ?", [name]).fetchall()[0][0]
        before = time.process_time()
        connection.execute(f"create temp table again_{name} as {text.partition(' AS ')[2]}")
        closure += time.process_time() - before
found = {c.id: (c.status, c.finding_count) for c in audit.checks}
Path(sys.argv[2]).write_text(json.dumps({"audit": whole, "closure": closure, "checks": found}))
"""


def test_the_model_and_its_checks_cost_little_more_than_loading(place: Path, measured: Measured) -> None:
    tenant = Tenant()
    write(place / "whole", tenant, Ids(tenant), 0)
    load = spent("-c", LOAD, str(place / "big.duckdb"), str(place / "whole"))
    audit = spent("-c", AUDIT, str(place / "big.duckdb"), str(place / "told.json"))
    told = json.loads((place / "told.json").read_text("utf-8"))
    found = {name: count for name, (status, count) in told["checks"].items() if count}
    measured(Figure("loading 3 million memberships, processor time", load.cpu, "s"))
    measured(Figure("model, checks and metrics", told["audit"], "s"))
    measured(Figure("the same against loading", told["audit"] / load.cpu, "x", TIMES_LOADING))
    measured(Figure("closure of nested groups against loading", told["closure"] / load.cpu, "x", CLOSURE_SHARE))
    measured(Figure("most memory in the audit", audit.memory, "MB", MEMORY_MB))
    assert {"grant_past_expiry", "leaver_with_access", "guest_without_assignment", "nested_group_opens_package"} <= set(
        found
    )
