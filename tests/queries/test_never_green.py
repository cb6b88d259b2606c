"""Missing data never passes for clean: without what a check names, it is not assessed, or partial, or unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.audit import CollectionStatus, Coverage
from driftaudit.audit.checks import checks
from driftaudit.audit.gate import Assessment, Gate, assess, read_gate
from driftaudit.collectors import collections
from driftaudit.store.model import build
from tests.queries.cases import Case, Row, Tenant, cases
from tests.queries.runner import audited, empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

FIRING = {
    "grant_outside_package": "added by hand: the person's package gives something else",
    "grant_past_expiry": "scenario: one snapshot a quarter, the assignment vanished in between",
    "review_unanswered": "F36: nobody answered, and the access is there",
}
NEEDED = [
    (check.id, collection) for check in checks().values() for collection in check.needs.reads | check.needs.requires
]
FIELDS = [
    (check.id, collection, field)
    for check in checks().values()
    for collection, fields in (check.needs.reads | check.needs.requires).items()
    for field in fields
]
PACKAGED = [(check.id, collection) for check in checks().values() for collection in check.needs.packaged]


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


def firing(check: str) -> Case:
    """Return a case in which the check finds something."""
    return cases(check)[FIRING[check]]


def without(case: Case, collection: str, **told: object) -> Case:
    """Return the case with one collection not read whole in its last snapshot."""
    coverage: Row = {"snapshot": len(case.tenant.snapshots), "collection": collection, **told}
    return replace(case, tenant=replace(case.tenant, coverage=(*case.tenant.coverage, coverage)))


@cache
def gate(check: str) -> Gate:
    """Return the gate of the firing case, in which everything was read."""
    case = firing(check)
    with empty_database() as connection, filled(connection, case.tenant):
        build(connection, case.at, values())
        return read_gate(connection)


def assessment(check: str, collection: str, status: CollectionStatus, *missing_fields: str) -> Assessment:
    """Return what becomes of the check if one collection was read less well."""
    whole = gate(check)
    worse = Coverage(collection, status, "for a reason", 0, 0, missing_fields)
    return assess(checks()[check], replace(whole, coverage={**whole.coverage, collection: worse}))


def test_every_check_has_a_firing_case() -> None:
    assert FIRING.keys() == checks().keys()


@pytest.mark.parametrize("check", sorted(checks()))
def test_with_everything_read_it_is_assessed(check: str) -> None:
    assert assess(checks()[check], gate(check)).status == "assessed"


@pytest.mark.parametrize(("check", "collection"), NEEDED)
@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_without_a_needed_collection_it_is_not_assessed(check: str, collection: str, status: CollectionStatus) -> None:
    told = assessment(check, collection, status)
    assert told.status == "not_assessed"
    assert collection.replace("_", " ") in str(told.reason)
    assert "for a reason" in str(told.reason)


@pytest.mark.parametrize(("check", "collection"), NEEDED)
def test_a_collection_in_part_makes_it_partial_unless_its_absent_rows_are_the_evidence(
    check: str, collection: str
) -> None:
    told = assessment(check, collection, "partial")
    evidence = collection in checks()[check].needs.requires and collections()[collection].scoped_by is None
    assert (told.status, told.everywhere) == ("not_assessed" if evidence else "partial", True)


@pytest.mark.parametrize(("check", "collection", "field"), FIELDS)
def test_without_a_needed_field_it_is_not_assessed(check: str, collection: str, field: str) -> None:
    told = assessment(check, collection, "complete", field)
    assert (told.status, told.reason) == ("not_assessed", f"{collection.replace('_', ' ')} came without {field}")


@pytest.mark.parametrize(("check", "collection"), PACKAGED)
def test_without_one_kind_of_packaged_grants_it_is_partial(check: str, collection: str) -> None:
    told = assessment(check, collection, "failed")
    assert told.status == "partial"
    assert "for a reason" in str(told.reason)


@pytest.mark.parametrize(("check", "collection"), [*((c, "assignments") for c in FIRING), *PACKAGED])
def test_nothing_is_resolved_because_it_was_not_read(database: Connection, check: str, collection: str) -> None:
    case = open_before(check)
    asked = {**case.asked, "compare": True}
    unread = replace(without(case, collection, status="failed"), asked=asked)
    with filled(database, unread.tenant):
        audit = audited(database, unread)
    assert audit.checks[0].status != "assessed"
    assert {f.state for f in audit.findings} <= {"open", "unconfirmed"}
    assert audit.findings


def open_before(check: str) -> Case:
    """Return the firing case with one more night, so that its finding is open before the last."""
    case = firing(check)
    night = case.tenant.snapshots[-1].replace(day=30, month=10)
    last = len(case.tenant.snapshots)
    rows = {
        name: tuple({**r, "in": [*r["in"], last + 1]} if last in r.get("in", []) else r for r in found)
        for name, found in case.tenant.rows.items()
    }
    return replace(case, tenant=Tenant((*case.tenant.snapshots, night), rows))
