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
def measured(request: pytest.FixtureRequest) -> Measured:
    """Return the function that notes a figure for the table and fails the benchmark if its limit is missed."""
    figures = request.config.stash.setdefault(_FIGURES, [])

    def note(figure: Figure) -> None:
        figures.append(figure)
        assert figure.met, f"{figure.name}: {figure.value:.2f} {figure.unit}, the limit is {figure.limit}"

    return note


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder that is gone afterwards: what lies in it is hundreds of megabytes."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of figures."""
    if figures := config.stash.get(_FIGURES, []):
        terminalreporter.write_line(f"\n{table(figures)}")
