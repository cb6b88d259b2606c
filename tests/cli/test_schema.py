"""The `schema` command: the data dictionary says what the database says."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from driftaudit.cli.main import main
from driftaudit.store.schema import create


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a new database in memory."""
    with duckdb.connect() as made_in_memory:
        create(made_in_memory)
        yield made_in_memory


def _views(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    found = "select view_name, comment from duckdb_views() where not internal and schema_name = 'main' order by 1"
    return dict(connection.execute(found).fetchall())


def test_every_view_is_listed_with_its_meaning(
    connection: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema"]) == 0
    listed, _ = capsys.readouterr().out.split("\n\n", 1)
    told = {name: meaning.strip() for name, _, meaning in (line.partition(" ") for line in listed.splitlines())}
    assert told == _views(connection)
    assert all(told.values())


def test_every_column_of_every_view_has_a_meaning(
    connection: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    for view in _views(connection):
        found = "select column_name from duckdb_columns() where schema_name = 'main' and table_name = ? order by 1"
        columns = {name for (name,) in connection.execute(found, [view]).fetchall()}
        assert main(["schema", view]) == 0
        _, listed = capsys.readouterr().out.split("\n\n", 1)
        told = {name: meaning.strip() for name, _, meaning in (line.partition(" ") for line in listed.splitlines())}
        assert set(told) == columns, view
        assert all(told.values()), view


def test_an_unknown_view_is_answered_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "grant"]) == 2
    error = capsys.readouterr().err
    assert "There is no view 'grant'. There are: " in error
    assert " grants," in error
