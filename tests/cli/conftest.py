"""One fake service per file of tests, and an empty folder in which each test runs its commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from driftaudit.cli import _clock
from tests.cli.reading import Desk
from tests.fake_graph import Fake, serving
from tests.fake_graph.trusting import trust_read_once

__all__ = ["trust_read_once"]

NEWEST = Path(__file__).parents[2] / "sample_exports" / "contoso" / "2026-09-30"


@pytest.fixture(scope="module")
def service() -> Iterator[Fake]:
    """Serve the newest snapshot of the sample."""
    with serving(NEWEST) as fake:
        yield fake


@pytest.fixture
def desk(
    service: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """Return a desk at the service, whose clock this machine's agrees with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(_clock, "local_time", lambda: datetime.fromisoformat(f"{service.clock.iso()}+00:00"))
    desk = Desk(service, tmp_path, monkeypatch, capsys)
    desk.sign_in()
    yield desk
    service.faults.given.clear()
