"""Findings over time: new, open, resolved, reopened, not confirmed, by what was recorded before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.audit import Audit
from driftaudit.audit.loading import audit_snapshot, load_and_record
from driftaudit.store.database import reading
from tests.audit.small_tenant import CHECK, key, tenant
from tests.store.blank import blank
from tests.store.made_export import Part, made, members, taken_at

GONE = Part(status="failed", reason="Graph answered 403")
STORY: tuple[dict[str, Part], ...] = (
    tenant(["ada", "bob", "cyd"]),
    tenant(["ada", "bob"]),  # cyd is gone
    tenant(["ada", "bob", "cyd", "dan"]),  # cyd is back, dan is new
    tenant([], group_members=GONE),  # nobody can tell
    tenant(["ada", "cyd"], group_members=members({}, gaps=("group-1",))),  # nor can they now
    tenant(["ada", "cyd"]),  # bob and dan are gone
)
EXPECTED: tuple[dict[str, str], ...] = (
    {"bob": "first_assessed", "cyd": "first_assessed"},
    {"bob": "open", "cyd": "resolved"},
    {"bob": "open", "cyd": "reopened", "dan": "new"},
    {"bob": "unconfirmed", "cyd": "unconfirmed", "dan": "unconfirmed"},
    {"bob": "unconfirmed", "cyd": "unconfirmed", "dan": "unconfirmed"},
    {"bob": "resolved", "cyd": "open", "dan": "resolved"},
)
DAYS = (1, 5, 10, 15, 20, 25)
OPENED = {"bob": 1, "cyd": 10, "dan": 10}
"""The day on which each opened last."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that holds the story."""
    path = blank(tmp_path_factory.mktemp("story") / "small.duckdb")
    for day, parts in zip(DAYS, STORY, strict=True):
        load_and_record(path, made(day, parts), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture(scope="module")
def audits(database: Path) -> dict[int, Audit]:
    """Return the audit of every snapshot of the story."""
    return {n: _audit(database, n) for n in range(1, len(DAYS) + 1)}


def _audit(database: Path, snapshot_id: int, **options: Any) -> Audit:
    with reading(database) as connection:
        return audit_snapshot(connection, snapshot_id, **options)


def _states(audit: Audit) -> dict[str, str]:
    return {f.principal_id or "": f.state for f in audit.findings if f.check == CHECK}


@pytest.mark.parametrize(("snapshot_id", "expected"), list(enumerate(EXPECTED, 1)))
def test_the_states_of_every_snapshot(audits: dict[int, Audit], snapshot_id: int, expected: dict[str, str]) -> None:
    """They are the same however many snapshots came after, because they were recorded."""
    assert _states(audits[snapshot_id]) == expected


@pytest.mark.parametrize("snapshot_id", [3, 4, 5])
def test_a_finding_says_since_when_it_is_open(audits: dict[int, Audit], snapshot_id: int) -> None:
    opened = {f.principal_id: f.opened_at for f in audits[snapshot_id].findings}
    assert opened == {name: taken_at(day).replace(tzinfo=None) for name, day in OPENED.items()}


def test_what_is_resolved_says_when(audits: dict[int, Audit]) -> None:
    found = {f.principal_id: f.resolved_at for f in audits[6].findings}
    assert found == {"bob": (at := taken_at(25).replace(tzinfo=None)), "cyd": None, "dan": at}


def test_what_is_resolved_keeps_its_names(audits: dict[int, Audit]) -> None:
    lost = {f.principal_id: f for f in audits[6].findings if f.state == "resolved"}
    assert {i: f.principal_name for i, f in lost.items()} == {"bob": "Bob", "dan": "Dan"}
    assert {(f.resource_name, f.package_name) for f in lost.values()} == {("=Payroll()", "Payroll clerk")}


def test_what_was_not_assessed_is_never_counted_as_clean(audits: dict[int, Audit]) -> None:
    (check,) = [c for c in audits[4].checks if c.id == CHECK]
    assert check.status == "not_assessed"
    assert "Graph answered 403" in (check.reason or "")
    (point,) = [p for p in audits[6].history if p.check == CHECK and p.snapshot_id == 4]
    assert point.count is None


def test_the_key_is_made_of_ids_in_lower_case(tmp_path: Path) -> None:
    parts = tenant(["BOB"], assigned=())
    path = blank(tmp_path / "a.duckdb")
    load_and_record(path, made(1, parts), given={}, accept_shrink=(), tell=print)
    assert [f.key for f in _audit(path, 1).findings] == [key("bob")]


@pytest.mark.parametrize(("snapshot_id", "expected"), list(enumerate(EXPECTED, 1)))
def test_what_stands_open_is_recorded_as_intervals(database: Path, snapshot_id: int, expected: dict[str, str]) -> None:
    with reading(database) as connection:
        open_then = connection.execute(
            "select key from history.findings where valid_from <= $1 and (valid_to is null or valid_to > $1)",
            [snapshot_id],
        ).fetchall()
        lost = connection.execute("select key from history.unconfirmed where snapshot_id = ?", [snapshot_id]).fetchall()
    assert sorted(open_then) == sorted((key(p),) for p, state in expected.items() if state != "resolved")
    assert sorted(lost) == sorted((key(p),) for p, state in expected.items() if state == "unconfirmed")


def test_a_reason_that_changes_does_not_reopen(tmp_path: Path) -> None:
    path = blank(tmp_path / "a.duckdb")
    for day, assigned in ((1, ["ada"]), (5, ["ada", "bob"]), (9, ["ada"])):
        parts = tenant(["ada", "bob"], assigned=assigned)
        if day == 5:
            # An assignment that began after the grant was seen explains nothing and changes the words.
            parts["assignments"] = _starting_now(parts["assignments"], day)
        load_and_record(path, made(day, parts), given={}, accept_shrink=(), tell=print)
    with reading(path) as connection:
        reasons = connection.execute("select count(distinct reason) from history.findings").fetchall()[0][0]
    if reasons == 1:
        pytest.fail("the reason never changed: the test tests nothing")
    assert [_states(_audit(path, n)).get("bob") for n in (1, 2, 3)] == ["first_assessed", "open", "open"]


def _starting_now(part: Part, day: int) -> Part:
    (answer,) = part.answers
    scheduled = {"startDateTime": (taken_at(day) + timedelta(days=3)).isoformat(), "expiration": None}
    page = {"value": [{**r, "schedule": scheduled} if r["id"].endswith("bob") else r for r in answer.page["value"]]}
    return replace(part, answers=(replace(answer, page=page),))


def test_other_parameters_are_compared_with_the_snapshot_before_and_write_nothing(
    database: Path, audits: dict[int, Audit]
) -> None:
    before = database.read_bytes()
    other = _audit(database, 3, given={"grace_hours": 48})
    assert other.parameters["grace_hours"] == 48
    assert _states(audits[3]) == {"bob": "open", "cyd": "reopened", "dan": "new"}
    # The snapshot before knows nothing of a life that had ended by then.
    assert _states(other) == {"bob": "open", "cyd": "new", "dan": "new"}
    assert database.read_bytes() == before


def test_checks_of_one_s_own_are_compared_with_the_snapshot_before(database: Path, tmp_path: Path) -> None:
    shipped = next((Path(__file__).parents[2] / "queries" / "checks").rglob(f"{CHECK}.sql"))
    (tmp_path / "own_check.sql").write_text(shipped.read_text("utf-8"), "utf-8")
    audit = _audit(database, 3, queries=[tmp_path])
    own = {f.principal_id: f.state for f in audit.findings if f.check == "own_check"}
    assert own == {"bob": "open", "cyd": "new", "dan": "new"}
    assert {f.principal_id: f.key for f in audit.findings if f.check == "own_check"}["bob"] == key("bob", "own_check")
    first = _audit(database, 1, queries=[tmp_path])
    assert {f.state for f in first.findings} == {"first_assessed"}


def test_the_same_audit_has_the_same_hash(database: Path, audits: dict[int, Audit]) -> None:
    assert _audit(database, 3).findings_sha256 == audits[3].findings_sha256
    assert audits[3].findings_sha256 != audits[2].findings_sha256
