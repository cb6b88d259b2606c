"""Loading: three million memberships cost little more than reading their file, and fit into memory."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.big_tenant import Ids, Tenant, write
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure, Spent, spent

RUNS = 2
TIMES_READ_JSON, MEMORY_MB = 2.5, 2000
READ_JSON = """
import duckdb, sys
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("create table flat as select scope, unnest(page.value) from read_json(?)", [sys.argv[2]])
    found = connection.execute("select count(*) from flat").fetchall()[0][0]
assert found == 3_000_000, found
"""


def test_loading_costs_little_more_than_reading(place: Path, measured: Measured) -> None:
    tenant = Tenant()
    ids = Ids(tenant)
    write(place / "lean", tenant, ids, 0, lean=True)
    write(place / "whole", tenant, ids, 0)
    read, lean = _cheapest([_pair(place, "lean") for _ in range(RUNS)])
    _, whole = _pair(place, "whole")
    measured(Figure("read_json of 3 million memberships, processor time", read.cpu, "s"))
    measured(Figure("load of the whole snapshot and its audit", whole.cpu, "s"))
    measured(Figure("load of the whole snapshot against read_json", whole.cpu / read.cpu, "x"))
    measured(Figure("load of the memberships against read_json", lean.cpu / read.cpu, "x", TIMES_READ_JSON))
    measured(Figure("most memory while loading the memberships", lean.memory, "MB", MEMORY_MB))
    measured(Figure("most memory while loading the whole snapshot", whole.memory, "MB", MEMORY_MB))


def _pair(place: Path, export: str) -> tuple[Spent, Spent]:
    """Return what reading the memberships as JSON costs, and what loading the export costs, one after the other."""
    members = place / export / "group_members.jsonl.gz"
    read = spent("-c", READ_JSON, str(_new(place / "flat.duckdb")), str(members))
    load = spent("-m", "driftaudit", "--db", str(_new(place / "loaded.duckdb")), "load", str(place / export))
    return read, load


def _cheapest(pairs: list[tuple[Spent, Spent]]) -> tuple[Spent, Spent]:
    """Return the cheapest run of each: whatever else the machine does only adds."""
    read, load = zip(*pairs, strict=True)
    return min(read, key=lambda s: s.cpu), min(load, key=lambda s: s.cpu)


def _new(path: Path) -> Path:
    """Return a path at which nothing is."""
    path.unlink(missing_ok=True)
    return path
