"""The model in an audit: each view of queries/model as a temporary table of the same name, which shadows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from driftaudit.errors import IntegrityError, UsageError
from driftaudit.store.database import rows, value
from driftaudit.store.query_files import QueryFile, in_order
from driftaudit.store.retention import pruned
from driftaudit.store.schema import create_view, is_current, model_files, view_files

if TYPE_CHECKING:
    from datetime import datetime

    from driftaudit.store.database import Connection


_OF_THE_SNAPSHOT = {
    "current_snapshot_id": "integer",
    "snapshot_taken_at": "timestamp",
    "snapshot_finished_at": "timestamp",
}
"""Macros that every view asks many times and that have one value per snapshot, with its type."""


def build(
    connection: Connection, snapshot_id: int, parameters: Mapping[str, Any], asked: Iterable[str] | None = None
) -> None:
    """Materialise the model for one snapshot with these parameters; whatever was built before is dropped first.

    Of the model only what the names that are `asked` for stand on; the rest answers as the views do.
    """
    model = model_files()
    for name in model:
        connection.execute(f"drop table if exists temp.{name}")
    set_variables(connection, {**parameters, "snapshot_id": snapshot_id})
    wanted = model if asked is None else _standing_on(asked, model)
    if is_current(connection):
        _settle(connection)
        for file in in_order(wanted):
            connection.execute(f"create temp table {file.name} as {file.sql}")
    else:
        _build_anew(connection, wanted)


def _standing_on(asked: Iterable[str], model: Mapping[str, QueryFile]) -> dict[str, QueryFile]:
    """Return the part of the model that is mentioned by the views of these names, and by what they mention."""
    views, found, left = view_files(), set[str](), set(asked)
    while left:
        found |= left
        left = {word for name in left & views.keys() for word in views[name].words} - found
    return {name: file for name, file in model.items() if name in found}


def _build_anew(connection: Connection, model: Mapping[str, QueryFile]) -> None:
    """Materialise the model over this version's own views, because another version made those of the file."""
    import duckdb

    try:
        for file in in_order(view_files()):
            if file.name in model:
                connection.execute(f"create temp table {file.name} as {file.sql}")
            else:
                create_view(connection, file, temporary=True)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise IntegrityError(
            f"The database was made by another version of driftaudit ({str(error).splitlines()[0]}).",
            "Load the next export: that brings it up to date.",
        ) from error


def _settle(connection: Connection) -> None:
    """Put values in the place of what depends on the snapshot only: a third of an audit went into asking for them."""
    for name, kind in _OF_THE_SNAPSHOT.items():
        told = value(connection, f"select {name}()::varchar")
        connection.execute(f"create temp macro {name}() as cast('{told}' as {kind})")


def set_variables(connection: Connection, values: Mapping[str, Any]) -> None:
    """Set the session's variables that queries read with getvariable; another snapshot unsettles what was settled."""
    if "snapshot_id" in values:
        for name in _OF_THE_SNAPSHOT:
            connection.execute(f"drop macro if exists temp.{name}")
    for name, set_to in values.items():
        if not name.isidentifier():
            raise UsageError(f"{name!r} is no parameter's name.", "See the parameters with `driftaudit checks show`.")
        connection.execute(f"set variable {name} = ?", [set_to])


def resolve_snapshot(connection: Connection, at: int | datetime | None) -> int:
    """Return the snapshot's number: the newest, one by number, or the newest at or before an instant."""
    gone = pruned(connection)
    if isinstance(at, int) and at in gone:
        raise UsageError(
            f"Snapshot {at} was pruned on {gone[at]:%Y-%m-%d}.", "See which are kept: driftaudit snapshots list"
        )
    if isinstance(at, int):
        found = value(connection, "select id from history.snapshots where id = ?", [at])
    elif at is None:
        found = value(connection, "select max(id) from history.snapshots")
    else:
        told = rows(connection, "select id from history.snapshots where taken_at <= ? order by id", [at])
        found = max((row["id"] for row in told if row["id"] not in gone), default=None)
    if found is None:
        there = rows(connection, "select id, taken_at from history.snapshots order by id")
        told = ", ".join(f"{s['id']} ({s['taken_at']:%Y-%m-%d})" for s in there[-5:]) or "none"
        raise UsageError(
            "There is no snapshot yet." if at is None else f"There is no snapshot {_told(at)}.",
            f"The newest are: {told}." if there else "Load an export first: driftaudit load DIR",
        )
    return found


def _told(at: int | datetime) -> str:
    """Return what was asked for, in words."""
    return str(at) if isinstance(at, int) else f"at or before {at:%Y-%m-%d %H:%M:%S} UTC"
