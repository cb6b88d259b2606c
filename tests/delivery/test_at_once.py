"""Two runs at once: one works, the other leaves at once."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.delivery.nights import PATIENCE, nights

AT_ONCE = 5.0


def test_the_second_of_two_runs_leaves_with_6_and_the_first_ends_well(tmp_path: Path) -> None:
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        go.wait(PATIENCE)

    with nights(tmp_path) as job, job.gate.at(2, hold):
        first = job.start()
        try:
            assert held.wait(PATIENCE)
            code, said = job.ended(job.start(), AT_ONCE)
            assert first.poll() is None
        finally:
            go.set()
        assert (code, job.ended(first)[0]) == (6, 0)
        assert len(job.asked("from history.snapshots")) == 1
        assert max(job.taken().values()) == 1
    (line,) = said.splitlines()
    assert line.startswith(f"Error: Another run is writing driftaudit.duckdb: process {first.pid} on ")
    assert line.endswith(" Wait until it has finished.")
