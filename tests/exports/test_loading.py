"""Bad input at the loader: the rest loads, the sentence says why, what was said comes through untouched."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.errors import NothingRead, UsageError
from driftaudit.exports import open_export
from driftaudit.store.database import reading, rows
from driftaudit.store.load import Loaded
from tests.exports.made_export import NAMES, TAKEN, TENANT, line, listed, packed, put, write_export
from tests.store.blank import blank

NEVER, NO_DATE = "9999-12-31T23:59:59.9999999-08:00", "0001-01-01T00:00:00+02:00"
EARLY, LATE = "2026-06-30T02:00:10Z", "2026-06-30T02:00:20Z"


def load(folder: Path, export: Path, **options: Any) -> Loaded:
    """Load an export into the folder's database, the whole way, audit included."""
    opened = open_export(export, **options)
    return load_and_record(folder / "x.duckdb", opened, given={}, accept_shrink=(), tell=print)


def held(folder: Path, query: str) -> list[dict[str, Any]]:
    """Ask the folder's database."""
    with reading(folder / "x.duckdb") as connection:
        return rows(connection, query)


def test_a_bad_page_fails_its_collection_and_the_rest_loads(tmp_path: Path) -> None:
    blank(tmp_path / "x.duckdb")
    wrong = listed({"principalId": "p", "appRoleId": "r", "createdDateTime": "yesterday"})
    export = write_export(
        tmp_path / "e",
        {
            "users": packed(
                line(listed({"id": "A", "displayName": "new"}, {"id": "b"}), at=LATE),
                line(listed({"id": "a", "displayName": "old"}, {"id": "b"}, {"id": "B"}), at=EARLY),
            ),
            "groups": packed(line({"error": {"code": "x"}})),
            "service_principals": packed(line(listed({"id": "sp"}))),
            "app_role_assignments": packed(line(wrong, "sp")),
        },
    )
    loaded = load(tmp_path, export)
    assert loaded.incomplete == (
        f"app_role_assignments failed: {export}/app_role_assignments.jsonl.gz line 1 cannot be read: "
        "Expected an instant such as 2026-09-30T02:00:04Z, got 'yesterday' - at `$[0].createdDateTime`; "
        "export app_role_assignments again.",
        f"groups failed: {export}/groups.jsonl.gz line 1 cannot be read: it is an error answer of the service; "
        "export groups again.",
    )
    # Of records with one id the later answer counts; equal ones merge.
    kept = [{"id": "a", "name": "new"}, {"id": "b", "name": None}]
    assert held(tmp_path, "select id, name from history.users order by id") == kept
    assert held(tmp_path, "from history.grants") == []


def test_an_export_of_which_nothing_can_be_read_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingRead, match=r"users\.jsonl\.gz line 1 cannot be read"):
        load(tmp_path, write_export(tmp_path / "e", {"users": packed(b"garbage\n")}))
    assert not (tmp_path / "x.duckdb").exists()


def test_hostile_values_are_kept_as_what_they_are_and_break_no_audit(tmp_path: Path) -> None:
    blank(tmp_path / "x.duckdb")
    users = [{"id": f"u{n}", "displayName": name, "createdDateTime": NO_DATE} for n, name in enumerate(NAMES)]
    assignment = {
        "id": "a",
        "state": NAMES[0],
        "target": {"objectId": "u0", "displayName": None},
        "expiredDateTime": NEVER,
    }
    export = write_export(
        tmp_path / "e",
        {
            "users": packed(line(listed(*users))),
            "groups": packed(line(listed({"id": "g", "displayName": NAMES[4], "createdDateTime": NEVER}))),
            "group_members": packed(
                line(listed(*({"id": user["id"]} for user in users)), "g"), line(listed({"id": "U0"}), "G")
            ),
            "assignments": packed(line(listed(assignment))),
            "policies": packed(line(listed({"id": "p", "reviewSettings": {"x\x00": NAMES, "n": 10**30}}))),
        },
    )
    assert load(tmp_path, export).incomplete == ()
    kept = held(tmp_path, "select name, created_at from history.users order by cast(id[2:] as integer)")
    assert [row["name"] for row in kept] == NAMES
    assert {row["created_at"] for row in kept} == {datetime(1, 1, 1)}
    assert held(tmp_path, "select count(*) as n from history.grants") == [{"n": len(NAMES)}]
    (assignment_kept,) = held(tmp_path, "select state, principal_name, expired_at from history.assignments")
    assert list(assignment_kept.values()) == [NAMES[0], None, datetime(9999, 12, 31, 23, 59, 59, 999_999)]


def test_files_that_powershell_cut_off_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    put(tmp_path / "e", "users.json", [{"id": "a"}])
    put(tmp_path / "e", "policies.json", [{"Id": "p", "ReviewSettings": "System.Collections.Hashtable"}])
    with pytest.raises(UsageError, match="-Depth 10"):
        load(tmp_path, tmp_path / "e", tenant=TENANT, taken_at=TAKEN)
    assert not (tmp_path / "x.duckdb").exists()


def test_plain_files_load_like_an_export_and_say_what_they_lack(tmp_path: Path) -> None:
    blank(tmp_path / "x.duckdb")
    put(tmp_path / "e", "users.json", [{"id": str(n)} for n in range(100)])
    put(tmp_path / "e", "groups.json", b"")
    options = {"tenant": TENANT, "taken_at": TAKEN}
    assert load(tmp_path, tmp_path / "e", **options).incomplete == (
        f"groups failed: {tmp_path / 'e' / 'groups.json'} cannot be read: it is empty; export groups again.",
        "users was read in part: it ends exactly where a first page ends, and further pages were not read.",
    )
    assert load(tmp_path, tmp_path / "e", **options).already_there
