"""An empty history for each test; its tables and views are made once, because that takes most of a second."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest

from driftaudit.store.model import set_variables
from driftaudit.store.schema import create, model_files

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def made_history() -> Connection:
    """Return a database in memory with every table and view."""
    return _made()


@cache
def _made() -> Connection:
    """Return the one that all folders share, each of which has a fixture of its own."""
    connection = duckdb.connect()
    create(connection)
    return connection


@pytest.fixture
def history(made_history: Connection) -> Connection:
    """Return an empty history in memory."""
    empty(made_history)
    return made_history


def empty(connection: Connection) -> None:
    """Empty every table of the history but the fixed ones, and ask for the newest snapshot again."""
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'history' "
        "and table_type = 'BASE TABLE' and table_name not in ('kinds', 'built')"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"delete from history.{table} {'where key > 0' if table == 'ids' else ''}")
    # What another test built for its snapshot would stand in the place of the views.
    for name in model_files():
        connection.execute(f"drop table if exists temp.{name}")
    set_variables(connection, {"snapshot_id": None})
