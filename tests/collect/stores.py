"""What a store holds, in a form in which two can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from driftaudit.collectors import collections
from driftaudit.exports import open_export
from driftaudit.store.database import rows
from driftaudit.store.load import load
from tests.store.conftest import Connection, empty

Content = dict[str, list[dict[str, Any]]]
_GRANTS = """
select
    g.kind, a.id as resource, r.id as role, p.id as principal, p.type,
    g.granted_at, g.ends_at, g.valid_from, g.valid_to
from history.grants as g
join history.ids as a on a.key = g.resource
join history.ids as r on r.key = g.role
join history.ids as p on p.key = g.principal
order by all
"""
_COVERAGE = """
select snapshot_id, collection, status, reason is null as whole_reason, rows, missing_fields, shrunk, whole
from history.coverage where collection in (select unnest(?)) order by all
"""


def loaded(connection: Connection, *folders: Path) -> Content:
    """Return what an empty store holds after loading these exports one after the other."""
    empty(connection)
    for folder in folders:
        load(connection, open_export(folder))
    return content(connection)


def content(connection: Connection) -> Content:
    """Return every table of the history, with ids in place of keys and without the wording of refusals."""
    named = [name for name, collection in collections().items() if not collection.is_grants]
    found = {name: rows(connection, f"from history.{name} order by all") for name in named}
    found["grants"] = rows(connection, _GRANTS)
    found["coverage"] = rows(connection, _COVERAGE, [list(collections())])
    found["gaps"] = rows(connection, "select snapshot_id, collection, scope, code from history.gaps order by all")
    found["tenant"] = rows(connection, "from history.tenant")
    found["snapshots"] = rows(connection, "select id, taken_at, app_id, signed_in_as, cloud from history.snapshots")
    return found


def differences(one: Content, other: Content) -> dict[str, tuple[list[Any], list[Any]]]:
    """Return by table the rows that only one of two stores holds."""
    return {
        table: ([r for r in one[table] if r not in other[table]], [r for r in other[table] if r not in one[table]])
        for table in one
        if one[table] != other[table]
    }
