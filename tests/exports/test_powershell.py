"""What PowerShell's ConvertTo-Json writes is read as what the service said, or refused as cut off."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from driftaudit.errors import UsageError
from tests.exports.made_export import Read, put, read_plain

MEMBER: dict[str, Any] = {
    "DeletedDateTime": None,
    "Id": "0F46D736-5D51-5AD0-0000-000000000001",
    "AdditionalProperties": {"@odata.type": "#microsoft.graph.user", "displayName": "Ann"},
}
ASSIGNMENT = {
    "AccessPackage": {"Id": "P1", "DisplayName": "Sales", "AdditionalProperties": {}},
    "AssignmentPolicy": {"Id": None, "Expiration": {"Type": None}, "Questions": [], "AdditionalProperties": {}},
    "ExpiredDateTime": None,
    "Id": "A1",
    "Schedule": {
        "Expiration": {"Duration": None, "EndDateTime": "/Date(1782784804000)/", "Type": "afterDateTime"},
        "StartDateTime": "2026-06-30T04:00:04+02:00",
    },
    "State": "delivered",
    "Target": {"ObjectId": "U1", "DisplayName": "Ann", "AdditionalProperties": {}},
    "AdditionalProperties": {},
}


def users(folder: Path, *records: dict[str, Any]) -> Read:
    """Return what a list of users is read as."""
    return read_plain(put(folder, "users.json", list(records)), "users")


def test_names_in_capitals_are_turned_back(tmp_path: Path) -> None:
    folder = put(tmp_path, "assignments.json", [ASSIGNMENT])
    (row,) = read_plain(folder, "assignments").rows
    assert (row["id"], row["package_id"], row["principal_id"], row["state"]) == ("a1", "p1", "u1", "delivered")
    assert row["start_at"] == datetime(2026, 6, 30, 2, 0, 4)
    assert row["end_at"] == datetime(2026, 6, 30, 2, 0, 4)
    assert row["expired_at"] is None


def test_an_object_with_nothing_in_it_was_not_asked_for(tmp_path: Path) -> None:
    reading = read_plain(put(tmp_path, "assignments.json", [ASSIGNMENT]), "assignments").reading
    assert "policy_id" in reading.missing_fields
    assert "expired_at" not in reading.missing_fields


def test_additional_properties_move_up(tmp_path: Path) -> None:
    (row,) = read_plain(put(tmp_path, "group_members/g1.json", [MEMBER]), "group_members").rows
    assert row["principal_id"].lower() == MEMBER["Id"].lower()
    assert row["principal_type"] == "#microsoft.graph.user"


@pytest.mark.parametrize("extra", [None, {}, "x", [], {"@odata.type": "#microsoft.graph.user"}])
def test_whatever_stands_under_additional_properties_is_no_crash(tmp_path: Path, extra: Any) -> None:
    assert users(tmp_path, {"Id": "a", "AdditionalProperties": extra}).status == "complete"


def test_a_list_inside_its_wrapper_is_read(tmp_path: Path) -> None:
    folder = put(tmp_path, "users.json", {"value": [{"Id": "a", "DisplayName": "Ann"}], "Count": 1})
    assert [row["name"] for row in read_plain(folder, "users").rows] == ["Ann"]


def test_sharepoints_own_capitals_stay(tmp_path: Path) -> None:
    record = {"Id": 5, "Title": "Owners", "Users": [{"Id": 9, "LoginName": "i:0#.f|membership|ann@contoso.example"}]}
    folder = put(tmp_path, "site_members/https%3A%2F%2Fcontoso.sharepoint.com%2Fsites%2Fx.json", {"value": [record]})
    (row,) = read_plain(folder, "site_members").rows
    assert (row["role_id"], row["principal_id"]) == ("5", "i:0#.f|membership|ann@contoso.example")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/Date(1782784804000)/", datetime(2026, 6, 30, 2, 0, 4)),
        ("/Date(1782784804250+0200)/", datetime(2026, 6, 30, 2, 0, 4, 250_000)),
        ("/Date(-62135596800000)/", datetime(1, 1, 1)),
        ("/Date(-62135600400000)/", datetime(1, 1, 1)),
        ("/Date(253402300799999)/", datetime(9999, 12, 31, 23, 59, 59, 999_000)),
        ("/Date(99999999999999999)/", datetime(9999, 12, 31, 23, 59, 59, 999_000)),
    ],
)
def test_dates_of_old_powershell_are_instants(tmp_path: Path, text: str, kept: datetime) -> None:
    assert users(tmp_path, {"Id": "a", "CreatedDateTime": text}).rows[0]["created_at"] == kept


@pytest.mark.parametrize("text", ["/Date(x)/", "/Date()/", "/Date(" + "9" * 5000 + ")/"])
def test_what_only_looks_like_such_a_date_is_refused(tmp_path: Path, text: str) -> None:
    found = users(tmp_path, {"Id": "a", "CreatedDateTime": text})
    assert found.status == "failed"
    assert "Expected an instant" in found.reason
    assert len(found.reason) < 300 + len(str(tmp_path))


@pytest.mark.parametrize(
    "value",
    [
        "Microsoft.Graph.PowerShell.Models.MicrosoftGraphExpirationPattern",
        "System.Collections.Hashtable",
        "System.Collections.Generic.Dictionary`2[System.String,System.Object]",
        "System.Object[]",
        "@{Type=afterDateTime; EndDateTime=}",
    ],
)
@pytest.mark.parametrize("where", ["Schedule", "Unread", "ExpiredDateTime"])
def test_a_value_that_was_cut_off_is_refused(tmp_path: Path, value: str, where: str) -> None:
    folder = put(tmp_path, "assignments.json", [ASSIGNMENT | {where: value}])
    with pytest.raises(UsageError) as caught:
        read_plain(folder, "assignments")
    assert str(folder / "assignments.json") in caught.value.happened
    assert value in caught.value.happened
    assert caught.value.next_step == "Export again with -Depth 10."


def test_a_value_that_was_cut_off_inside_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cut off by PowerShell"):
        users(tmp_path, {"id": "a", "assignedPlans": ["System.Collections.Hashtable"]})


@pytest.mark.parametrize(
    "name", ["System.Collections.Hashtable", "/Date(0)/", "@{Id=1}", "Microsoft.Graph.PowerShell.X"]
)
def test_nobody_can_stop_an_audit_by_a_name(tmp_path: Path, name: str) -> None:
    assert users(tmp_path, {"id": "a", "displayName": name}).rows[0]["name"] == name
    assert users(tmp_path, {"Id": "a", "DisplayName": name}).rows[0]["name"] == name
