"""The analyst's surface: every view runs on any tenant and is documented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.checks import checks
from driftaudit.audit.run import run
from driftaudit.store.database import rows
from driftaudit.store.model import build
from driftaudit.store.schema import view_files
from tests.queries.cases import Tenant, world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

VIEWS = sorted(name for name, file in view_files().items() if "macro" not in file.header)
MACROS = sorted(name for name, file in view_files().items() if "macro" in file.header)
FIRST = datetime(2026, 9, 29, 2)
NOTHING = Tenant((FIRST,), {})
ROBOTS = Tenant(
    (FIRST,), {name: world().rows[name] for name in ("service_principals", "packages", "package_roles", "catalogs")}
)
GUESTS = Tenant((FIRST,), {"users": tuple(user for user in world().rows["users"] if user["user_type"] == "Guest")})
TENANTS = {"nothing": NOTHING, "robots": ROBOTS, "guests": GUESTS}


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.mark.parametrize("tenant", TENANTS)
def test_every_view_runs_on_a_tenant_of_one_kind(database: Connection, tenant: str) -> None:
    with filled(database, TENANTS[tenant]):
        build(database, 1, values())
        counts = {view: len(rows(database, f"from {view}")) for view in VIEWS}
    told = {view for view, count in counts.items() if count} - {"coverage", "snapshots"}
    expected = {
        "nothing": {"kinds_read"},
        "robots": {"catalogs", "kinds_read", "packages", "package_names", "package_role_lives", "package_roles",
                   "principals", "resources", "role_names", "service_principals"},
        "guests": {"accounts", "kinds_read", "principals", "users"},
    }  # fmt: skip
    assert told == expected[tenant]


@pytest.mark.parametrize("tenant", TENANTS)
def test_every_check_runs_on_a_tenant_of_one_kind(database: Connection, tenant: str) -> None:
    with filled(database, TENANTS[tenant]):
        audit = run(database, 1, checks(), values())
    assert audit.findings == ()
    assert {check.status for check in audit.checks} == {"assessed"}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_and_each_of_its_columns_has_a_comment(database: Connection, view: str) -> None:
    columns = rows(
        database,
        "select column_name, comment from duckdb_columns() where table_name = ? and schema_name = 'main'",
        [view],
    )
    assert view_files()[view].meaning
    assert [c["column_name"] for c in columns] == list(view_files()[view].named("column"))
    assert [c["column_name"] for c in columns if not c["comment"]] == []
    assert rows(database, "select comment from duckdb_views() where view_name = ?", [view])[0]["comment"]


@pytest.mark.parametrize("macro", MACROS)
def test_a_macro_has_a_comment(macro: str) -> None:
    assert view_files()[macro].meaning


NAMELESS = {
    "request_id": "a request has no name; its package and who it is for stand beside it",
    "assignment_id": "an assignment has no name; its package and its holder stand beside it",
    "correlation_id": "no thing, but what joins the events of one deed",
    "event_id": "an event has no name; what it tells stands beside it",
    "message_id": "a mail has no name; to whom it went, and about which day, stands beside it",
    "snapshot_id": "a snapshot is a number",
    "first_snapshot_id": "a snapshot is a number",
    "before_id": "a snapshot is a number",
    "role_origin_id": "what the service wrote; role_id and role_name are made from it",
    "scope_origin_id": "what the service wrote; resource_id and resource_name are made from it",
    "origin_id": "the same resource as id, whose name stands beside it",
    "app_id": "the same application as id, whose name stands beside it",
    "owner_tenant_id": "another tenant, whose name nobody reads",
    "role_definition_id": "a fixed role of the service, whose name nobody reads",
    "scope_id": "mostly the whole directory, which has no name",
    "template_id": "the same role in every tenant, whose name stands beside it",
    "app_scope_id": "what the service wrote; catalog_id and catalog_name are made from it",
}
"""Ids that have no name of their own, each with the reason."""
BLOCKS = {
    "accounts_holding",
    "auto_groups",
    "catalog_owners",
    "explaining_assignments",
    "package_role_lives",
    "proven_requests",
    "resource_owners",
    "role_names",
    "schedules",
    "seen_assignments",
    "site_own_groups",
}
"""What the model is put together from: looked up by id, by views that add the names."""


@pytest.mark.parametrize("view", sorted(set(VIEWS) - BLOCKS))
def test_every_id_has_its_name_beside_it(view: str) -> None:
    columns = set(view_files()[view].named("column"))
    ids = {c for c in columns if c.endswith("_id")} - NAMELESS.keys()
    assert sorted(c for c in ids if f"{c[:-3]}_name" not in columns) == []


def test_no_exception_is_left_over() -> None:
    columns = {c for view in VIEWS for c in view_files()[view].named("column")}
    assert columns >= NAMELESS.keys()
    assert set(VIEWS) >= BLOCKS
