"""What the tests of this folder share: one history in memory, because its tables and views take long to make."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.collect.runs import Run
from tests.fake_graph import Chance, Rule, serving
from tests.fake_graph.caller import NEWEST
from tests.fake_graph.trusting import trust_read_once
from tests.store.conftest import made_history

__all__ = ["made_history", "trust_read_once"]
Serve = Callable[..., Any]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Return how to serve the newest sample with faults, and how to collect some of it."""

    @contextmanager
    def served(
        *faults: Rule | Chance, only: tuple[str, ...] = (), day: Path = NEWEST, **options: Any
    ) -> Generator[Run]:
        with serving(day, faults=faults, **options) as fake:
            yield Run(fake, tmp_path / "exports", only=only)

    return served
