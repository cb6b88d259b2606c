"""A run that nobody listens to any more."""

from __future__ import annotations

import os
from pathlib import Path

from tests.delivery.nights import PATIENCE, nights


def test_a_run_goes_on_when_whoever_read_its_log_is_gone(tmp_path: Path) -> None:
    with nights(tmp_path) as job:
        reader, writer = os.pipe()
        os.close(reader)
        with job.start(out=writer, err=writer) as run:
            os.close(writer)
            assert run.wait(PATIENCE) == 0
        assert set(job.taken().values()) == {1}
        assert job.is_over()
