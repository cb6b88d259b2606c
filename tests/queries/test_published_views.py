"""The analyst's surface on a published file: every view and every check shows the snapshot that was asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from driftaudit.audit.checks import checks
from driftaudit.store.database import rows
from driftaudit.store.findings import COMMON
from driftaudit.store.model import build
from driftaudit.store.publish import writing
from driftaudit.store.schema import create, view_files
from tests.queries.cases import Tenant, cases
from tests.queries.runner import empty_database, filled, values
from tests.queries.tables import fill

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

VIEWS = sorted(name for name, file in view_files().items() if "macro" not in file.header)
FIRST, SECOND = datetime(2026, 9, 29, 2), datetime(2026, 9, 30, 2)
KEYS = {"resource", "role", "principal", "target", "via", "parent", "child"}
"""Keys of history.ids, which two databases number differently."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published file that holds two different nights."""
    path = tmp_path_factory.mktemp("published") / "contoso.duckdb"
    with writing(path, print) as connection:
        create(connection)
        fill(connection, two_nights())
    return path


def two_nights() -> Tenant:
    """Return a tenant in which everything of the first night is gone by the second, and other things are there."""
    told = cases("grant_outside_package")["the newest review decision stands beside it"].tenant
    open_ledger = {"assignment_required": False}
    applications = [row | (open_ledger if row["id"] == "ledger" else {}) for row in told.rows["service_principals"]]
    rows_of = {**told.rows, "service_principals": tuple(applications)}
    before = {name: tuple({**row, "in": [1]} for row in found) for name, found in rows_of.items()}
    return Tenant((FIRST, SECOND), {**before, "users": (*before["users"], {"id": "new", "name": "New", "in": [2]})})


def one_night() -> Tenant:
    """Return the first of the two nights alone."""
    both = two_nights()
    return Tenant((FIRST,), {name: tuple(r for r in found if r["in"] == [1]) for name, found in both.rows.items()})


def shown(connection: Connection, view: str) -> list[str]:
    """Return what a view shows, but for keys and for what only says which snapshot is the newest."""
    found = rows(connection, f"from {view}")
    return sorted(str({k: v for k, v in row.items() if k not in KEYS}) for row in found)


def audited(database: Connection, tenant: Tenant) -> dict[str, list[str]]:
    """Return what every view shows of a tenant's newest night in an audit, where the model is made of tables."""
    with filled(database, tenant):
        build(database, len(tenant.snapshots), values())
        return {view: shown(database, view) for view in VIEWS}


def test_every_view_follows_the_snapshot_that_was_asked_for(published: Path) -> None:
    with empty_database() as database:
        alone, newest = audited(database, one_night()), audited(database, two_nights())
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set variable snapshot_id = 1")
        asked = {view: shown(connection, view) for view in VIEWS}
    different = {view for view in VIEWS if asked[view] != alone[view]}
    assert different == {"snapshots"}  # it lists them all, whichever is shown
    assert {view for view in VIEWS if newest[view] == asked[view] and asked[view]} == {
        "coverage",
        "group_reach",
        "kinds_read",
        "role_names",
    }


def test_an_unknown_snapshot_is_an_error_in_every_view(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set variable snapshot_id = 7")
        for view in VIEWS:
            with pytest.raises(duckdb.Error, match="There is no snapshot 7; see: from snapshots"):
                connection.execute(f"from {view}").fetchall()


def test_checks_run_in_any_client_on_the_published_file(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set variable snapshot_id = 1")
        told = {name: connection.execute(f"describe {check.file.sql}").fetchall() for name, check in checks().items()}
        # Of those that find something the one that is quick without the tables of an audit.
        assert len(connection.execute(checks()["app_open_to_everyone"].file.sql).fetchall()) == 1
    assert all({column for column, *_ in columns} >= set(COMMON) for columns in told.values())
