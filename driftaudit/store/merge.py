"""Applying a staged collection to the interval history: what is new opens, what is gone from a read scope closes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from driftaudit.store.coverage import kinds_sql
from driftaudit.store.stage import DATES, GRANTS, RECORDS

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.store.database import Connection


def merge(connection: Connection, collection: Collection, snapshot_id: int, *, whole: bool) -> None:
    """Apply the staged rows; an unscoped collection closes rows only when it was read whole."""
    if collection.log is not None:
        _add_to_log(connection, collection, collection.log.at, snapshot_id)
        return
    apply = _merge_grants if collection.is_grants else _merge_records
    apply(connection, collection, snapshot_id, whole=whole)


def _add_to_log(connection: Connection, collection: Collection, happened_at: str, snapshot_id: int) -> None:
    """Add the staged records that are not known yet, in the order in which they happened; none ever closes."""
    names = ", ".join(c.name for c in collection.columns)
    connection.execute(
        f"insert into history.{collection.name} ({names}, valid_from) select {names}, {snapshot_id} from {RECORDS} "
        f"where id not in (select k.id from history.{collection.name} as k) order by {happened_at}, id"
    )


def _merge_records(connection: Connection, collection: Collection, snapshot_id: int, *, whole: bool) -> None:
    """Apply staged records; one that changed closes its old life even where nothing else may close."""
    names = [c.name for c in collection.columns]
    same = " and ".join(f"t.{n} is not distinct from s.{n}" for n in names)
    gone = "true" if whole else "false"
    if collection.scope_column is not None:
        # A collection that shrank as a whole closes nothing; a scope that was read closes what it no longer holds.
        gone = f"{gone} and t.{collection.scope_column} in (from read_scopes)"
    old, new = _packed("t", collection.key), _packed("n", collection.key)
    connection.execute(
        f"merge into history.{collection.name} as t using {RECORDS} as s on t.valid_to is null and {same} "
        f"when not matched then insert ({', '.join(names)}, valid_from) "
        f"values ({', '.join(f's.{n}' for n in names)}, {snapshot_id}) "
        f"when not matched by source and t.valid_to is null "
        f"and (({gone}) or {old} in (select {new} from {RECORDS} as n)) then update set valid_to = {snapshot_id}"
    )


def _merge_grants(connection: Connection, collection: Collection, snapshot_id: int, *, whole: bool) -> None:
    """Apply staged grants, sorted so that they stay small; matching is on integers only."""
    columns = [c.name for c in collection.columns]
    dated = "".join(f"and t.{d} is not distinct from s.{d} " for d in DATES if d in columns)
    gone = "t.resource in (select key from read_keys)" if collection.scoped_by else "true"
    gone = gone if whole else "false"
    if dated:
        # Only dates can change; the old life of a grant that has other dates now is over in any case.
        key = ("kind", "resource", "role", "principal")
        gone = f"({gone} or {_packed('t', key)} in (select {_packed('n', key)} from {GRANTS} as n))"
    connection.execute(
        "create or replace temp table read_keys as "
        "select i.key from history.ids as i where i.id in (select scope from read_scopes)"
    )
    connection.execute(
        f"merge into history.grants as t "
        f"using (from {GRANTS} order by kind, resource, principal, role) as s "
        "on t.valid_to is null and t.kind = s.kind and t.resource = s.resource and t.role = s.role "
        f"and t.principal = s.principal {dated}"
        "when not matched then insert (kind, resource, role, principal, granted_at, ends_at, valid_from) "
        f"values (s.kind, s.resource, s.role, s.principal, s.granted_at, s.ends_at, {snapshot_id}) "
        "when not matched by source and t.valid_to is null "
        f"and t.kind in ({kinds_sql(collection)}) and {gone} then update set valid_to = {snapshot_id}"
    )


def _packed(table: str, columns: Iterable[str]) -> str:
    """Return several columns as one value that can be looked for in a query."""
    return f"struct_pack({', '.join(f'{c} := {table}.{c}' for c in columns)})"
