"""The program answers at once: `--help` loads nothing heavy. How long it takes is measured by the benchmarks."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("azure", "duckdb", "jinja2", "msgraph", "msgspec", "polars", "rich", "weasyprint")


def test_help_loads_nothing_heavy() -> None:
    program = "import sys; from driftaudit.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in run.stderr.split()}
    assert loaded.isdisjoint(HEAVY)
