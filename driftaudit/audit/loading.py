"""Loading exports: each becomes a snapshot and its findings are recorded, in one publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.audit.acceptance import accept
from driftaudit.audit.checks import checks, parameters
from driftaudit.audit.exceptions import read_exceptions
from driftaudit.audit.run import run
from driftaudit.store.findings import STABLE, Run, record, recorded_parameters
from driftaudit.store.load import Loaded, load
from driftaudit.store.publish import Tell, writing
from driftaudit.store.schema import create

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.exports.export import Export
    from driftaudit.store.database import Connection


def load_and_record(
    database: Path, export: Export, *, given: Mapping[str, Any], accept_shrink: Iterable[str], tell: Tell
) -> Loaded:
    """Load one export and record what the shipped checks find in it; nothing is published unless all of it worked."""
    there = _already_there(database, export)
    if there is not None:
        return Loaded(there, True, ())
    with writing(database, tell) as connection:
        create(connection)
        loaded = load(connection, export, accept_shrink=accept_shrink)
        if not loaded.already_there:
            _record(connection, loaded.snapshot_id, given)
    return loaded


def _already_there(database: Path, export: Export) -> int | None:
    """Return the snapshot that this very export made, without copying the database to find out."""
    from driftaudit.store.database import reading, value

    if not database.is_file():
        return None
    with reading(database) as connection:
        return value(connection, "select id from history.snapshots where export_sha256 = ?", [export.sha256])


def tenant_of(database: Path) -> str | None:
    """Return which tenant a database holds; None if there is no database or nothing in it."""
    from driftaudit.store.database import reading, value

    if not database.is_file():
        return None
    with reading(database) as connection:
        return value(connection, "select id from history.tenant")


def newest_of(database: Path) -> dict[str, datetime]:
    """Return by log when its newest record happened that a database holds, in UTC; nothing where there is none."""
    from driftaudit.store.database import reading
    from driftaudit.store.logs import newest

    if not database.is_file():
        return {}
    with reading(database) as connection:
        return newest(connection)


def _record(connection: Connection, snapshot_id: int, given: Mapping[str, Any]) -> None:
    """Audit the snapshot with the shipped checks and write the findings down."""
    shipped = checks()
    values = parameters(shipped.values(), dict(given))
    audit = run(connection, snapshot_id, shipped, values, measured=False)
    found = [f for f in audit.findings if f.state not in ("resolved", "unconfirmed")]
    record(
        connection,
        snapshot_id,
        found=[_recorded(f) for f in found],
        unconfirmed=[f.key for f in audit.findings if f.state == "unconfirmed"],
        results=[Run(c.id, c.status, c.reason, c.finding_count, c.sql_sha256) for c in audit.checks],
        parameters=audit.parameters,
    )


def _recorded(finding: Any) -> dict[str, Any]:
    """Return the columns of a finding that are recorded."""
    return {c: finding.check if c == "check_id" else getattr(finding, c) for c in STABLE}


def audit_snapshot(
    connection: Connection,
    snapshot_id: int,
    *,
    queries: Iterable[Path] = (),
    configured: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    exceptions: Path | None = None,
) -> Audit:
    """Audit a snapshot, mark what the file of exceptions accepts, and write nothing.

    What was not recorded is compared with an audit of the snapshot before.
    """
    folders = tuple(queries)
    chosen = checks(folders)
    entries = () if exceptions is None else read_exceptions(exceptions, chosen)
    values = parameters(chosen.values(), {**(configured or {}), **(given or {})})
    recorded = not folders and recorded_parameters(connection, snapshot_id) == values
    return accept(connection, run(connection, snapshot_id, chosen, values, recorded=recorded), entries)
