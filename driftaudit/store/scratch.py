"""A database in memory that knows, while a tenant is being read, about what the next collection has to be asked."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.collectors import collections
from driftaudit.store.database import opened_for_writing, registered
from driftaudit.store.schema import create

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection as Connection

    from driftaudit.collectors._record import Collection

_MEMORY = Path(":memory:")


class Scratch:
    """The records that others are asked about, as far as they have been read."""

    def __init__(self, connection: Connection) -> None:
        """Use a database that has all tables and no rows."""
        self._connection = connection

    def keep(self, collection: Collection, records: pl.DataFrame) -> None:
        """Add records of a collection on which others stand; all others are not kept, they may be many."""
        if collection.name in owners() and len(records):
            names = ", ".join(c.name for c in collection.columns)
            with registered(self._connection, "records", records):
                self._connection.execute(
                    f"insert into history.{collection.name} ({names}, valid_from) select {names}, 1 from records"
                )

    def forget(self, collection: Collection) -> None:
        """Drop what was kept of a collection that is read anew."""
        if collection.name in owners():
            self._connection.execute(f"delete from history.{collection.name}")

    def scopes(self, collection: Collection) -> list[str]:
        """Return the scopes about which a collection is asked, in the order of their names."""
        found = self._connection.execute(
            f"select distinct {collection.scope_key} as scope from (select * from history.{collection.scoped_by} "
            f"where {collection.scope_where}) as o where {collection.scope_key} is not null order by scope"
        )
        return [scope for (scope,) in found.fetchall()]


@contextmanager
def scratch() -> Generator[Scratch]:
    """Open the database; it is gone afterwards."""
    with opened_for_writing(_MEMORY) as connection:
        create(connection)
        yield Scratch(connection)


def owners() -> set[str]:
    """Return the collections that say about what others are asked."""
    return {name for c in collections().values() for name in (c.scoped_by, *c.scope_stands_on) if name}
