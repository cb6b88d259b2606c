"""Missing data never passes for clean: without what a check names, it is not assessed, or partial, or unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.audit import CollectionStatus, Coverage, Finding
from driftaudit.audit.checks import Check, checks
from driftaudit.audit.gate import Assessment, Gate, assess, read_gate
from driftaudit.collectors import collections
from driftaudit.store.model import build
from tests.queries.firing import ALL, FIRING, firing, last_night, scopes, without
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


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@cache
def gate(check: str) -> Gate:
    """Return the gate of the firing case, in which everything was read."""
    case = firing(check)
    with empty_database() as connection, filled(connection, case.tenant):
        build(connection, case.at, values())
        return read_gate(connection)


def assessment(check: str, collection: str, status: CollectionStatus, *missing_fields: str) -> Assessment:
    """Return what becomes of the check if one collection was read less well."""
    kinds = frozenset(kind for found in collections().values() for kind in found.kinds)
    whole = replace(gate(check), packaged_kinds=kinds)
    worse = Coverage(collection, status, "for a reason", 0, 0, missing_fields)
    return assess(checks()[check], replace(whole, coverage={**whole.coverage, collection: worse}))


def stays_open(found: list[Finding]) -> bool:
    """Tell whether what was open last night stands tonight: found, or not confirmed."""
    return bool(found) and all(f.state in ("open", "unconfirmed") for f in found)


def test_every_check_has_a_firing_case() -> None:
    assert FIRING.keys() == checks().keys()


def test_each_firing_case_was_open_last_night() -> None:
    assert {known.row["check_id"] for known in last_night(1).prior.values()} == checks().keys()


def test_with_everything_read_every_finding_is_open_and_every_check_assessed(database: Connection) -> None:
    for check, status, found in without(database, 1):
        assert status == "assessed", check
        assert [[f.state for f in of_copy] for of_copy in found.values()] == [["open"]] * len(FIRING[check]), check


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


@pytest.mark.parametrize(("check", "collection"), [*PACKAGED, *ANY_OF])
@pytest.mark.parametrize("status", ["failed", "skipped", "partial"])
def test_without_one_of_several_collections_it_is_partial(
    check: str, collection: str, status: CollectionStatus
) -> None:
    told = assessment(check, collection, status)
    assert told.status == "partial"
    assert "for a reason" in str(told.reason)


@pytest.mark.parametrize("collection", NAMED)
@pytest.mark.parametrize("status", ["failed", "partial"])
def test_nothing_is_resolved_because_a_collection_was_not_read(
    database: Connection, collection: str, status: CollectionStatus
) -> None:
    told = {"collection": collection, "status": status, "reason": "for a reason"}
    for check, status_of_check, found in without(database, 1, coverage=[told]):
        assert all(map(stays_open, found.values())), check
        assert (status_of_check == "assessed") <= (collection not in checks()[check].needs.all), check


@pytest.mark.parametrize("collection", SCOPED)
def test_nothing_is_resolved_because_a_scope_was_not_read(database: Connection, collection: str) -> None:
    asked = [scopes(check, name, collection) for check, name in ALL]
    copies = max(map(len, asked))
    gaps = [(n * copies + k, collection, scope) for n, told in enumerate(asked) for k, scope in enumerate(told)]
    assert gaps
    for check, status, found in without(database, copies, gaps=gaps):
        assert all(map(stays_open, found.values())), check
        assert (status == "assessed") <= (collection not in checks()[check].needs.all), check
