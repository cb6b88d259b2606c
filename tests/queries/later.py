"""What came later: a tenant that goes on after the snapshot that is asked about, so that nothing of it may be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection, Id, Json
from tests.queries.cases import Row, Tenant

_LATER = timedelta(days=40)
_GRANT = ("kind", "resource", "role", "principal")


def with_later(tenant: Tenant) -> Tenant:
    """Return the tenant with two more snapshots: everything is another, and all access gone; then the reverse."""
    count = len(tenant.snapshots)
    times = tuple(max(*tenant.snapshots, *tenant.finished) + days * _LATER for days in (1, 2))
    finished = (*tenant.finished, *times) if tenant.finished else ()
    rows = {name: (*_before(found, count), *_after(name, found, count)) for name, found in tenant.rows.items()}
    return replace(tenant, snapshots=(*tenant.snapshots, *times), rows=rows, finished=finished)


def _before(rows: tuple[Row, ...], count: int) -> Iterator[Row]:
    """Yield the rows as they are, each in no later snapshot."""
    for row in rows:
        yield {**row, "in": row.get("in", list(range(1, count + 1)))}


def _after(name: str, rows: tuple[Row, ...], count: int) -> Iterator[Row]:
    """Yield each row once more: access comes back in the last snapshot, anything else is changed in the one before.

    What a log tells never changes; it tells of the same once more.
    """
    collection = collections()[name]
    keys = _GRANT if collection.is_grants else collection.key
    newest = {tuple(row.get(key) for key in keys): row for row in rows}
    for row in newest.values():
        if collection.is_grants:
            yield {**row, "in": [count + 2]}
        elif collection.log is not None:
            yield {**row, "id": f"{row['id']}, told later", "in": [count + 1]}
        else:
            yield {**_changed(collection, row), "in": [count + 1]}


def _changed(collection: Collection, row: Row) -> Row:
    """Return a row with another value in every column, but for those that tell it from others."""
    types = {c.name: c.type for c in collection.columns if c.name not in collection.key}
    return row | {name: _other(types[name], row.get(name)) for name in types}


def _other(kind: Any, value: Any) -> Any:
    """Return another value of a kind than this."""
    if isinstance(value, date | datetime):
        return value - 25 * _LATER if value.year > 1900 else value + 25 * _LATER
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [] if value else ["DynamicMembership"]
    if isinstance(value, int):
        return value + 1
    return f"later {value}" if isinstance(value, str) and kind is not Json else None if value else _filled(kind)


def _filled(kind: Any) -> Any:
    """Return a value for a column that says nothing."""
    return {str: "later", Id: "later", bool: True}.get(kind)
