"""The program answers at once: `--help` loads nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = ("azure", "duckdb", "jinja2", "msgraph", "msgspec", "polars", "rich", "weasyprint")
MOST_OF_CLICK = 2.5


def _seconds(*arguments: str) -> float:
    """Return the processor time of one run, which other programs on the machine change least."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def test_help_loads_nothing_heavy() -> None:
    program = "import sys; from driftaudit.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in run.stderr.split()}
    assert loaded.isdisjoint(HEAVY)


def test_help_takes_little_more_than_click() -> None:
    _seconds("-m", "driftaudit", "--help")
    click = min(_seconds("-c", "import click") for _ in range(5))
    assert min(_seconds("-m", "driftaudit", "--help") for _ in range(5)) <= MOST_OF_CLICK * click
