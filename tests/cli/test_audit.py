"""The `audit` command: its three forms, the choice of a snapshot and of checks, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.checks import checks
from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from tests.audit.once import audited_once
from tests.audit.small_tenant import CHECK, GROUP, key, tenant
from tests.store.blank import blank
from tests.store.made_export import TENANT, Part, made

__all__ = ["audited_once"]
pytestmark = pytest.mark.usefixtures("audited_once")


def _words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


TOP = _words("format tool tenant snapshot previous assured parameters coverage checks findings exceptions")
COVERAGE = _words("collection status reason rows gaps missing_fields")
CHECKS = _words("id title severity status reason finding_count sql_sha256")
FINDING = _words(
    "key check severity confidence state opened_at resolved_at exception principal_id principal_name principal_type "
    "resource_id resource_name kind role_id role_name path package_id package_name policy_id catalog_id assignment_id "
    "request_id review_instance_id owner_id owner_name since since_exact reason fix data"
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of three snapshots; the last was not read whole."""
    path = blank(tmp_path_factory.mktemp("audit") / "small.duckdb")
    partial = Part(status="failed", reason="Graph answered 403")
    for day, parts in (
        (1, tenant(["ada", "bob"])),
        (5, tenant(["ada", "bob", "cyd"])),
        (9, tenant(["ada", "cyd"], sites=partial)),
    ):
        load_and_record(path, made(day, parts), given={}, accept_shrink=(), tell=print)
    return path


def _audit(database: Path, *arguments: str) -> int:
    return main(["--db", str(database), "audit", *arguments])


def _json(database: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    _audit(database, "--format", "json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_json_has_every_key_of_format_1_in_order(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(database, capsys, "--at", "2")
    assert list(told) == TOP
    assert told["format"] == 1
    assert told["tenant"] == {"id": TENANT, "name": "Contoso"}
    assert list(told["snapshot"]) == ["id", "taken_at", "finished_at", "export_sha256"]
    assert told["snapshot"]["taken_at"] == "2026-07-05T02:00:04Z"
    assert told["previous"] == {"id": 1, "taken_at": "2026-07-01T02:00:04Z"}
    assert {tuple(c) for c in told["coverage"]} == {tuple(COVERAGE)}
    assert {tuple(c) for c in told["checks"]} == {tuple(CHECKS)}
    assert {tuple(f) for f in told["findings"]} == {tuple(FINDING)}
    assert told["parameters"] == {"grace_hours": 24, "resource_accounts": ""}


def test_the_first_audit_has_no_previous_one(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(database, capsys, "--at", "1")
    assert told["previous"] is None
    assert {f["state"] for f in told["findings"]} == {"first_assessed"}


def test_a_finding_is_told_in_full(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = [f for f in _json(database, capsys, "--at", "2")["findings"] if f["principal_id"] == "cyd"]
    assert found["key"] == key("cyd")
    assert (found["check"], found["state"], found["principal_name"]) == (CHECK, "new", "Cyd")
    assert (found["resource_id"], found["resource_name"]) == (GROUP, "=Payroll()")
    assert (found["kind"], found["role_id"], found["exception"]) == ("member", "", None)
    assert found["opened_at"] == "2026-07-05T02:00:04Z"
    assert found["reason"]


def test_findings_stand_in_order(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _json(database, capsys, "--at", "2")["findings"]
    severities = ["high", "medium", "low", "info"]
    ordered = sorted(found, key=lambda f: (severities.index(f["severity"]), f["check"], f["key"]))
    assert found == ordered
    assert len(found) == 2


def test_csv_has_the_findings_columns_in_order_and_runs_nothing(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _audit(database, "--at", "2", "--format", "csv")
    header, *found = csv.reader(io.StringIO(capsys.readouterr().out, newline=""))
    assert header == FINDING
    cells = [dict(zip(header, row, strict=True)) for row in found]
    assert {c["resource_name"] for c in cells} == {"'=Payroll()"}
    assert {c["package_name"] for c in cells} == {"Payroll clerk"}


def test_the_table_says_what_was_found_and_what_was_not_read(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _audit(database, "--at", "2") == 0
    shown = capsys.readouterr().out
    assert "snapshot 2 · as of 2026-07-05 02:00:04 UTC" in shown
    assert checks()[CHECK].said("title") in shown
    assert "Reviews" in shown or "reviews" in shown


@pytest.mark.parametrize(
    ("at", "snapshot"),
    [
        ("2", 2),
        ("2026-07-01", 1),
        ("2026-07-04", 1),
        ("2026-07-05", 2),
        ("2026-07-05T02:00:03Z", 1),
        ("2026-07-05T04:00:04+02:00", 2),
        ("2027-01-01", 3),
    ],
)
def test_at_chooses_the_snapshot(database: Path, capsys: pytest.CaptureFixture[str], at: str, snapshot: int) -> None:
    assert _json(database, capsys, "--at", at)["snapshot"]["id"] == snapshot


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--at", "7"], "There is no snapshot 7. The newest are: 1 (2026-07-01), 2 (2026-07-05), 3 (2026-07-09)."),
        (["--at", "2020-01-01"], "There is no snapshot at or before 2020-01-01 23:59:59 UTC."),
        (["--at", "soon"], "'soon' is neither a snapshot's number nor a date."),
        (["--check", "grant_outside"], "There is no check 'grant_outside'. There are: app_open_to_everyone, "),
        (["--param", "grace_days=1"], "No check has the parameter 'grace_days'. There are: "),
        (["--param", "grace_hours"], "'grace_hours' is not a parameter. Write it as NAME=VALUE"),
        (["--queries", "nowhere"], "There is no folder nowhere."),
    ],
)
def test_what_is_not_there_costs_code_2(
    database: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert _audit(database, *arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""


def test_without_a_database_it_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _audit(tmp_path / "none.duckdb") == 2
    assert "Load an export first: driftaudit load DIR" in capsys.readouterr().err


def test_something_that_is_no_database_costs_code_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.duckdb").write_text("Dear diary")
    assert _audit(tmp_path / "no.duckdb") == 8
    assert "cannot be opened as a driftaudit database" in capsys.readouterr().err


def test_check_chooses_findings_and_never_coverage(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = _json(database, capsys, "--at", "2")
    chosen = _json(database, capsys, "--at", "2", "--check", "grant_past_expiry")
    assert (len(whole["findings"]), chosen["findings"]) == (2, [])
    assert chosen["coverage"] == whole["coverage"]
    assert chosen["checks"] == whole["checks"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--at", "2"], 0),
        (["--at", "2", "--fail-on", "never"], 0),
        (["--at", "2", "--fail-on", "high"], 3),
        (["--at", "2", "--fail-on", "info"], 3),
        (["--at", "2", "--fail-on", "info", "--check", "grant_past_expiry"], 0),
        (["--at", "3"], 4),
        (["--at", "3", "--fail-on", "high"], 4),  # the gravest wins
        (["--at", "3", "--check", "grant_past_expiry"], 4),
    ],
)
def test_the_exit_code(database: Path, arguments: list[str], code: int) -> None:
    assert _audit(database, *arguments) == code


def test_fail_on_can_be_configured(database: Path, tmp_path: Path) -> None:
    config = tmp_path / "driftaudit.toml"
    config.write_text('[audit]\nfail_on = "high"\n', "utf-8")
    call = ["--db", str(database), "--config", str(config), "audit", "--at", "2"]
    assert main(call) == 3
    assert main([*call, "--fail-on", "never"]) == 0


@pytest.fixture
def accepting(tmp_path: Path) -> Path:
    """Return a configuration beside which exceptions accept bob, once accepted cyd, and know somebody unknown."""
    table = '[[exception]]\nfinding = "{}"\nowner = "Bo"\napprover = "{}"\nreason = "Merger"\n'
    dates = "created = 2026-07-01\nexpires = {}\n"
    accepted = [
        (key("bob"), "Di\\u001b", "2026-12-31"),
        (key("cyd"), "Di", "2026-07-04"),
        (key("dan"), "Di", "2026-12-31"),
    ]
    text = "".join(table.format(k, approver) + dates.format(end) for k, approver, end in accepted)
    (tmp_path / "exceptions.toml").write_text(text, "utf-8")
    (tmp_path / "driftaudit.toml").write_text("", "utf-8")
    return tmp_path / "driftaudit.toml"


def _with(config: Path, database: Path, *arguments: str) -> int:
    return main(["--db", str(database), "--config", str(config), "audit", "--at", "2", *arguments])


def test_accepted_findings_are_told_in_json(
    database: Path, accepting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(accepting, database, "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert {f["principal_id"]: f["exception"] for f in told["findings"]} == {
        "bob": "until 2026-12-31, approved by Di\x1b: Merger",
        "cyd": None,
    }
    assert {c["id"]: c["finding_count"] for c in told["checks"]}[CHECK] == 2
    assert told["exceptions"][1] == {
        "what": key("cyd"),
        "owner": "Bo",
        "approver": "Di",
        "reason": "Merger",
        "created": "2026-07-01",
        "expires": "2026-07-04",
        "line": 8,
        "status": "expired",
        "finding_count": 1,
        "self_approved": [],
    }
    assert [e["status"] for e in told["exceptions"]] == ["active", "expired", "unused"]


def test_accepted_findings_are_told_in_csv(database: Path, accepting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _with(accepting, database, "--format", "csv")
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    assert [row["exception"] for row in rows if row["principal_id"] == "bob"] == [
        "until 2026-12-31, approved by Di\x1b: Merger"
    ]


def test_accepted_findings_are_told_in_the_table(
    database: Path, accepting: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    _with(accepting, database)
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split() == ["Check", "Open", "Accepted", "Change", "Read"]
    (check,) = [line for line in shown if line.startswith(checks()[CHECK].said("title"))]
    assert check.removeprefix(checks()[CHECK].said("title")).split()[:2] == ["2", "1"]
    found = [line.split()[:3] for line in shown if line.startswith("▲")]
    assert found == [["▲", "Cyd", "Member,"], ["▲", "✓", "Bob"]]
    assert "✓ 1 finding accepted by exceptions: driftaudit exceptions list" in shown
    assert f"! Line 8 of the exceptions: expired on 2026-07-04, 1 finding open again: {key('cyd')}" in shown


def test_a_chosen_check_does_not_change_how_many_are_accepted(
    database: Path, accepting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(accepting, database, "--check", "grant_past_expiry")
    assert "✓ 1 finding accepted by exceptions" in capsys.readouterr().out


def test_without_exceptions_the_table_has_no_column_for_them(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _audit(database, "--at", "2")
    assert "ccepted" not in capsys.readouterr().out


def test_what_is_accepted_does_not_fail_a_run(database: Path, accepting: Path) -> None:
    assert _with(accepting, database, "--fail-on", "high") == 3
    exceptions = accepting.with_name("exceptions.toml")
    exceptions.write_text(exceptions.read_text("utf-8").replace("2026-07-04", "2026-07-05"), "utf-8")
    assert _with(accepting, database, "--fail-on", "info") == 0
    exceptions.write_text(exceptions.read_text("utf-8").replace(key("cyd"), key("dan")), "utf-8")
    assert _with(accepting, database, "--fail-on", "info") == 3


def test_a_wrong_exception_stops_the_audit(database: Path, accepting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accepting.with_name("exceptions.toml").write_text("[[exception]]\nfinding = 1\n", "utf-8")
    assert _with(accepting, database) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "exceptions.toml, line 1: the exception has no owner." in captured.err


def test_an_audit_writes_nothing(database: Path) -> None:
    before = (database.read_bytes(), sorted(p.name for p in database.parent.iterdir()))
    _audit(database, "--param", "grace_hours=48")
    assert (database.read_bytes(), sorted(p.name for p in database.parent.iterdir())) == before
