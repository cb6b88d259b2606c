"""The whole road: a case's rows as answers of the service, loaded the way a real export is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection, Column, Number
from driftaudit.exports.export import Export, Line, Numbered
from driftaudit.exports.manifest import Entry, Gap, Manifest
from driftaudit.store.load import load
from tests.queries.cases import Row, Tenant
from tests.queries.tables import readings, record, there

if TYPE_CHECKING:
    from driftaudit.store.database import Connection


def load_all(connection: Connection, tenant: Tenant) -> None:
    """Load a case snapshot by snapshot."""
    for number in range(1, len(tenant.snapshots) + 1):
        load(connection, export(tenant, number))


def export(tenant: Tenant, number: int) -> Export:
    """Return one snapshot of a case as an export that was never on disk."""
    manifest = Manifest(
        format=1,
        state="closed",
        tenant_id="contoso",
        tenant_name="Contoso",
        taken_at=tenant.snapshots[number - 1],
        collections={name: _entry(tenant, number, name) for name in collections()},
    )
    return Export(Path("case"), manifest, str(number), lambda name: _lines(tenant, number, collections()[name]))


def _entry(tenant: Tenant, number: int, name: str) -> Entry:
    reading = dict(readings(tenant, name))[number]
    gaps = [Gap(_address(tenant, number, name, scope), "403", "refused") for scope in sorted(reading.gaps)]
    return Entry(
        status=reading.status,  # ty: ignore[invalid-argument-type]
        reason=reading.reason,
        missing_fields=reading.missing_fields,
        gaps=gaps,
    )


def _lines(tenant: Tenant, number: int, collection: Collection) -> Iterator[Numbered]:
    """Yield an answer per scope, or one where the collection has none."""
    rows = [row for row in tenant.rows.get(collection.name, ()) if there(row, number)]
    gaps = dict(readings(tenant, collection.name))[number].gaps
    pages: dict[str | None, list[Row]] = {} if collection.scoped_by else {None: []}
    for scope in _scopes(tenant, number, collection):
        pages.setdefault(scope, [])
    for row in rows:
        kept = record(collection, row)
        pages.setdefault(_scope(collection, kept), []).append(kept)
    for scope, found in pages.items():
        if scope not in gaps:
            yield Numbered(_line(tenant, number, collection, scope, found), "case")


def _scopes(tenant: Tenant, number: int, collection: Collection) -> Iterator[str]:
    """Yield the scopes that a snapshot has."""
    for row in tenant.rows.get(collection.scoped_by or "", ()):
        if there(row, number):
            series = f"{row['definition_id']}/" if collection.scoped_by == "review_instances" else ""
            yield f"{series}{row['id']}".lower()


def _scope(collection: Collection, row: Row) -> str | None:
    name = "resource_id" if collection.is_grants and collection.scoped_by else collection.scope_column
    return row[name] if name else None


def _line(tenant: Tenant, number: int, collection: Collection, scope: str | None, rows: list[Row]) -> Line:
    """Return one answer."""
    records = [_nested(tenant, number, collection, row) for row in rows]
    each = collection.record.each
    if each:
        records = [{**outer, each: [outer[each]]} for outer in records]
    page = msgspec.Raw(json.dumps({"value": records}).encode())
    address = scope and _address(tenant, number, collection.name, scope)
    return Line(page=page, scope=address, request="", at=f"{tenant.snapshots[number - 1].isoformat()}Z")


def _nested(tenant: Tenant, number: int, collection: Collection, row: Row) -> Row:
    """Return a record as the service nests it."""
    told: Row = {}
    for column in collection.columns:
        if column.source.path:
            node = told
            for part in column.source.path[:-1]:
                node = node.setdefault(part, {})
            node[column.source.path[-1]] = _written(tenant, number, column, row[column.name])
    _told_apart(collection, told)
    return told


def _told_apart(collection: Collection, told: Row) -> None:
    """Let a record say that it is none of those that are left out, where it must say so."""
    left_out = collection.record.left_out
    if left_out and left_out.required:
        *above, last = left_out.path
        node = told
        for part in above:
            node = node.setdefault(part, {})
        node[last] = 0 if left_out.kind is int else ""


def _written(tenant: Tenant, number: int, column: Column, value: Any) -> Any:
    """Return a value as the service writes it."""
    if isinstance(value, datetime | date):
        return f"{value.isoformat()}{'Z' if isinstance(value, datetime) else 'T00:00:00Z'}"
    if column.source.claim:
        return _claim(tenant, number, value)
    return int(value) if column.type is Number else value


def _claim(tenant: Tenant, number: int, principal: str) -> str:
    """Return somebody as SharePoint names them."""
    found = [u for u in tenant.rows["users"] if u["id"] == principal and there(u, number)]
    return f"i:0#.f|membership|{found[0]['user_principal_name']}" if found else f"c:0t.c|tenant|{principal}"


def _address(tenant: Tenant, number: int, name: str, scope: str) -> str:
    """Return a scope as requests name it: sites by their address."""
    if collections()[name].scoped_by != "sites":
        return scope
    return next(s["web_url"] for s in tenant.rows["sites"] if s["id"] == scope and there(s, number))
