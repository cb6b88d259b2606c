"""Growth: ninety nightly snapshots of a big tenant in one file."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from driftaudit.audit.loading import load_and_record
from driftaudit.exports import open_export
from driftaudit.store.database import opened_for_writing, reading
from driftaudit.store.load import load
from driftaudit.store.publish import writing
from driftaudit.store.schema import create
from tests.benchmarks.big_tenant import Ids, Tenant, write
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure

SNAPSHOTS = int(os.environ.get("BENCH_SNAPSHOTS", "90"))
"""Ninety take half an hour on an idle machine; fewer, for a rough answer, must keep the same limits."""
CHURN = 0.003
"""Share of the memberships that change in a day, in plus out."""
RECORD_EVERY = 10
"""Days between two recorded audits: they add time and hardly a byte."""
GRANTS_MB, FILE_MB = 40, 100


def test_ninety_snapshots_stay_small(place: Path, measured: Measured) -> None:
    began, database = time.monotonic(), place / "big.duckdb"
    tenant = Tenant()
    ids = Ids(tenant)
    for day in range(SNAPSHOTS):
        write(place / "export", tenant, ids, day, packed=False)
        _load(database, place / "export", record=day % RECORD_EVERY == 0)
        shutil.rmtree(place / "export")
        tenant.churn(CHURN)
        print(f"{day + 1} snapshots, {_megabytes(database):.1f} MB, {time.monotonic() - began:.0f} s", flush=True)
    measured(Figure("minutes for all of it", (time.monotonic() - began) / 60, "m"))
    measured(Figure(f"grants after {SNAPSHOTS} snapshots", _grants(database, place / "grants.duckdb"), "MB", GRANTS_MB))
    measured(Figure(f"whole file after {SNAPSHOTS} snapshots", _megabytes(database), "MB", FILE_MB))


def _load(database: Path, folder: Path, *, record: bool) -> None:
    """Load an export through the same publication as ever, with or without the audit behind it."""
    export = open_export(folder)
    if record:
        load_and_record(database, export, given={}, accept_shrink=(), tell=print)
        return
    with writing(database, print) as connection:
        create(connection)
        load(connection, export)


def _grants(database: Path, alone: Path) -> float:
    """Return the size of a file that holds nothing but the table of grants."""
    with reading(database) as connection:
        count = connection.execute("select count(*) from history.grants").fetchall()[0][0]
    print(f"{count} rows of grants")
    with opened_for_writing(alone) as connection:
        connection.execute(f"attach '{database}' as big (read_only)")
        connection.execute("create table grants as from big.history.grants")
        connection.execute("checkpoint")
    return _megabytes(alone)


def _megabytes(path: Path) -> float:
    """Return a file's size in MB."""
    return path.stat().st_size / 1e6
