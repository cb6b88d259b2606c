"""Kills: a loader that dies at any moment leaves the old file whole and is no obstacle to the next run."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from driftaudit.audit.loading import load_and_record
from driftaudit.exports import open_export
from driftaudit.store.database import reading
from tests.store.blank import blank

LOADER = """
import sys
from pathlib import Path
from driftaudit.audit.loading import load_and_record
from driftaudit.exports import open_export
import duckdb, polars
export = open_export(Path(sys.argv[2]))
print("ready", flush=True)
load_and_record(Path(sys.argv[1]), export, given={}, accept_shrink=(), tell=print)
print("done", flush=True)
"""


def survive(place: Path, first: Path, second: Path, *, kills: int, seed: int) -> int:
    """Kill a loader of the second export at moments drawn by chance; return how often it was caught at work."""
    database, chance, caught = blank(place / "killed.duckdb"), random.Random(seed), 0
    _load(database, first)
    old = database.read_bytes()
    whole = _run(database, second, None)
    for _ in range(kills):
        _restore(database, old)
        moment = chance.uniform(0, whole)
        _run(database, second, moment)
        caught += database.read_bytes() == old
        print(f"seed {seed}, killed after {moment:.3f} of {whole:.3f} s: {sorted(p.name for p in place.iterdir())}")
        _check(database, second, old)
    return caught


def _load(database: Path, export: Path) -> None:
    load_and_record(database, open_export(export), given={}, accept_shrink=(), tell=print)


def _restore(database: Path, old: bytes) -> None:
    """Put the old database in its place, alone, as if it had been published."""
    for path in database.parent.glob("killed*"):
        path.unlink()
    database.write_bytes(old)
    database.chmod(0o440)


def _run(database: Path, export: Path, moment: float | None) -> float:
    """Run a loader and kill it after so many seconds of work, or let it end; return how long it worked."""
    arguments = [sys.executable, "-c", LOADER, str(database), str(export)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as loader:
        assert loader.stdout is not None
        assert loader.stdout.readline() == "ready\n"
        began = time.perf_counter()
        if moment is not None:
            time.sleep(moment)
            loader.kill()
        else:
            assert loader.stdout.readline() == "done\n"
        return time.perf_counter() - began


def _check(database: Path, export: Path, old: bytes) -> None:
    """Check that the file is the old one or the new one, whole, and that the next run makes it the new one."""
    published = database.read_bytes() != old
    with reading(database) as connection:
        assert connection.execute("select max(id) from history.snapshots").fetchall() == [(2 if published else 1,)]
    _load(database, export)
    with reading(database) as connection:
        assert connection.execute("select max(id) from history.snapshots").fetchall() == [(2,)]
        runs = "select count(distinct snapshot_id) from history.check_runs"
        assert connection.execute(runs).fetchall() == [(2,)]
    if not published:
        assert sorted(p.name for p in database.parent.iterdir()) == [database.name, f"{database.name}.lock"]
