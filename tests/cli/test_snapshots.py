"""The `snapshots` command: what the database holds, how completely each was read, and what changed between two."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from tests.audit.small_tenant import tenant
from tests.store.blank import blank
from tests.store.made_export import Part, made, members


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of two snapshots; the second was not read whole."""
    path = blank(tmp_path_factory.mktemp("snapshots") / "small.duckdb")
    broken: dict[str, Part] = {
        "group_members": members({}, gaps=("group-1",)),
        "sites": Part(status="failed", reason="\x1b[31mGraph answered 403"),
    }
    for day, parts in ((1, tenant(["ada"])), (5, tenant(["ada"]) | broken)):
        load_and_record(path, made(day, parts), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they are."""
    monkeypatch.setenv("COLUMNS", "300")


def _snapshots(database: Path, *arguments: str) -> int:
    return main(["--db", str(database), "snapshots", *arguments])


def test_list_names_each_snapshot_and_what_was_not_whole(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _snapshots(database, "list") == 0
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["Snapshot", "As", "of", "(UTC)", "Not", "whole", "Export"]
    assert first.split()[:4] == ["1", "2026-07-01", "02:00:04", "0"]
    assert second.split()[:4] == ["2", "2026-07-05", "02:00:04", "2"]


def test_coverage_says_what_was_read_and_why_not(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _snapshots(database, "coverage") == 0
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert shown["group_members"].split()[1:4] == ["partial", "0", "1"]
    assert "groups not read" in shown["group_members"]
    assert shown["sites"].split()[1] == "failed"
    assert "␛[31mGraph answered 403" in shown["sites"]
    assert "not in the export" in shown["leave_dates"]


def test_coverage_of_an_older_snapshot(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _snapshots(database, "coverage", "--at", "2026-07-04") == 0
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert shown["group_members"].split()[1:4] == ["complete", "1", "0"]
    assert shown["sites"].split()[1] == "skipped"


def test_coverage_of_a_snapshot_that_is_not_there(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _snapshots(database, "coverage", "--at", "9") == 2
    assert "There is no snapshot 9." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["list", "coverage"])
def test_without_a_database_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert _snapshots(tmp_path / "none.duckdb", name) == 2
    assert "Load an export first: driftaudit load DIR" in capsys.readouterr().err


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database in which one person came and one left; names are what somebody would like to be run."""
    path = blank(tmp_path_factory.mktemp("changed") / "small.duckdb")
    for day, held in ((1, ["ada", "bob"]), (5, ["ada", "cyd"])):
        load_and_record(path, made(day, tenant(held, ["ada"])), given={}, accept_shrink=(), tell=print)
    return path


def _diff(changed: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert _snapshots(changed, "diff", *arguments) == 0
    return capsys.readouterr().out


def test_diff_shows_totals_changes_and_what_cannot_be_compared(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _diff(changed, capsys, "2026-07-05", "1").splitlines()
    assert told[0] == "From snapshot 1 (2026-07-01 02:00:04 UTC) to snapshot 2 (2026-07-05 02:00:04 UTC)"
    words = [line.split() for line in told]
    assert ["1", "gained"] in words
    assert ["1", "direct", "taken", "away", "by", "hand"] in words
    assert ["gained", "direct", "Cyd", "Member,", "=Payroll()", "Payroll", "clerk"] in words
    assert ["lost", "direct", "Bob", "Member,", "=Payroll()", "Payroll", "clerk"] in words
    unread = "site members cannot be compared: not read in snapshots 1 and 2 (not in the export); no grant known there."
    assert f"◌ {unread}" in told


def test_diff_as_json_has_every_key(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: dict[str, Any] = json.loads(_diff(changed, capsys, "1", "2", "--format", "json"))
    assert list(told) == ["format", "tool", "from", "to", "totals", "not_compared", "changes"]
    assert told["from"] == {"id": 1, "taken_at": "2026-07-01T02:00:04Z"}
    assert told["totals"]["lost"] == dict.fromkeys(("account", "resource", "ended", "rule", "sync"), 0) | {"direct": 1}
    gained, lost = told["changes"]
    assert (gained["principal_id"], gained["explanation"], gained["why"]) == ("cyd", "none", "direct")
    assert (lost["principal_id"], lost["package_id"], lost["change"]) == ("bob", "package-1", "lost")


def test_diff_as_csv_cannot_run_a_formula(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, gained, lost = csv.reader(io.StringIO(_diff(changed, capsys, "1", "2", "--format", "csv")))
    assert header[:4] == ["change", "why", "principal_id", "principal_name"]
    assert gained[header.index("resource_name")] == "'=Payroll()"
    assert lost[:3] == ["lost", "direct", "bob"]


def test_diff_of_a_snapshot_with_itself_is_empty(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(_diff(changed, capsys, "2", "2", "--format", "json"))["changes"] == []


def test_diff_with_a_snapshot_that_is_not_there(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _snapshots(changed, "diff", "1", "7") == 2
    assert "There is no snapshot 7." in capsys.readouterr().err
