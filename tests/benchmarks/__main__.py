"""Run the benchmarks as `make bench` does: a table of figures at the end, exit 1 if a limit is missed."""

import sys
from pathlib import Path

import pytest

sys.exit(pytest.main(["-s", "-o", "python_files=bench_*.py", *sys.argv[1:], str(Path(__file__).parent)]))
