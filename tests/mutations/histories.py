"""Histories on which mutants are tried, and looks: what a test looks at there, and nothing that none looks at."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from driftaudit.audit.gate import read_gate
from driftaudit.audit.outcome import outcome
from driftaudit.store.database import opened_for_writing, reading, rows
from driftaudit.store.schema import create
from tests.queries.cases import Row

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

_MEMORY = "1GB"
_NAMES = ("principal.name", "principal.type", "resource.name", "role.name", "package.name", "owner.name")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query answers; a view has no status."""

    status: str | None
    reason: str | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Look:
    """One test's look at one query."""

    query: str
    name: str
    see: Callable[[Answer], Any]
    """Returns what the test compares, None where it compares nothing."""
    wanted: Any
    """What the test wants to see, None where others say it."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One snapshot of a history, with parameters, and the looks at it."""

    at: int
    parameters: dict[str, Any]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """One tenant's history and the sittings on it."""

    name: str
    fill: Callable[[Connection], None]
    sittings: tuple[Sitting, ...]


def ask(connection: Connection, query: Check | str) -> Answer:
    """Ask a check through its gate, or a view as it stands."""
    if isinstance(query, str):
        return Answer(None, None, rows(connection, f"from {query}"))
    result = outcome(connection, query, read_gate(connection))
    found = [row | {name.replace(".", "_"): row[name] for name in _NAMES} for row in result.found.values()]
    return Answer(result.assessment.status, result.assessment.reason, found)


def write_blank(path: Path) -> None:
    """Write a database that has all tables and no rows."""
    with opened_for_writing(path) as connection:
        create(connection)


@contextmanager
def opened(past: Past, blank: Path) -> Generator[Connection]:
    """Write a history into a copy of the blank database, which is gone afterwards, and open it read-only."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "past.duckdb"
        copyfile(blank, path)
        with opened_for_writing(path) as connection:
            connection.execute("set threads = 1")
            past.fill(connection)
        with reading(path) as connection:
            connection.execute("set threads = 1")
            # A join without its condition would fill the machine; without room it does not run, which is noticed, too.
            connection.execute(f"set memory_limit = '{_MEMORY}'")
            connection.execute("set temp_directory = ''")
            yield connection
