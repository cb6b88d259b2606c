"""The `explain` command: an answer in plain words or JSON, at any snapshot, and what is said of names nobody has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from tests.audit.small_tenant import GROUP, key, tenant
from tests.store.blank import blank
from tests.store.made_export import made, members, records

TOP = (
    "format tool tenant snapshot principal resource verdict held held_before absent activations assignments requests "
    "decisions findings reads"
)
HELD = (
    "holder_id holder_name kind resource_id resource_name resource_type role_id role_name open began_after began_by "
    "first_seen_at last_seen_at gone_by read_now dynamic synced in_package explanation confidence assessable "
    "assignment_id request_id package_id package_name ended_after ended_by since since_exact since_at_least why "
    "gives_access confirmed owners paths"
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of three snapshots; in the last nobody could read who is in the group."""
    path = blank(tmp_path_factory.mktemp("explain") / "small.duckdb")
    asked = {"requests": records()}
    refused = tenant(["ada"]) | {"group_members": members({}, gaps=(GROUP,))}
    for day, parts in ((1, tenant(["ada"])), (5, tenant(["ada", "bob"])), (9, refused)):
        load_and_record(path, made(day, parts | asked), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let lines be as wide as they may."""
    monkeypatch.setenv("COLUMNS", "300")


def _explain(database: Path, *arguments: str) -> int:
    return main(["--db", str(database), "explain", *arguments])


def _json(database: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert _explain(database, *arguments, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def test_words_say_what_is_held_since_when_and_why(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _explain(database, "BOB@contoso.example", GROUP, "--at", "2") == 0
    told = capsys.readouterr().out
    assert f"Yes: Bob holds access to “=Payroll()” (group {GROUP})." in told
    assert (
        "• Member, directly\n      nothing explains it: “Payroll clerk” gives this role, and no assignment does" in told
    )
    assert "since some day between 1\u00a0July 2026 and 5\u00a0July 2026; seen on 5\u00a0July 2026 only" in told
    assert key("bob") in told


def test_words_say_that_it_is_not_confirmed_where_nobody_could_read(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _explain(database, "bob", "=payroll()") == 0
    told = capsys.readouterr().out
    assert "Probably: Bob held access to “=Payroll()”" in told
    assert "not read in this snapshot, so not confirmed" in " ".join(told.split())
    assert f"{key('bob')} · not confirmed this time" in told
    assert "◌ group members: read in part (=Payroll(): refused)" in told


def test_json_has_every_key_whatever_is_found(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = _json(database, capsys, "ada", GROUP, "--at", "2026-07-05")
    dan = _json(database, capsys, "Dan")
    assert list(ada) == list(dan) == TOP.split()
    (held,) = ada["held"]
    assert list(held) == HELD.split()
    assert (held["explanation"], held["assignment_id"], held["gives_access"]) == ("assignment", "assignment-ada", True)
    assert held["paths"] == [{"direct": True, "steps": [], "gives_access": True, "why_not": None}]
    assert (ada["verdict"], ada["snapshot"]) == ("holds", {"id": 2, "taken_at": "2026-07-05T02:00:04Z"})
    assert (dan["verdict"], dan["resource"], dan["held"]) == (None, None, [])


def test_what_was_not_read_is_no_no(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _json(database, capsys, "dan", GROUP, "--at", "2")["verdict"] == "not_known"  # group owners were not read
    assert _json(database, capsys, "ada", "Payroll clerk", "--at", "3")["verdict"] == "not_confirmed"


def test_a_name_that_nobody_has_names_the_nearest(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _explain(database, "Adda") == 2
    told = capsys.readouterr().err
    assert "No snapshot knows a principal 'Adda'. The nearest are:" in told
    assert "  ada  Ada (user, ada@contoso.example)" in told


def test_a_snapshot_that_is_not_there_is_named(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _explain(database, "ada", "--at", "9") == 2
    assert "There is no snapshot 9." in capsys.readouterr().err


def test_lines_are_as_narrow_as_the_terminal(
    database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert _explain(database, "bob", "--at", "2") == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 60
