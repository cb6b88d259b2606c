"""Tenants that lack most of what a check looks at: every check runs there, and finds what there is and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.checks import checks
from driftaudit.audit.run import run
from tests.queries.cases import Row, Tenant, world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.store.database import Connection

NIGHTS = (datetime(2026, 9, 29, 2), datetime(2026, 9, 30, 2))
EMPTY = Tenant(NIGHTS, {})
PACKAGED = {name: world().rows[name] for name in ("catalogs", "packages", "package_roles")}
ROBOTS = Tenant(NIGHTS, {**PACKAGED, "service_principals": world().rows["service_principals"]})
GUESTS = Tenant(NIGHTS, {"users": tuple(user for user in world().rows["users"] if user["user_type"] == "Guest")})


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


def audited(connection: Connection, tenant: Tenant, **more: tuple[Row, ...]) -> Audit:
    """Audit the last night of a tenant with further rows, with every check."""
    rows = {name: (*tenant.rows.get(name, ()), *more.get(name, ())) for name in {**tenant.rows, **more}}
    told = Tenant(tenant.snapshots, rows)
    with filled(connection, told):
        return run(connection, len(told.snapshots), checks(), values())


@pytest.mark.parametrize("tenant", [EMPTY, ROBOTS, GUESTS], ids=["empty", "robots only", "guests only"])
def test_every_check_is_assessed_and_finds_nothing(database: Connection, tenant: Tenant) -> None:
    audit = audited(database, tenant)
    assert {c.id: c.status for c in audit.checks} == dict.fromkeys(checks(), "assessed")
    assert audit.findings == ()


def test_a_tenant_that_was_not_read_at_all_assesses_nothing(database: Connection) -> None:
    unread = [
        {"snapshot": 2, "collection": name, "status": "failed"}
        for name in {n for c in checks().values() for n in c.needs.all}
    ]
    with filled(database, Tenant(NIGHTS, {}, coverage=tuple(unread))):
        audit = run(database, 2, checks(), values())
    assert {c.id: c.status for c in audit.checks} == dict.fromkeys(checks(), "not_assessed")


def test_robots_hold_what_no_package_gave_them(database: Connection) -> None:
    granted = {"principal": "robot", "resource": "ledger", "role": "post", "granted_at": datetime(2026, 9, 1)}
    audit = audited(database, ROBOTS, app_role_assignments=(granted,))
    assert [(f.check, f.principal_id) for f in audit.findings] == [("grant_outside_package", "robot")]


def test_a_disabled_robot_is_no_leaver(database: Connection) -> None:
    granted = {"principal": "old", "resource": "ledger", "role": "read", "granted_at": datetime(2026, 9, 1)}
    disabled = {"id": "old", "name": "Old robot", "enabled": False}
    audit = audited(database, ROBOTS, service_principals=(disabled,), app_role_assignments=(granted,))
    assert audit.findings == ()


def test_guests_hold_without_any_package(database: Connection) -> None:
    group = {"id": "loose", "name": "In no package", "group_types": []}
    audit = audited(database, GUESTS, groups=(group,), group_members=({"principal": "gus", "resource": "loose"},))
    assert [(f.check, f.principal_id) for f in audit.findings] == [("guest_without_assignment", "gus")]


def test_a_guest_who_has_left_is_told_as_both(database: Connection) -> None:
    group = {"id": "loose", "name": "In no package", "group_types": []}
    blocked = {"id": "gil", "name": "Gil Guest", "user_type": "Guest", "enabled": False}
    held = ({"principal": "gil", "resource": "loose"},)
    audit = audited(database, GUESTS, users=(blocked,), groups=(group,), group_members=held)
    told = [(f.check, f.principal_id) for f in audit.findings]
    assert told == [("leaver_with_access", "gil"), ("guest_without_assignment", "gil")]
