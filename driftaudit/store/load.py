"""Loading: one export becomes one snapshot, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from driftaudit.collectors import collections
from driftaudit.errors import IntegrityError, NothingRead, UsageError
from driftaudit.store.coverage import Verdict, judge
from driftaudit.store.database import registered, rows, value
from driftaudit.store.merge import merge
from driftaudit.store.stage import stage

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.exports.export import Export, Reading
    from driftaudit.store.database import Connection

_Row = dict[str, Any]
_BEFORE_LOGINS = {"users", "sites"}
"""Login names of SharePoint are resolved with the accounts of the same snapshot."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading one export."""

    snapshot_id: int
    already_there: bool
    incomplete: tuple[str, ...]
    """One sentence per collection that was asked for and not read whole."""


def load(connection: Connection, export: Export, *, accept_shrink: Iterable[str] = ()) -> Loaded:
    """Apply an export as the newest snapshot; the same one again changes nothing."""
    there = value(connection, "select id from history.snapshots where export_sha256 = ?", [export.sha256])
    if there is not None:
        return Loaded(there, True, ())
    accepted = set(accept_shrink)
    _refuse_unknown(accepted)
    _refuse_other_tenant(connection, export)
    _refuse_out_of_order(connection, export)
    snapshot_id = value(connection, "select coalesce(max(id), 0) + 1 from history.snapshots")
    connection.execute("begin")
    _add_snapshot(connection, export, snapshot_id)
    told: dict[str, Verdict] = {}
    coverage: list[_Row] = []
    for collection in _in_order():
        reading = export.reading(collection.name)
        verdict = _load_collection(connection, reading, snapshot_id, told, collection.name in accepted)
        told[collection.name] = verdict
        coverage.append(_coverage(reading, snapshot_id, verdict))
    _add_coverage(connection, [*coverage, *_unknown(export, snapshot_id)])
    _refuse_nothing(connection, export, snapshot_id)
    connection.execute("commit")
    return Loaded(snapshot_id, False, _incomplete(connection, snapshot_id))


def _in_order() -> list[Collection]:
    """Return the collections so that each comes after the one its scopes are from."""
    graph = {
        name: {*c.stands_on} | (_BEFORE_LOGINS if c.names_sharepoint_logins else set())
        for name, c in sorted(collections().items())
    }
    return [collections()[name] for name in TopologicalSorter(graph).static_order()]


def _load_collection(
    connection: Connection, reading: Reading, snapshot_id: int, told: Mapping[str, Verdict], accept_shrink: bool
) -> Verdict:
    """Stage, judge and apply one collection; one that failed leaves the history as it was."""
    if reading.was_read:
        stage(connection, reading)
    verdict = Verdict(reading.status, reading.reason)
    if verdict.status in ("complete", "partial"):
        above = told.get(reading.collection.scoped_by or "")
        verdict = judge(
            connection,
            reading,
            snapshot_id,
            whole_above=above is not None and above.status == "complete",
            accept_shrink=accept_shrink,
        )
        merge(connection, reading.collection, snapshot_id, whole=verdict.whole)
        _add_gaps(connection, reading, snapshot_id)
    return verdict


def _coverage(reading: Reading, snapshot_id: int, verdict: Verdict) -> _Row:
    """Return how completely one collection was read."""
    entry = reading.entry
    read = verdict.status in ("complete", "partial")
    return {
        "snapshot_id": snapshot_id,
        "collection": reading.collection.name,
        "status": verdict.status,
        "reason": verdict.reason,
        "rows": reading.rows if read else None,
        "expected": entry.expected,
        "permission": entry.permission or reading.collection.permission,
        "missing_fields": list(reading.missing_fields),
        "shrunk": verdict.shrunk,
        "whole": verdict.whole,
    }


def _add_coverage(connection: Connection, told: list[_Row]) -> None:
    """Write down how completely each collection was read."""
    import polars as pl

    types = {
        "snapshot_id": pl.Int32(),
        **dict.fromkeys(("collection", "status", "reason"), pl.String()),
        **dict.fromkeys(("rows", "expected"), pl.Int64()),
        "permission": pl.String(),
        "missing_fields": pl.List(pl.String()),
        **dict.fromkeys(("shrunk", "whole"), pl.Boolean()),
    }
    with registered(connection, "told", pl.DataFrame(told, schema=types)):
        connection.execute("insert into history.coverage by name from told")


def _add_gaps(connection: Connection, reading: Reading, snapshot_id: int) -> None:
    """Write down which scopes were not read."""
    connection.execute(
        "insert into history.gaps select ?, ?, scope, any_value(code), any_value(message) "
        "from unread_scopes group by scope",
        [snapshot_id, reading.collection.name],
    )


def _unknown(export: Export, snapshot_id: int) -> Iterator[_Row]:
    """Yield the export's collections that this version does not know, so that nobody takes them for read."""
    for name in sorted(export.manifest.collections.keys() - collections().keys()):
        entry = export.manifest.collections[name]
        told = entry.reason if entry.status == "skipped" else None
        yield {
            "snapshot_id": snapshot_id,
            "collection": name,
            "status": "skipped",
            "reason": told or "this version does not read it",
            "permission": entry.permission,
            "missing_fields": [],
            "shrunk": False,
            "whole": False,
        }


def _add_snapshot(connection: Connection, export: Export, snapshot_id: int) -> None:
    """Write down whose state this is, of when, and from which export."""
    from driftaudit.exports.manifest import utc

    manifest = export.manifest
    connection.execute(
        "insert into history.tenant select ?, ? where not exists (from history.tenant)",
        [manifest.tenant_id.lower(), manifest.tenant_name],
    )
    connection.execute(
        "insert into history.snapshots values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            snapshot_id,
            export.taken_at,
            manifest.finished_at and utc(manifest.finished_at),
            export.sha256,
            manifest.tool,
            manifest.app_id,
            manifest.signed_in_as,
            manifest.cloud,
        ],
    )


def _refuse_unknown(accepted: set[str]) -> None:
    """Raise UsageError if a loss is accepted for a collection that there is not: a slip would accept nothing."""
    for name in sorted(accepted - collections().keys()):
        raise UsageError(f"There is no collection {name!r}.", f"There are: {', '.join(collections())}.")


def _refuse_other_tenant(connection: Connection, export: Export) -> None:
    """Raise IntegrityError if the file holds another tenant's history."""
    held = value(connection, "select id from history.tenant")
    if held is not None and held != export.manifest.tenant_id.lower():
        raise IntegrityError(
            f"{export.folder} is of tenant {export.manifest.tenant_id}, the database holds tenant {held}.",
            "Give each tenant a file of its own with --db; nothing was changed.",
        )


def _refuse_out_of_order(connection: Connection, export: Export) -> None:
    """Raise IntegrityError if the export is not newer than the newest snapshot: history is written forward only."""
    newest = value(connection, "select max(taken_at) from history.snapshots")
    if newest is not None and export.taken_at <= newest:
        raise IntegrityError(
            f"{export.folder} was taken at {export.taken_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"the newest snapshot in the database at {newest:%Y-%m-%d %H:%M:%S} UTC; history is written forward only.",
            "Load exports in order of time into a new database (--db); nothing was changed.",
        )


def _refuse_nothing(connection: Connection, export: Export, snapshot_id: int) -> None:
    """Raise NothingRead if not one collection could be read; the transaction is dropped with it."""
    told = rows(
        connection, "select collection, status, reason from history.coverage where snapshot_id = ?", [snapshot_id]
    )
    if any(t["status"] in ("complete", "partial") for t in told):
        return
    failed = next((t for t in told if t["status"] == "failed"), None)
    why = f"{failed['collection']}: {failed['reason']}" if failed else "every collection was skipped"
    raise NothingRead(f"Nothing of {export.folder} could be read ({why}).", "Export again; nothing was changed.")


def _incomplete(connection: Connection, snapshot_id: int) -> tuple[str, ...]:
    """Return a sentence for each collection that was asked for and not read whole."""
    told = rows(
        connection,
        "select collection, status, reason from history.coverage "
        "where snapshot_id = ? and status in ('partial', 'failed') order by collection",
        [snapshot_id],
    )
    word = {"partial": "was read in part", "failed": "failed"}
    return tuple(f"{t['collection']} {word[t['status']]}: {t['reason']}." for t in told)
