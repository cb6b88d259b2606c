"""Connections to the database file, and frames in and out of them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.errors import IntegrityError, StoreBusy, UsageError

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection as Connection

STORAGE = "v1.4.0"
"""So that the DuckDB clients people have today can open the file."""
BLOCK_SIZE = 65536
"""Forty small tables in blocks of the default size would cost twice the space."""


@contextmanager
def reading(path: Path) -> Generator[Connection]:
    """Open the published file read-only; what it says does not change while it is open."""
    if not path.is_file():
        raise UsageError(f"There is no database at {path}.", "Load an export first: driftaudit load DIR")
    with _connected(path, read_only=True) as connection:
        _refuse_stranger(connection, path)
        yield connection


def _refuse_stranger(connection: Connection, path: Path) -> None:
    """Raise IntegrityError for a database that somebody else made."""
    import duckdb

    try:
        connection.execute("select id from history.snapshots limit 0")
    except duckdb.CatalogException as error:
        raise IntegrityError(
            f"{path} is a DuckDB file, but no driftaudit database.", "Name another file with --db; nothing was changed."
        ) from error


@contextmanager
def opened_for_writing(path: Path) -> Generator[Connection]:
    """Open a working copy read-write; it is nobody else's."""
    with _connected(path, read_only=False) as connection:
        yield connection


@contextmanager
def _connected(path: Path, *, read_only: bool) -> Generator[Connection]:
    """Open a file with our settings and close it whatever happens."""
    connection = _connect(path, read_only=read_only)
    try:
        # Local Python variables must never be mistaken for tables by a query.
        connection.execute("set python_enable_replacements = false")
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


def _connect(path: Path, *, read_only: bool) -> Connection:
    """Connect, or say in one sentence why it cannot be done."""
    import duckdb

    settings: dict[str, Any] = {"storage_compatibility_version": STORAGE}
    if not read_only:
        settings["default_block_size"] = str(BLOCK_SIZE)
    try:
        return duckdb.connect(str(path), read_only=read_only, config=settings)
    except duckdb.Error as error:
        if "lock" in str(error).lower() or "already attached" in str(error).lower():
            raise StoreBusy(
                f"{path} is open read-write in another program.", "Close it in your SQL client and run this again."
            ) from error
        raise IntegrityError(
            f"{path} cannot be opened as a driftaudit database: {str(error).splitlines()[0]}.",
            "Name another file with --db, or restore this one from a backup.",
        ) from error


class Stream:
    """A Polars frame as an Arrow stream only, which spares DuckDB the detour over pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Keep the frame; each scan makes a stream of its own."""
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the frame as an Arrow stream."""
        return self._frame.__arrow_c_stream__(requested_schema)


@contextmanager
def registered(connection: Connection, name: str, frame: pl.DataFrame) -> Generator[None]:
    """Make a frame readable as a table while the block lasts."""
    connection.register(name, Stream(frame))
    try:
        yield
    finally:
        connection.unregister(name)


def rows(connection: Connection, sql: str, parameters: Any = None) -> list[dict[str, Any]]:
    """Run a query and return its rows as dicts."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def value(connection: Connection, sql: str, parameters: Any = None) -> Any:
    """Run a query that gives one value and return it, or None for no row."""
    found = connection.execute(sql, parameters).fetchall()
    return found[0][0] if found else None


def has_table(connection: Connection, name: str) -> bool:
    """Tell whether the history has a table, which one of an older version may lack."""
    told = "select count(*) from duckdb_tables() where schema_name = 'history' and table_name = ?"
    return bool(value(connection, told, [name]))


def frame(connection: Connection, sql: str) -> pl.DataFrame:
    """Run a query and return its rows as a Polars frame."""
    import polars as pl

    return pl.DataFrame(connection.sql(sql))
