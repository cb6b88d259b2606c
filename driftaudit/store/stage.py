"""Staging: a collection's frames in temporary tables, with the keys and the shape of the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from driftaudit.exports.export import ROWS_PER_FRAME
from driftaudit.exports.frames import instants
from driftaudit.store.database import registered
from driftaudit.store.keys import Keys, claims, sites_by_address

if TYPE_CHECKING:
    from driftaudit.exports.decode import DecodedPage
    from driftaudit.exports.export import Reading
    from driftaudit.store.database import Connection

RECORDS, GRANTS = "staged_records", "staged_grants"
DATES = ("granted_at", "ends_at")
"""What the service says of when a grant began and is to end, if anything."""
_LAST_END = "case when count(*) = count(ends_at) then max(ends_at) end"
"""Of several ends the last one counts; no end is the last of all."""
_KEYS = ("resource", "role", "principal")


def stage(connection: Connection, reading: Reading) -> None:
    """Drain a reading into its temporary table; nothing of the history is touched."""
    make = _stage_grants if reading.collection.is_grants else _stage_records
    make(connection, reading)


def _stage_records(connection: Connection, reading: Reading) -> None:
    """Stage records; of several with one key, the one that was read last."""
    collection = reading.collection
    names = ", ".join(c.name for c in collection.columns)
    raw = ", ".join(f"{c.name} {c.sql_type}" for c in collection.columns)
    connection.execute(f"create or replace temp table {RECORDS} ({raw}, _read_at timestamp)")
    unique = []
    for frame in reading.frames():
        unique.append(frame.select(collection.key).is_unique().all())
        with registered(connection, "frame", frame):
            connection.execute(f"insert into {RECORDS} select {names}, _read_at from frame")
    if unique not in ([], [True]):
        _keep_last_read(connection, collection.key, names)


def _keep_last_read(connection: Connection, key: Iterable[str], names: str) -> None:
    """Keep of several staged records with one key the one that was read last; costly, so not done for nothing."""
    connection.execute(
        f"create or replace temp table {RECORDS} as select {names} from {RECORDS} "
        f"qualify row_number() over (partition by {', '.join(key)} order by _read_at desc, {names}) = 1"
    )


def _stage_grants(connection: Connection, reading: Reading) -> None:
    """Stage grants by integer keys; ids that are new get a key, kept even if the collection fails later."""
    connection.execute(
        "create or replace temp table staged_keys "
        "(kind grant_kind, resource integer, role integer, principal integer, granted_at timestamp, ends_at timestamp)"
    )
    staging = _GrantStaging(connection, reading)
    staging.drain()
    granted = "max(granted_at)" if "granted_at" in staging.dated else "null::timestamp"
    ends = _LAST_END if "ends_at" in staging.dated else "null::timestamp"
    connection.execute(
        f"create or replace temp table {GRANTS} as select kind, resource, role, principal, "
        f"{granted} as granted_at, {ends} as ends_at from staged_keys group by all"
    )
    connection.execute("drop table staged_keys")


class _GrantStaging:
    """Turns pages of grants into frames of keys; texts are looked up in bulk and never reach the database."""

    def __init__(self, connection: Connection, reading: Reading) -> None:
        """Find out which columns are constant, which are scopes and which need SharePoint's words translated."""
        self._connection, self._reading = connection, reading
        self._columns = {c.name: c for c in reading.collection.columns}
        self._keys = Keys(connection)
        self.dated = {name: self._columns[name] for name in DATES if name in self._columns}
        sharepoint = self._columns["principal_id"].source.claim
        self._translate = {
            "principal_id": claims(connection) if sharepoint else None,
            "resource_id": sites_by_address(connection) if sharepoint else None,
        }
        self._pages: list[DecodedPage] = []
        self._rows = 0

    def drain(self) -> None:
        """Read every page into the table `staged_keys` and save the ids."""
        for page in self._reading.pages():
            self._pages.append(page)
            self._rows += page.count
            if self._rows >= ROWS_PER_FRAME:
                self._flush()
        self._flush()
        self._keys.save()

    def _flush(self) -> None:
        """Hand the gathered grants to the database."""
        keys = {name: self._key_column(f"{name}_id").alias(name) for name in _KEYS}
        if "principal_type" in self._columns:
            self._keys.note_types(keys["principal"], self._gathered("principal_type"))
        frame = pl.DataFrame([self._kinds(), *keys.values(), *map(self._dates, DATES)])
        with registered(self._connection, "frame", frame):
            self._connection.execute(
                "insert into staged_keys "
                "select kind::grant_kind, resource, role, principal, granted_at, ends_at from frame"
            )
        self._pages, self._rows = [], 0

    def _key_column(self, name: str) -> pl.Series:
        """Return one column as keys: of the records' ids, of the scopes, or of the constant."""
        source = self._columns[name].source
        if source.path:
            return self._keys.of(self._gathered(name))
        if source.constant is not None:
            key = self._keys.of(pl.Series([source.constant], dtype=pl.String()))[0]
            return pl.repeat(key, self._rows, dtype=pl.Int32(), eager=True)
        scopes = self._translated(name, [page.scope or "" for page in self._pages])
        counts = pl.Series("count", [page.count for page in self._pages], dtype=pl.UInt32())
        told = pl.DataFrame([self._keys.of(pl.Series(scopes, dtype=pl.String())).alias("key"), counts])
        return told.filter(pl.col("count") > 0).select(pl.col("key").repeat_by("count").explode())["key"]

    def _kinds(self) -> pl.Series:
        """Return the kind of each grant."""
        constant = self._columns["kind"].source.constant
        if constant is None:
            return self._gathered("kind")
        return pl.repeat(constant, self._rows, dtype=pl.String(), eager=True).alias("kind")

    def _gathered(self, name: str) -> pl.Series:
        """Return one column of the records."""
        values = [value for page in self._pages for value in page.values[name]]
        return pl.Series(name, self._translated(name, values), dtype=pl.String())

    def _translated(self, name: str, texts: list[str]) -> list[str]:
        """Return texts with SharePoint's names turned into the directory's ids."""
        translate = self._translate.get(name)
        return list(map(translate, texts)) if translate else texts

    def _dates(self, name: str) -> pl.Series:
        """Return since when the grants are there, or until when, where the service says so."""
        if name not in self.dated:
            return pl.repeat(None, self._rows, dtype=pl.Datetime("us"), eager=True).alias(name)
        return instants(self._gathered(name), self.dated[name]).alias(name)
