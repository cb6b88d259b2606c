"""The shape of the code: small files, small functions, everything annotated, no clock, no drawer for odds and ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "driftaudit"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE, MAX_FUNCTION, MAX_LINE = 250, 40, 120
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MAY_ASK_THE_TIME = {
    "driftaudit/cli/_clock.py",  # compares this machine's clock with the service's, and tells a person
    "driftaudit/store/lock.py",  # the text of the lock file says since when it is held
}
SQL_CLOCKS = ("now(", "current_date", "current_timestamp", "current_localtimestamp", "get_current_t", "today(")

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@each_module
def test_a_file_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE


@each_module
def test_functions_are_short(path: Path) -> None:
    long = {f.name: n for f in _functions(path) if (n := (f.end_lineno or f.lineno) - f.lineno + 1) > MAX_FUNCTION}
    assert long == {}


@each_module
def test_everything_is_annotated(path: Path) -> None:
    bare = [f.name for f in _functions(path) if f.returns is None or any(a.annotation is None for a in _arguments(f))]
    assert bare == []


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, [spec.vararg, spec.kwarg])]
    return [argument for argument in every if argument.arg not in ("self", "cls")]


@each_module
def test_no_module_asks_the_clock(path: Path) -> None:
    asked = [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCKS
    ]
    assert not asked or path.relative_to(ROOT).as_posix() in MAY_ASK_THE_TIME


def test_no_query_asks_the_clock() -> None:
    queries = sorted((ROOT / "queries").rglob("*.sql"))
    asked = [
        f"{query.relative_to(ROOT)}:{number}"
        for query in queries
        for number, line in enumerate(query.read_text("utf-8").lower().splitlines(), 1)
        if any(clock in line.partition("--")[0] for clock in SQL_CLOCKS)
    ]
    assert asked == []


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    assert not [path for path in MODULES if path.stem.strip("_") in ("utils", "helpers", "common", "misc")]


def test_lines_of_queries_are_readable() -> None:
    long = [
        f"{query.relative_to(ROOT)}:{number}"
        for query in sorted((ROOT / "queries").rglob("*.sql"))
        for number, line in enumerate(query.read_text("utf-8").splitlines(), 1)
        if len(line) > MAX_LINE and not line.startswith("-- ")
    ]
    assert long == []
