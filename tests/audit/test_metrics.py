"""Metrics in an audit: found by their folder, and never printed when they do not add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from driftaudit.audit.metrics import metrics
from driftaudit.bundled import folder
from driftaudit.errors import DriftauditError
from driftaudit.store.model import build
from tests.queries.cases import world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

SNAPSHOTS = (1, 2, 3)
HEAD = "-- One row per number.\n-- column n: A number.\n"


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection, filled(connection, world()):
        build(connection, 3, values())
        yield connection


def write(place: Path, identity: str, sql: str = "select 1 as n") -> Path:
    """Write a folder with one metric."""
    (place / "own.sql").write_text(f"{HEAD}{identity}{sql}\n", "utf-8")
    return place


def test_every_file_of_the_folder_is_measured(database: Connection) -> None:
    names = {path.stem for path in (folder("queries") / "metrics").glob("*.sql")}
    assert set(metrics(database)) == names
    assert names >= {"governed_share", "revocation_latency", "finding_flow", "coverage_summary", "counted_not_listed"}


def test_numbers_that_add_up_are_returned(database: Connection, tmp_path: Path) -> None:
    told = "-- identity: sum(n) = 1\n-- identity: count(*) = 1\n"
    assert metrics(database, write(tmp_path, told)) == {"own": ({"n": 1},)}


@pytest.mark.parametrize("broken", ["sum(n) = 2", "sum(n) = null", "bool_and(n > 1)"])
def test_a_broken_identity_is_a_fault_of_ours(database: Connection, tmp_path: Path, broken: str) -> None:
    told = f"-- identity: sum(n) = 1\n-- identity: {broken}\n"
    with pytest.raises(DriftauditError, match=r"own do not add up \(identity 2\).*fault of driftaudit") as raised:
        metrics(database, write(tmp_path, told))
    assert raised.value.exit_code == 1


def test_a_metric_may_mention_another(database: Connection, tmp_path: Path) -> None:
    (tmp_path / "double.sql").write_text(
        "-- One row per number.\n-- identity: sum(n) = 2\nselect 2 * n as n from own\n", "utf-8"
    )
    assert metrics(database, write(tmp_path, "-- identity: count(*) = 1\n"))["double"] == ({"n": 2},)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=12))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_flow_is_what_a_reader_of_the_lists_would_count(
    database: Connection, lives: list[tuple[bool, bool, bool]]
) -> None:
    write_findings(database, lives)
    (found,) = metrics(database)["finding_flow"]
    counted = Counter(fate(*life) for life in lives)
    opening = sum(before for _, before, _ in lives)
    assert (found["opening"], found["closing"]) == (opening, sum(now for *_, now in lives))
    assert {name: found[name] for name in ("new", "reopened", "resolved")} == {
        name: counted[name] for name in ("new", "reopened", "resolved")
    }


def fate(first: bool, before: bool, now: bool) -> str:
    """Say what became of a finding between the second and the third snapshot."""
    if before:
        return "open" if now else "resolved"
    return ("reopened" if first else "new") if now else "none"


def write_findings(connection: Connection, lives: list[tuple[bool, bool, bool]]) -> None:
    """Write findings that were there in these of the three snapshots, each life as an interval."""
    for table in ("findings", "check_runs"):
        connection.execute(f"delete from history.{table}")
    connection.executemany(
        "insert into history.check_runs values (?, 'one', 'assessed', null, 0, '', '{}')", [[n] for n in SNAPSHOTS]
    )
    insert = "insert into history.findings (key, check_id, valid_from, valid_to) values (?, 'one', ?, ?)"
    for number, life in enumerate(lives):
        there = [snapshot for snapshot, seen in zip(SNAPSHOTS, life, strict=True) if seen]
        for begin in (n for n in there if n - 1 not in there):
            end = next((n for n in SNAPSHOTS if n > begin and n not in there), None)
            connection.execute(insert, [f"one/{number}", begin, end])
