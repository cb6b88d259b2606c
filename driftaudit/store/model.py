"""The model in an audit: each view of queries/model as a temporary table of the same name, which shadows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from driftaudit.errors import UsageError
from driftaudit.store.database import rows, value
from driftaudit.store.query_files import in_order
from driftaudit.store.schema import model_files

if TYPE_CHECKING:
    from datetime import datetime

    from driftaudit.store.database import Connection


def build(connection: Connection, snapshot_id: int, parameters: Mapping[str, Any]) -> None:
    """Materialise the model for one snapshot with these parameters; whatever was built before is dropped first."""
    files = list(in_order(model_files()))
    for file in files:
        connection.execute(f"drop table if exists temp.{file.name}")
    set_variables(connection, {**parameters, "snapshot_id": snapshot_id})
    for file in files:
        connection.execute(f"create temp table {file.name} as {file.sql}")


def set_variables(connection: Connection, values: Mapping[str, Any]) -> None:
    """Set the session's variables that queries read with getvariable."""
    for name, set_to in values.items():
        if not name.isidentifier():
            raise UsageError(f"{name!r} is no parameter's name.", "See the parameters with `driftaudit checks show`.")
        connection.execute(f"set variable {name} = ?", [set_to])


def resolve_snapshot(connection: Connection, at: int | datetime | None) -> int:
    """Return the snapshot's number: the newest, one by number, or the newest at or before an instant."""
    if isinstance(at, int):
        found = value(connection, "select id from history.snapshots where id = ?", [at])
    elif at is None:
        found = value(connection, "select max(id) from history.snapshots")
    else:
        found = value(connection, "select max(id) from history.snapshots where taken_at <= ?", [at])
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
