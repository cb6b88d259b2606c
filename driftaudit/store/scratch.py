"""A database in memory that knows, while a tenant is being read, about what the next collection has to be asked."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.collectors import collections
from driftaudit.collectors._record import Id
from driftaudit.store.database import opened_for_writing, registered

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from driftaudit.collectors._record import Collection
    from driftaudit.exports.decode import DecodedPage

_MEMORY = Path(":memory:")
_TEXT = re.compile("'[^']*'")


class Scratch:
    """What others are asked about, as far as it has been read."""

    def __init__(self, connection: Connection) -> None:
        """Make a table for each collection on which others stand, with no more columns than those others name."""
        self._connection = connection
        connection.execute("create schema history")
        for name, columns in needed().items():
            told = (f"{c.name} {c.sql_type}" for c in collections()[name].columns if c.name in columns)
            connection.execute(f"create table history.{name} ({', '.join(told)})")

    def keep(self, collection: Collection, pages: Iterable[DecodedPage]) -> None:
        """Add what others will ask of the records on these pages."""
        import polars as pl

        columns = [c for c in collection.columns if c.name in needed()[collection.name]]
        told: dict[str, list[Any]] = {c.name: [] for c in columns}
        for page in pages:
            for name, values in told.items():
                values.extend(page.values[name] if name in page.values else [page.scope] * page.count)
        types = {c.name: pl.Boolean() if c.type is bool else pl.String() for c in columns}
        names = ", ".join(f"lower({c.name})" if c.type is Id else c.name for c in columns)
        with registered(self._connection, "records", pl.DataFrame(told, schema=types)):
            self._connection.execute(f"insert into history.{collection.name} select {names} from records")

    def forget(self, collection: Collection) -> None:
        """Drop what was kept of a collection that is read anew."""
        if collection.name in needed():
            self._connection.execute(f"delete from history.{collection.name}")

    def scopes(self, collection: Collection, also: str = "true") -> list[str]:
        """Return the scopes about which a collection is asked, in the order of their names; of those, some."""
        found = self._connection.execute(
            f"select distinct {collection.scope_key} as scope "
            f"from ({collection.owners(also)}) as o where {collection.scope_key} is not null order by scope"
        )
        return [scope for (scope,) in found.fetchall()]


@contextmanager
def scratch() -> Generator[Scratch]:
    """Open the database; it is gone afterwards."""
    with opened_for_writing(_MEMORY) as connection:
        yield Scratch(connection)


@cache
def needed() -> dict[str, frozenset[str]]:
    """Return the collections that say about what others are asked, and the columns that those others name."""
    found: dict[str, frozenset[str]] = {}
    for collection in collections().values():
        asked = f"{collection.scope_key} {collection.scope_where} {collection.hidden_where}"
        words = set(re.findall(r"\w+", _TEXT.sub("", asked)))
        for name in collection.stands_on:
            named = words.intersection(c.name for c in collections()[name].columns)
            found[name] = found.get(name, frozenset()) | named
    return found
