"""Missing data never passes for clean: without what a check names, it is not assessed, or partial, or unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.audit import CollectionStatus, Coverage
from driftaudit.audit.checks import Check, checks
from driftaudit.audit.gate import Assessment, Gate, assess, read_gate
from driftaudit.collectors import collections
from driftaudit.store.model import build
from tests.queries.firing import ALL, FIRING, Told, last_night, less_of, scopes, tonight, without_scopes
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection


def needed(check: Check) -> dict[str, tuple[str, ...]]:
    """Return the collections without which a check is not assessed, each with its fields."""
    return check.needs.reads | check.needs.requires


NEEDED = [(check.id, name) for check in checks().values() for name in needed(check)]
FIELDS = [
    (check.id, name, field) for check in checks().values() for name, fields in needed(check).items() for field in fields
]
PACKAGED = [(check.id, name) for check in checks().values() for name in check.needs.packaged]
ANY_OF = [(check.id, name) for check in checks().values() for name in check.needs.any_of]
NAMED = sorted({name for check in checks().values() for name in check.needs.all})
SCOPED = [name for name in NAMED if collections()[name].scoped_by]
WHOLE = [name for name in NAMED if name not in SCOPED]
"""Of these `partial` is the harder: to the model both are unread, and then the checks are asked all the same."""


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@cache
def gate() -> Gate:
    """Return the gate of the night on which everything was read, as if packages gave every kind of access."""
    tenant = tonight(many=False)
    with empty_database() as connection, filled(connection, tenant):
        build(connection, len(tenant.snapshots), values())
        kinds = frozenset(kind for collection in collections().values() for kind in collection.kinds)
        return replace(read_gate(connection), packaged_kinds=kinds)


def assessment(check: str, collection: str, status: CollectionStatus, *missing_fields: str) -> Assessment:
    """Return what becomes of the check if one collection was read less well."""
    worse = Coverage(collection, status, "for a reason", 0, 0, missing_fields)
    return assess(checks()[check], replace(gate(), coverage={**gate().coverage, collection: worse}))


def stays_open(told: Told) -> bool:
    """Tell whether all that was open last night stands tonight: found, or not confirmed."""
    return all(found and {f.state for f in found} <= {"open", "unconfirmed"} for found in told.found)


def says_so(told: Told, collection: str) -> bool:
    """Tell whether a check that stands on a collection says that it is incomplete."""
    return told.status != "assessed" or collection not in told.check.needs.all


def test_every_check_has_a_firing_case() -> None:
    assert FIRING.keys() == checks().keys()


def test_each_firing_case_was_open_last_night() -> None:
    assert {known.row["check_id"] for known in last_night(many=False).prior.values()} == checks().keys()


def test_with_everything_read_every_finding_is_open_and_every_check_assessed(database: Connection) -> None:
    for told in less_of(database, "organization", "complete"):
        assert told.status == "assessed", told.check.id
        assert [[f.state for f in of_copy] for of_copy in told.found] == [["open"]] * len(FIRING[told.check.id])


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


@pytest.mark.parametrize(("check", "collection"), [*PACKAGED, *ANY_OF])
@pytest.mark.parametrize("status", ["failed", "skipped", "partial"])
def test_without_one_of_several_collections_it_is_partial(
    check: str, collection: str, status: CollectionStatus
) -> None:
    told = assessment(check, collection, status)
    assert told.status == "partial"
    assert "for a reason" in str(told.reason)


@pytest.mark.parametrize(
    ("collection", "status"), [*((name, "failed") for name in SCOPED), *((name, "partial") for name in WHOLE)]
)
def test_nothing_is_resolved_because_a_collection_was_not_read(
    database: Connection, collection: str, status: CollectionStatus
) -> None:
    for told in less_of(database, collection, status):
        assert stays_open(told), told.check.id
        assert says_so(told, collection), told.check.id


@pytest.mark.parametrize("collection", SCOPED)
def test_nothing_is_resolved_because_a_scope_was_not_read(database: Connection, collection: str) -> None:
    assert any(scopes(check, name, collection) for check, name in ALL)
    for told in without_scopes(database, collection):
        assert stays_open(told), told.check.id
        assert says_so(told, collection), told.check.id


@pytest.mark.parametrize("collection", SCOPED)
def test_nothing_is_resolved_because_a_scope_was_deleted_while_it_was_read(
    database: Connection, collection: str
) -> None:
    for told in without_scopes(database, collection, deleted=True):
        assert stays_open(told), told.check.id
        assert told.status != "not_assessed", told.check.id
