"""Asking a query about a case: a check through a whole audit, a view as it stands."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import Audit
from driftaudit.audit.checks import checks, parameters
from driftaudit.audit.run import run
from driftaudit.store.database import opened_for_writing, rows
from driftaudit.store.model import build
from driftaudit.store.schema import create
from tests.queries.cases import Case, Row, Tenant, matches
from tests.queries.tables import fill

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

MEMORY = Path(":memory:")


@contextmanager
def empty_database() -> Generator[Connection]:
    """Give a database in memory that has all tables and no rows."""
    with opened_for_writing(MEMORY) as connection:
        create(connection)
        yield connection


@contextmanager
def filled(connection: Connection, tenant: Tenant) -> Generator[None]:
    """Fill the empty database with a case while the block lasts."""
    connection.execute("reset variable snapshot_id")
    connection.execute("begin")
    try:
        fill(connection, tenant)
        yield
    finally:
        connection.execute("rollback")


@cache
def values() -> dict[str, Any]:
    """Return the default of every parameter."""
    return parameters(checks().values(), {})


def audited(connection: Connection, case: Case) -> Audit:
    """Audit the snapshot that a case asks about with its one check; `compare` audits the snapshot before, too."""
    chosen = {case.query: checks()[case.query]}
    given = values() | case.asked.get("parameters", {})
    return run(connection, case.at, chosen, given, recorded=not case.asked.get("compare", False))


def view_rows(connection: Connection, case: Case) -> list[Row]:
    """Return what a view shows of the snapshot that a case asks about."""
    build(connection, case.at, values() | case.asked.get("parameters", {}))
    return [row for row in rows(connection, f"from {case.query}") if matches(row, case.asked.get("only", {}))]


def asked(connection: Connection, case: Case) -> tuple[str | None, str | None, list[Row]]:
    """Return a check's status with its reason, and what the query found; a view has no status."""
    if case.query not in checks():
        return None, None, view_rows(connection, case)
    audit = audited(connection, case)
    (result,) = audit.checks
    found = [f for f in audit.findings if f.state != "resolved"]
    return result.status, result.reason, [{**asdict(f), **f.data} for f in found]
