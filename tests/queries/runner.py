"""Asking a query about a case: a check through a whole audit, a view as it stands."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import Audit
from driftaudit.audit.checks import checks, parameters
from driftaudit.audit.run import run
from driftaudit.store.database import opened_for_writing, rows
from driftaudit.store.model import build
from tests.queries.cases import Case, Row, Tenant
from tests.queries.later import with_later
from tests.queries.tables import fill
from tests.queries.together import by_case, merged
from tests.store.blank import blank

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

Answer = tuple[str | None, str | None, list[Row]]
"""A check's status with its reason, and what the query found."""


@contextmanager
def empty_database() -> Generator[Connection]:
    """Give a database that has all tables and no rows, and is nobody else's."""
    with TemporaryDirectory() as folder:
        path = blank(Path(folder) / "empty.duckdb")
        path.chmod(0o600)
        with opened_for_writing(path) as connection:
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
    return run(connection, case.at, chosen, given, recorded=not case.asked.get("compare", False), measured=False)


def asked(connection: Connection, case: Case) -> Answer:
    """Return a check's status with its reason, and what the query found; a view has no status."""
    if case.query not in checks():
        build(connection, case.at, values() | case.asked.get("parameters", {}), {case.query})
        return None, None, shown(connection, case.query)
    audit = audited(connection, case)
    (result,) = audit.checks
    return result.status, result.reason, found(audit)


@dataclass(frozen=True, slots=True)
class Together:
    """What was found for cases that were asked at once."""

    cases: list[Case]
    told: Mapping[str, tuple[str, str | None]]
    """The status of each check, with its reason; a view has none."""
    rows: dict[str, dict[int, list[Row]]]
    """What each query gives, by the number of the case: a check for all cases, whichever check they ask."""

    def answers(self) -> Iterator[tuple[Case, Answer]]:
        """Yield the answer to each case."""
        for number, case in enumerate(self.cases):
            yield case, (*self.told.get(case.query, (None, None)), self.rows[case.query].get(number, []))


def asked_together(connection: Connection, cases: list[Case], *, later: bool = False) -> Together:
    """Ask cases that share what they ask about, the model built once for all; `later`: and the tenant has gone on."""
    whole = merged(cases)
    at, tenant = whole.at, with_later(whole.tenant) if later else whole.tenant
    chosen = {case.query: checks()[case.query] for case in cases if case.query in checks()}
    with filled(connection, tenant):
        # A view may stand on any part of the model; a check says on which.
        views = {case.query for case in cases} - chosen.keys()
        audit = run(connection, at, chosen, values() | whole.asked.get("parameters", {}), measured=bool(views))
        told = {r.id: (r.status, r.reason) for r in audit.checks}
        rows_of = {check: by_case(found(audit, check), range(len(cases))) for check in told}
        for view in views:
            asking = {number for number, case in enumerate(cases) if case.query == view}
            rows_of[view] = by_case(shown(connection, view), asking)
    return Together(cases, told, rows_of)


def shown(connection: Connection, view: str) -> list[Row]:
    """Return what a view shows of the snapshot for which the model was built."""
    return rows(connection, f"from {view}")


def found(audit: Audit, check: str | None = None) -> list[Row]:
    """Return what was found and stands, of all checks or of one."""
    told = [f for f in audit.findings if f.state != "resolved" and check in (None, f.check)]
    return [{**asdict(f), **f.data} for f in told]
