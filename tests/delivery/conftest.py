"""One history for all tests of this folder, copied for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from driftaudit.cli import _clock
from tests.audit.once import audited_once
from tests.delivery.house import House, history
from tests.delivery.post_office import SECRET, office

__all__ = ["audited_once"]


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that no test changes."""
    return history(tmp_path_factory.mktemp("past") / "past.duckdb")


@pytest.fixture
def house(past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, audited_once: None) -> Iterator[House]:
    """Return a house at a mail server that takes everything, on the day after the last snapshot."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRIFTAUDIT_MAIL_PASSWORD", SECRET)
    monkeypatch.setattr(_clock, "local_time", lambda: datetime(2026, 8, 6, 4, 0, 0, tzinfo=UTC))
    with office(tmp_path) as opened:
        made = House(tmp_path, opened)
        made.take(past)
        yield made
