"""The tables of the history, made from the record classes, and the views over them, made from the SQL files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from driftaudit.bundled import folder
from driftaudit.collectors import collections
from driftaudit.store.database import value
from driftaudit.store.query_files import QueryFile, bundled_queries, in_order

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.store.database import Connection

KINDS = tuple(dict.fromkeys(kind for c in collections().values() if c.is_grants for kind in c.kinds))
"""Every kind of grant that some collector reads."""

_FIXED = f"""
create schema if not exists history;
create type if not exists grant_kind as enum ({", ".join(f"'{kind}'" for kind in KINDS)});
create table if not exists history.built (fingerprint varchar not null);
create table if not exists history.tenant (id varchar not null, name varchar);
create table if not exists history.snapshots (
    id integer not null, taken_at timestamp not null, finished_at timestamp, export_sha256 varchar not null,
    tool varchar, app_id varchar, signed_in_as varchar, cloud varchar);
create table if not exists history.pruned (snapshot_id integer not null, pruned_at timestamp not null);
create table if not exists history.coverage (
    snapshot_id integer not null, collection varchar not null, status varchar not null, reason varchar,
    rows bigint, expected bigint, permission varchar, missing_fields varchar[], shrunk boolean not null,
    whole boolean not null);
create table if not exists history.gaps (
    snapshot_id integer not null, collection varchar not null, scope varchar not null, code varchar, message varchar);
create table if not exists history.kinds (kind grant_kind not null, collection varchar not null);
create table if not exists history.ids (key integer not null, id varchar not null, type varchar);
create table if not exists history.grants (
    kind grant_kind not null, resource integer not null, role integer not null, principal integer not null,
    granted_at timestamp, ends_at timestamp, valid_from integer not null, valid_to integer);
create table if not exists history.check_runs (
    snapshot_id integer not null, check_id varchar not null, status varchar not null, reason varchar,
    finding_count integer not null, sql_sha256 varchar not null, parameters varchar not null);
create table if not exists history.findings (
    key varchar not null, check_id varchar not null, severity varchar, confidence varchar, principal_id varchar,
    principal_type varchar, resource_id varchar, kind varchar, role_id varchar, path varchar, package_id varchar,
    policy_id varchar, catalog_id varchar, assignment_id varchar, request_id varchar, review_instance_id varchar,
    owner_id varchar, since timestamp, since_exact boolean, reason varchar, fix varchar,
    valid_from integer not null, valid_to integer);
create table if not exists history.unconfirmed (snapshot_id integer not null, key varchar not null);
create table if not exists history.deliveries (
    period timestamp not null, channel varchar not null, recipient varchar not null, state varchar not null,
    why varchar not null, content_sha256 varchar not null, report_sha256 varchar, message_id varchar,
    reason varchar, begun_at timestamp, ended_at timestamp);
"""


def create(connection: Connection) -> None:
    """Make every table and view; nothing is done where this version has made them before."""
    connection.execute("begin")
    connection.execute(_FIXED)
    if not is_current(connection):
        _create_all(connection)
        connection.execute("delete from history.built")
        connection.execute("insert into history.built values (?)", [_fingerprint()])
    connection.execute("commit")


def is_current(connection: Connection) -> bool:
    """Tell whether this very version made the tables and views."""
    return value(connection, "select fingerprint from history.built") == _fingerprint()


@cache
def _fingerprint() -> str:
    """Return a hash over everything that tables and views are made from."""
    texts = [_FIXED, *(f.text for f in view_files().values()), *(repr(c) for c in collections().values())]
    return sha256("\0".join([*texts, *(repr(c.columns) for c in collections().values())]).encode()).hexdigest()


def _bring_grants_up(connection: Connection) -> None:
    """Give the grants of an older version what this one keeps of them: their ends, and every kind."""
    connection.execute("alter table history.grants add column if not exists ends_at timestamp")
    if value(connection, "select enum_range(null::grant_kind)") != list(KINDS):
        for table in ("grants", "kinds"):
            connection.execute(f"alter table history.{table} alter kind type varchar")
        connection.execute("drop type grant_kind")
        connection.execute(f"create type grant_kind as enum ({', '.join(map(quoted, KINDS))})")
        for table in ("grants", "kinds"):
            connection.execute(f"alter table history.{table} alter kind type grant_kind")


def _create_all(connection: Connection) -> None:
    """Make every table that is not there yet, and all views anew."""
    _bring_grants_up(connection)
    connection.execute("insert into history.ids select 0, '', null where not exists (from history.ids)")
    connection.execute("delete from history.kinds")
    for collection in collections().values():
        if collection.is_grants:
            kinds = [[kind, collection.name] for kind in collection.kinds]
            connection.executemany("insert into history.kinds values (?, ?)", kinds)
        else:
            _create_table(connection, collection)
    files = in_order(view_files())
    for file in files:
        create_view(connection, file)
        _comment(connection, file)
        _stand_in(connection, file)
    for file in files:
        connection.execute(f"drop table if exists temp.{file.name}")


def _stand_in(connection: Connection, file: QueryFile) -> None:
    """Let later views be checked against an empty table in place of a view, which they would unfold to its roots."""
    if "macro" not in file.header:
        told = connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where table_name = ? and schema_name = 'main' and not internal order by column_index",
            [file.name],
        )
        columns = ", ".join(f'"{name}" {kind}' for name, kind in told.fetchall())
        connection.execute(f"create temp table {file.name} ({columns})")


def _create_table(connection: Connection, collection: Collection) -> None:
    """Make the interval table of one collection; a field that a newer record has is added."""
    columns = ", ".join(f"{c.name} {c.sql_type}" for c in collection.columns)
    table = f"history.{collection.name}"
    connection.execute(f"create table if not exists {table} ({columns}, valid_from integer not null, valid_to integer)")
    for column in collection.columns:
        connection.execute(f"alter table {table} add column if not exists {column.name} {column.sql_type}")
        connection.execute(f"comment on column {table}.{column.name} is {quoted(column.source.meaning)}")
    connection.execute(f"comment on table {table} is {quoted(collection.meaning)}")


@cache
def view_files() -> Mapping[str, QueryFile]:
    """Return all views by name: the files, and one made for each collection that has no file of its own."""
    files = {**bundled_queries("views"), **model_files()}
    for collection in collections().values():
        if not collection.is_grants and collection.name not in files:
            files[collection.name] = _plain_view(collection)
    return MappingProxyType(files)


def model_files() -> Mapping[str, QueryFile]:
    """Return the views that an audit materialises, by name."""
    return bundled_queries("model")


def _plain_view(collection: Collection) -> QueryFile:
    """Return the view of a collection as it stands in the snapshot, without any further wording."""
    columns = ", ".join(c.name for c in collection.columns)
    header = [f"-- {collection.meaning}", *(f"-- column {c.name}: {c.source.meaning}" for c in collection.columns)]
    sql = f"select {columns} from history.{collection.name} where as_of(valid_from, valid_to)"
    return QueryFile(collection.name, folder("queries"), "\n".join([*header, sql]))


def create_view(connection: Connection, file: QueryFile, *, temporary: bool = False) -> None:
    """Make one view or macro; a temporary one shadows the database's own, also where nothing can be written."""
    kind = f"temp {_kind(file)}" if temporary else _kind(file)
    if "macro" in file.header:
        table = "table" if _gives_table(file) else ""
        connection.execute(f"create or replace {kind} {file.header['macro']} as {table} {file.sql}")
    else:
        connection.execute(f"create or replace {kind} {file.name} as {file.sql}")


def _comment(connection: Connection, file: QueryFile) -> None:
    """Write down what a view or macro and its columns mean."""
    kind = "macro table" if _kind(file) == "macro" and _gives_table(file) else _kind(file)
    connection.execute(f"comment on {kind} {file.name} is {quoted(file.meaning)}")
    for name, meaning in file.named("column").items():
        connection.execute(f"comment on column {file.name}.{name} is {quoted(meaning)}")


def _kind(file: QueryFile) -> str:
    """Return what a file makes."""
    return "macro" if "macro" in file.header else "view"


def _gives_table(file: QueryFile) -> bool:
    """Tell whether a macro gives rows and not one value."""
    return file.sql.split(None, 1)[0].lower() in ("select", "with", "from")


def quoted(text: str) -> str:
    """Return a text as a SQL literal, for the statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"
