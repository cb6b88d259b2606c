"""Start: the program answers at once."""

from __future__ import annotations

from statistics import median

from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure, spent

RUNS, MOST_OF_CLICK = 9, 2.5


def test_help_takes_little_more_than_click(measured: Measured) -> None:
    pairs = [(spent("-m", "driftaudit", "--help").cpu, spent("-c", "import click").cpu) for _ in range(RUNS)]
    ours, click = (median(column) for column in zip(*pairs, strict=True))
    measured(Figure("import click, processor time", click, "s"))
    measured(Figure("driftaudit --help against import click", ours / click, "x", MOST_OF_CLICK))
