"""What the benchmarks share: a place that is emptied, and the table of figures at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, table

Measured = Callable[[Figure], None]
_FIGURES = pytest.StashKey[list[Figure]]()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Iterator[Measured]:
    """Give the function that notes a figure for the table; a missed limit fails the benchmark when it ends."""
    figures: list[Figure] = []
    yield figures.append
    request.config.stash.setdefault(_FIGURES, []).extend(figures)
    missed = [f"{f.name}: {f.value:.2f} {f.unit}, the limit is {f.limit}" for f in figures if not f.met]
    assert missed == []


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder that is gone afterwards: what lies in it is hundreds of megabytes."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of figures."""
    if figures := config.stash.get(_FIGURES, []):
        terminalreporter.write_line(f"\n{table(figures)}")
