"""Values come through as the service said them: ids in lower case, instants in UTC, everything else untouched."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.exports.made_export import NAMES, line, listed, read_lines

ZEROS = "00000000-0000-0000-0000-000000000000"


def values(folder: Path, name: str, *records: dict[str, Any], scope: str | None = None) -> list[dict[str, Any]]:
    """Return the rows that one page of records becomes."""
    found = read_lines(folder, name, line(listed(*records), scope))
    assert found.status == "complete", found.reason
    return found.rows


def test_names_are_kept_byte_for_byte(tmp_path: Path) -> None:
    rows = values(tmp_path, "users", *({"id": str(n), "displayName": name} for n, name in enumerate(NAMES)))
    assert [row["name"] for row in rows] == NAMES


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (rb"x\ud800y", "x\ufffdy"),
        (rb"x\udc00\ud800", "x\ufffd\ufffd"),
        (rb"\uD83D\uDE00\uD83D", "\U0001f600\ufffd"),
        (rb"\\ud800 \ud800", "\\ud800 \ufffd"),
        (rb"\ud800\u0041", "\ufffdA"),
    ],
)
def test_half_a_character_in_one_name_does_not_hide_the_list(tmp_path: Path, raw: bytes, kept: str) -> None:
    page = b'{"value": [{"id": "a", "displayName": "' + raw + b'"}, {"id": "b", "displayName": "Bob"}]}'
    found = read_lines(tmp_path, "users", line(page))
    assert (found.status, [row["name"] for row in found.rows]) == ("complete", [kept, "Bob"])


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-06-30T02:00:04Z", datetime(2026, 6, 30, 2, 0, 4)),
        ("2026-06-30T04:00:04+02:00", datetime(2026, 6, 30, 2, 0, 4)),
        ("2026-06-29T16:00:04.5-10:00", datetime(2026, 6, 30, 2, 0, 4, 500_000)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1)),
        ("0001-01-01T08:00:00Z", datetime(1, 1, 1, 8)),
        ("9999-12-31T23:59:59.9999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999)),
        ("0001-01-01T00:00:00+02:00", datetime(1, 1, 1)),
        ("9999-12-31T23:59:59.9999999-08:00", datetime(9999, 12, 31, 23, 59, 59, 999_999)),
        ("+12345-01-01T00:00:00Z", datetime(9999, 12, 31, 23, 59, 59, 999_999)),
        ("", None),
        (None, None),
    ],
)
def test_instants_are_kept_in_utc(tmp_path: Path, told: str | None, kept: datetime | None) -> None:
    filler = {"id": "b", "createdDateTime": "2020-01-01T00:00:00Z"}
    rows = values(tmp_path, "users", {"id": "a", "createdDateTime": told}, filler)
    assert [row["created_at"] for row in rows] == [kept, datetime(2020, 1, 1)]


@pytest.mark.parametrize("told", ["", ZEROS, "never", "2026-06-30", None])
def test_where_the_service_prints_nonsense_an_instant_is_null(tmp_path: Path, told: str | None) -> None:
    rows = values(tmp_path, "review_decisions", {"id": "a", "reviewedDateTime": told}, scope="d/i")
    assert rows[0]["reviewed_at"] is None


def test_ids_are_kept_in_lower_case_and_nothing_else_is(tmp_path: Path) -> None:
    (row,) = values(tmp_path, "users", {"id": "A0-ÄB", "displayName": "ANN", "manager": {"id": "M1"}})
    assert (row["id"], row["name"], row["manager_id"]) == ("a0-äb", "ANN", "m1")


def test_an_unknown_enum_value_is_kept(tmp_path: Path) -> None:
    record = {"id": "a", "state": "suspendedByMoon", "schedule": {"expiration": {"type": "afterEclipse"}}}
    (row,) = values(tmp_path, "assignments", record)
    assert (row["state"], row["expiration_type"]) == ("suspendedByMoon", "afterEclipse")


def test_null_names_stay_null(tmp_path: Path) -> None:
    rows = values(tmp_path, "users", {"id": "a", "displayName": None}, {"id": "b", "displayName": "Bob"})
    assert [row["name"] for row in rows] == [None, "Bob"]


def test_ids_of_zeros_are_kept(tmp_path: Path) -> None:
    (row,) = values(tmp_path, "review_decisions", {"id": ZEROS, "reviewedBy": {"id": ZEROS}}, scope="d/i")
    assert (row["id"], row["reviewed_by_id"]) == (ZEROS, ZEROS)
    (grant,) = values(tmp_path, "app_role_assignments", {"principalId": "p", "appRoleId": ZEROS}, scope="sp")
    assert grant["role_id"] == ZEROS


def test_of_a_key_that_stands_twice_the_last_counts(tmp_path: Path) -> None:
    page = b'{"value": [{"id": "a", "displayName": "Ann", "displayName": "Anna"}]}'
    assert [row["name"] for row in read_lines(tmp_path, "users", line(page)).rows] == ["Anna"]


def test_properties_that_nobody_asked_for_are_ignored(tmp_path: Path) -> None:
    assert values(tmp_path, "users", {"id": "a", "members@delta": [1], "x": {"y": 1e300}})[0]["id"] == "a"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"b": 1, "a": [2, {"d": None, "c": "é"}]}, '{"a":[2,{"c":"é","d":null}],"b":1}'),
        ({"n": 10**30}, '{"n":1000000000000000000000000000000}'),
        ([], "[]"),
        ("text", '"text"'),
        (False, "false"),
        (None, None),
    ],
)
def test_nested_values_are_kept_whole_with_sorted_keys(tmp_path: Path, told: Any, kept: str | None) -> None:
    (row,) = values(tmp_path, "policies", {"id": "a", "reviewSettings": told})
    assert row["review_settings"] == kept
    assert kept is None or json.loads(kept) == told


@pytest.mark.parametrize("depth", [50, 500, 800, 850, 900, 950, 980, 990, 1000, 2000])
def test_a_nested_value_of_any_depth_is_kept_or_refused(tmp_path: Path, depth: int) -> None:
    page = b'{"value": [{"id": "a", "reviewSettings": ' + b"[" * depth + b"]" * depth + b"}]}"
    found = read_lines(tmp_path, "policies", line(page))
    kept = [row["review_settings"] for row in found.rows] == ["[" * depth + "]" * depth]
    assert kept if depth < 800 else kept or "nests too deeply" in found.reason


@pytest.mark.parametrize("settings", [{}, None, {"recurrence": None}, {"autoApplyDecisionsEnabled": True}])
def test_an_absent_nested_value_is_null(tmp_path: Path, settings: dict[str, Any] | None) -> None:
    (row,) = values(tmp_path, "review_definitions", {"id": "a", "settings": settings})
    assert row["recurrence"] is None


def test_numbers_that_are_ids_become_text(tmp_path: Path) -> None:
    page = listed({"Id": 5, "Users": [{"LoginName": "x"}, {"LoginName": "Y"}]}, {"Id": 10**25, "Users": []})
    found = read_lines(tmp_path, "site_members", line(page, "https://contoso.sharepoint.com/sites/x"))
    assert [(row["role_id"], row["principal_id"]) for row in found.rows] == [("5", "x"), ("5", "Y")]


DELIVERED = "accessPackageAssignments"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([{"id": "C"}, {"id": "a", "assignmentState": "Delivered"}, {"id": "B"}, {"id": "A"}], ["a", "b", "c"]),
        ([], []),
        (None, None),
    ],
)
def test_ids_out_of_a_list_are_kept_in_order_and_each_once(
    tmp_path: Path, told: list[dict[str, Any]] | None, kept: list[str] | None
) -> None:
    other = {"id": "other", DELIVERED: [{"id": "x"}]}
    rows = values(tmp_path, "delivered_roles", {"id": "R", DELIVERED: told}, other)
    assert [row["assignment_ids"] for row in rows] == [kept, ["x"]]


@pytest.mark.parametrize("told", [[{}], [{"id": None}], [{"id": ""}], ["a"], {"id": "a"}, "a"])
def test_a_list_that_holds_no_ids_fails_the_page(tmp_path: Path, told: Any) -> None:
    found = read_lines(tmp_path, "delivered_roles", line(listed({"id": "r", DELIVERED: told})))
    assert found.status == "failed"
    assert DELIVERED in found.reason


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-06-30T02:00:04Z", date(2026, 6, 30)),
        ("2026-06-30T23:59:59.9999999Z", date(2026, 6, 30)),
        ("2026-06-30T23:30:00-02:00", date(2026, 7, 1)),
        ("0001-01-01T00:00:00Z", date(1, 1, 1)),
        ("", None),
        (None, None),
    ],
)
def test_of_a_day_only_the_day_is_kept(tmp_path: Path, told: str | None, kept: date | None) -> None:
    activity = {"lastSignInDateTime": "2026-01-01T00:00:00Z", "lastSuccessfulSignInDateTime": told}
    rows = values(tmp_path, "sign_ins", {"id": "A", "signInActivity": activity}, {"id": "b", "signInActivity": None})
    assert [(row["id"], row["last_success_on"]) for row in rows] == [("a", kept), ("b", None)]


def test_a_day_that_is_none_fails_the_page(tmp_path: Path) -> None:
    record = {"id": "a", "signInActivity": {"lastSuccessfulSignInDateTime": "yesterday"}}
    found = read_lines(tmp_path, "sign_ins", line(listed(record)))
    assert found.status == "failed"
    assert "Expected an instant" in found.reason


def test_records_that_nest_give_one_row_each(tmp_path: Path) -> None:
    page = {
        "id": "P1",
        "resourceRoleScopes": [{"id": "R1", "role": {"originId": "Member_X"}, "scope": None}, {"id": "r2"}],
    }
    found = read_lines(tmp_path, "package_roles", line(page, "P1"), line({"id": "P2", "resourceRoleScopes": []}, "P2"))
    told = [(row["package_id"], row["id"], row["role_origin_id"], row["scope_origin_id"]) for row in found.rows]
    assert told == [("p1", "r1", "Member_X", None), ("p1", "r2", None, None)]
    assert found.reading.scopes == {"p1", "p2"}


def test_when_a_line_was_read_is_kept_for_the_choice_between_duplicates(tmp_path: Path) -> None:
    record = listed({"id": "a"})
    instants = [
        "2026-06-30T02:00:10Z",
        "Tue, 30 Jun 2026 02:00:11 GMT",
        "2026-06-30T04:00:12+02:00",
        "",
        "soon",
        "\x00",
    ]
    found = read_lines(tmp_path, "users", *(line(record, at=at) for at in instants))
    assert [row["_read_at"].second for row in found.rows] == [10, 11, 12, 4, 4, 4]


def test_an_instant_at_the_end_of_the_calendar_is_no_crash(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "users", line(listed({"id": "a"}), at="0001-01-01T00:00:00+02:00"))
    assert found.rows[0]["_read_at"] == datetime(1, 1, 1)


ROLES_SITE = "https://contoso.sharepoint.com/sites/x"
LEVELS = [{"Id": 1073741826, "Name": "Read"}, {"Id": 1073741829, "Name": "Full Control"}]


def test_who_has_several_permission_levels_has_one_row_for_each_and_a_site_group_has_none(tmp_path: Path) -> None:
    person = {"Member": {"LoginName": "x|ann", "PrincipalType": 1}, "RoleDefinitionBindings": LEVELS, "PrincipalId": 9}
    group = person | {"Member": {"LoginName": "Owners", "PrincipalType": 8}, "PrincipalId": 3}
    found = read_lines(tmp_path, "site_role_assignments", line(listed(group, person), ROLES_SITE))
    told = [(row["role_id"], row["principal_id"]) for row in found.rows]
    assert told == [("1073741826", "x|ann"), ("1073741829", "x|ann")]


@pytest.mark.parametrize("without", ["Member", "LoginName", "PrincipalType"])
def test_who_is_not_named_or_not_told_from_a_site_group_makes_the_page_unreadable(tmp_path: Path, without: str) -> None:
    member = {name: v for name, v in (("LoginName", "x|ann"), ("PrincipalType", 1)) if name != without}
    record: dict[str, Any] = {"RoleDefinitionBindings": LEVELS} | ({} if without == "Member" else {"Member": member})
    found = read_lines(tmp_path, "site_role_assignments", line(listed(record), ROLES_SITE))
    assert found.status == "failed"
    assert without in found.reason


@pytest.mark.parametrize(("told", "kept"), [("Direct", 1), (None, 1), ("Group", 0), ("inherited", 0)])
def test_what_somebody_may_activate_through_a_group_is_the_groups(tmp_path: Path, told: str | None, kept: int) -> None:
    record = {"roleDefinitionId": "R", "directoryScopeId": "/", "principalId": "P", "memberType": told}
    found = read_lines(tmp_path, "role_eligibilities", line(listed(record)))
    assert (found.status, len(found.rows)) == ("complete", kept)
