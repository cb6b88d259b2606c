"""The history tables, filled with a case's rows as loading its snapshots would fill them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import polars as pl

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection, Column, Id
from driftaudit.store.database import registered
from driftaudit.store.stage import DATES
from tests.queries.cases import Row, Tenant

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_TYPES = {"users": "user", "groups": "group", "service_principals": "serviceprincipal"}
_SHORT = {"principal": "principal_id", "resource": "resource_id", "role": "role_id"}
READ = ("complete", "partial")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one collection was read in one snapshot."""

    status: str
    reason: str | None
    missing_fields: list[str]
    gaps: frozenset[str]
    begun: frozenset[str]
    """Those of the gaps of which something was read, before the reading broke off."""

    @property
    def read(self) -> bool:
        """Tell whether anything was read."""
        return self.status in READ

    def whole(self, collection: Collection) -> bool:
        """Tell whether what is absent outside the gaps is absent from the tenant."""
        return self.status == "complete" or (self.read and collection.scoped_by is not None)


def readings(tenant: Tenant, name: str) -> Iterator[tuple[int, Reading]]:
    """Yield how a collection was read in each snapshot."""
    for snapshot in range(1, len(tenant.snapshots) + 1):
        mine = [g for g in tenant.gaps if g["collection"] == name and g["snapshot"] == snapshot]
        gaps = frozenset(g["scope"] for g in mine)
        begun = frozenset(g["scope"] for g in mine if g.get("begun"))
        told = next((c for c in tenant.coverage if c["collection"] == name and c["snapshot"] == snapshot), {})
        status = told.get("status", "partial" if gaps else "complete")
        yield snapshot, Reading(status, told.get("reason"), told.get("missing_fields", []), gaps, begun)


def there(row: Row, snapshot: int) -> bool:
    """Tell whether a row is in the tenant at a snapshot."""
    return "in" not in row or snapshot in row["in"]


def record(collection: Collection, row: Row) -> Row:
    """Return a case's row with every column of its table."""
    told = {_SHORT.get(key, key) if collection.is_grants else key: value for key, value in row.items() if key != "in"}
    kept = {c.name: _kept(c, told.get(c.name, c.source.constant)) for c in collection.columns}
    unknown = told.keys() - kept.keys()
    if unknown:
        raise ValueError(f"{collection.name} has no column {sorted(unknown)}")
    return kept


def _kept(column: Column, value: Any) -> Any:
    """Return a value as the history keeps it: ids in lower case, a date as its first instant."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value.lower() if column.type is Id and value is not None else value


def fill(connection: Connection, tenant: Tenant) -> None:
    """Write a case into the empty history tables."""
    _insert(connection, "tenant", [{"id": "contoso", "name": "Contoso"}])
    _insert(connection, "snapshots", list(_snapshots(tenant)))
    _insert(connection, "coverage", [row for c in collections().values() for row in _coverage(tenant, c)])
    _insert(connection, "gaps", [row for name in collections() for row in _gaps(tenant, name)])
    keys = {"": 0}
    for name, collection in collections().items():
        lives = list(_lives(tenant, collection))
        if collection.is_grants:
            _insert(connection, "grants", [_keyed(keys, life) for life in lives])
            _add_scope_keys(keys, tenant, collection)
        else:
            _insert(connection, name, lives)
    _insert_ids(connection, tenant, keys)


def _snapshots(tenant: Tenant) -> Iterator[Row]:
    for number, (taken, finished) in enumerate(zip_longest(tenant.snapshots, tenant.finished), start=1):
        yield {"id": number, "taken_at": taken, "finished_at": finished, "export_sha256": str(number)}


def _coverage(tenant: Tenant, collection: Collection) -> Iterator[Row]:
    for snapshot, reading in readings(tenant, collection.name):
        yield {
            "snapshot_id": snapshot,
            "collection": collection.name,
            "status": reading.status,
            "reason": reading.reason,
            "rows": 0 if reading.read else None,
            "missing_fields": reading.missing_fields,
            "shrunk": False,
            "whole": reading.whole(collection),
        }


def _gaps(tenant: Tenant, name: str) -> Iterator[Row]:
    for snapshot, reading in readings(tenant, name):
        for scope in sorted(reading.gaps):
            yield {"snapshot_id": snapshot, "collection": name, "scope": scope, "code": "403", "message": "refused"}


def _lives(tenant: Tenant, collection: Collection) -> Iterator[Row]:
    """Yield the lives of every record: a change ends one, absence ends it only where it was looked for."""
    open_lives: dict[Any, Row] = {}
    column = _scope_column(collection)
    for snapshot, reading in readings(tenant, collection.name):
        if not reading.read:
            continue
        seen = _seen(tenant, collection, snapshot, reading)
        for key, life in list(open_lives.items()) if collection.log is None else ():
            now = seen.get(key)
            looked = reading.whole(collection) and life.get(column) not in reading.gaps
            if (now is None and looked) or (now is not None and {**now, "valid_from": life["valid_from"]} != life):
                yield open_lives.pop(key) | {"valid_to": snapshot}
        for key, row in seen.items():
            open_lives.setdefault(key, row | {"valid_from": snapshot})
    yield from open_lives.values()


def _seen(tenant: Tenant, collection: Collection, snapshot: int, reading: Reading) -> dict[Any, Row]:
    """Return the records that a snapshot shows, by key."""
    found: dict[Any, Row] = {}
    column, names = _scope_column(collection), _key(collection)
    for row in tenant.rows.get(collection.name, ()):
        kept = record(collection, row)
        if there(row, snapshot) and kept.get(column) not in reading.gaps - reading.begun:
            key = tuple(kept[c] for c in names)
            if key in found:
                raise ValueError(f"{collection.name} holds {key} twice in snapshot {snapshot}")
            found[key] = kept
    return found


def _key(collection: Collection) -> tuple[str, ...]:
    return ("kind", "resource_id", "role_id", "principal_id") if collection.is_grants else collection.key


def _scope_column(collection: Collection) -> str:
    """Return the column that holds a row's scope; a name that no row has where there are no scopes."""
    return "resource_id" if collection.is_grants and collection.scoped_by else collection.scope_column or ""


def _keyed(keys: dict[str, int], life: Row) -> Row:
    """Return a grant with integers for its ids."""
    told = {name: keys.setdefault(life[f"{name}_id"].lower(), len(keys)) for name in ("resource", "role", "principal")}
    dates = {name: life[name] for name in (*DATES, "valid_from", "valid_to") if name in life}
    return {"kind": life["kind"], **told, **dates}


def _add_scope_keys(keys: dict[str, int], tenant: Tenant, collection: Collection) -> None:
    """Give a key to every scope that was read, though nobody may be in it."""
    for scope in tenant.rows.get(collection.scoped_by or "", ()):
        keys.setdefault(scope["id"], len(keys))


def _insert_ids(connection: Connection, tenant: Tenant, keys: dict[str, int]) -> None:
    """Write the dictionary of ids, with what the service calls those that are in a list or say it themselves."""
    types = {row["id"]: kind for table, kind in _TYPES.items() for row in tenant.rows.get(table, ())}
    for collection in collections().values():
        if collection.is_grants:
            rows = tenant.rows.get(collection.name, ())
            types |= {row["principal"]: row["principal_type"] for row in rows if "principal_type" in row}
    del keys[""]
    _insert(connection, "ids", [{"key": key, "id": id_, "type": types.get(id_)} for id_, key in keys.items()])


def _insert(connection: Connection, table: str, rows: list[Row]) -> None:
    """Insert rows in one statement; columns that a row does not name are null."""
    if not rows:
        return
    columns = list(dict.fromkeys(name for row in rows for name in row if row[name] is not None))
    values = [[row.get(name) for name in columns] for row in rows]
    told = pl.DataFrame(values, schema=columns, orient="row", infer_schema_length=None)
    with registered(connection, "told", told):
        connection.execute(f"insert into history.{table} ({', '.join(columns)}) select {', '.join(columns)} from told")
