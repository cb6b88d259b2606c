"""Metrics: the numbers of the report as small tables, each from one SQL file that also says how they add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.collectors import collections
from driftaudit.errors import DriftauditError
from driftaudit.store.database import rows
from driftaudit.store.query_files import QueryFile, bundled_queries, in_order, read_folder

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.store.database import Connection


def metrics(connection: Connection, path: Path | None = None) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the rows of every metric in a folder by its name, for the snapshot of the model; all of them add up."""
    connection.execute(f"create or replace temp view scopes as {_scopes()}")
    files = read_folder(path) if path else bundled_queries("metrics")
    for file in in_order(files):
        connection.execute(f"create or replace temp table {file.name} as {file.sql}")
    for file in files.values():
        _add_up(connection, file)
    return {name: tuple(rows(connection, f"from {name}")) for name in files}


def _add_up(connection: Connection, file: QueryFile) -> None:
    """Raise DriftauditError if a metric's rows break one of the identities of its header."""
    (told,) = connection.execute(f"select {file.header['identity']} from {file.name}").fetchall()  # noqa: S608
    broken = [number for number, holds in enumerate(told, 1) if holds is not True]
    if broken:
        raise DriftauditError(
            f"The numbers of {file.name} do not add up (identity {broken[0]}), so nothing is printed.",
            "This is a fault of driftaudit: please report it.",
        )


def _scopes() -> str:
    """Return the query for the scopes that the snapshot has, of each collection that is read scope by scope."""
    return " union all ".join(_scopes_of(c) for c in collections().values() if c.scoped_by is not None)


def _scopes_of(collection: Collection) -> str:
    """Return the query for one collection's scopes, as the history keeps them."""
    key = collection.kept_scope or f"lower({collection.scope_key})"
    owners = collection.owners("as_of(valid_from, valid_to)")
    return (
        f"select distinct '{collection.name}' as collection, {key} as scope "  # noqa: S608
        f"from ({owners}) as o where {collection.scope_key} is not null"
    )
