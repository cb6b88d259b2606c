"""Plain files: whichever usual way they were written, they are read the same or refused with a sentence."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from driftaudit.errors import UsageError
from driftaudit.exports import open_export
from tests.exports.made_export import TAKEN, TENANT, Read, put, read_plain

ANN: dict[str, Any] = {"id": "a", "displayName": "Ann Grün", "accountEnabled": True}
GRAPH_PAGE = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": [ANN]}


def refusal(folder: Path, **options: Any) -> UsageError:
    """Return the error with which a folder is refused."""
    with pytest.raises(UsageError) as caught:
        open_export(folder, tenant=options.get("tenant", TENANT), taken_at=options.get("taken_at", TAKEN))
    assert caught.value.happened.endswith(".")
    assert caught.value.next_step.endswith(".")
    return caught.value


def names(found: Read) -> list[str]:
    """Return the names read, after checking that the reading is whole."""
    assert found.status == "complete", found.reason
    return [row["name"] for row in found.rows]


@pytest.mark.parametrize("answer", [GRAPH_PAGE, [ANN], ANN, {"value": ANN}, {"value": [ANN], "Count": 1}])
def test_a_page_a_list_and_a_single_object_are_read_alike(tmp_path: Path, answer: Any) -> None:
    assert names(read_plain(put(tmp_path, "users.json", answer), "users")) == ["Ann Grün"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b""), ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b""), ("utf-16-be", b"\xfe\xff"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str, mark: bytes, packed: bool) -> None:
    raw = mark + json.dumps([ANN], ensure_ascii=False).encode(encoding)
    name = "users.json.gz" if packed else "users.json"
    assert names(read_plain(put(tmp_path, name, gzip.compress(raw) if packed else raw), "users")) == ["Ann Grün"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b'{"value": [', "truncated"),
        (b'{"value": []} x', "trailing characters"),
        ("[]".encode("utf-16-le") + b"x", "neither UTF-8 nor UTF-16"),
        (b'["\xff\xff"]', "neither UTF-8 nor UTF-16"),
        (b"5", "neither a list nor an object"),
        (b'"text"', "neither a list nor an object"),
        (b"null", "neither a list nor an object"),
        (b'{"value": 5}', "Expected `array`, got `int`"),
        (b'{"value": "abc"}', "Expected `array`, got `str`"),
        (b'{"value": null}', "Expected `array`, got `null`"),
        (b"[5]", "Expected `object`, got `int` - at `$[0]`"),
        (b"[[]]", "Expected `object`, got `array` - at `$[0]`"),
        (b'{"error": {"code": "x"}}', "error answer"),
        (b'{"Error": {"Code": "x"}}', "error answer"),
        (b"{}", "missing required field `id`"),
        (b"[" * 100_000, "nests too deeply"),
        (b'[{"x":' * 400 + b"1" + b"}]" * 400, "nests too deeply"),
        (b'[{"id": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "nests too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, raw: bytes, told: str) -> None:
    found = read_plain(put(tmp_path, "users.json", raw), "users")
    assert found.status == "failed"
    assert found.reason.startswith(f"{tmp_path / 'users.json'} cannot be read: ")
    assert told in found.reason
    assert found.reason.endswith("; export users again")


@pytest.mark.parametrize("raw", [gzip.compress(b"[]", mtime=0)[:-5], b"no gzip", gzip.compress(b"[]")[:4]])
def test_a_damaged_gzip_is_named(tmp_path: Path, raw: bytes) -> None:
    found = read_plain(put(tmp_path, "users.json.gz", raw), "users")
    assert found.reason.startswith(f"{tmp_path / 'users.json.gz'} cannot be read: the file is damaged (")


def test_half_a_character_does_not_hide_the_list(tmp_path: Path) -> None:
    folder = put(tmp_path, "users.json", rb'[{"id": "a", "displayName": "x\ud800"}, {"id": "b", "displayName": "Bob"}]')
    assert names(read_plain(folder, "users")) == ["x\ufffd", "Bob"]


@pytest.mark.parametrize(("count", "status"), [(99, "complete"), (100, "partial"), (101, "complete"), (999, "partial")])
def test_a_list_as_long_as_a_first_page_is_partial(tmp_path: Path, count: int, status: str) -> None:
    found = read_plain(put(tmp_path, "users.json", [{"id": str(n)} for n in range(count)]), "users")
    assert (found.status, len(found.rows)) == (status, count)
    assert ("first page ends" in found.reason) == (status == "partial")


def test_a_next_link_that_is_left_makes_it_partial(tmp_path: Path) -> None:
    found = read_plain(
        put(tmp_path, "users.json", GRAPH_PAGE | {"@odata.nextLink": "https://x/v1.0/users?$skip"}), "users"
    )
    assert (found.status, found.reason) == ("partial", "the last page says that there are more, which were not read")


def test_the_path_below_the_collection_is_the_scope(tmp_path: Path) -> None:
    put(tmp_path, "group_members/G1.json", [{"id": "a"}])
    put(tmp_path, "group_members/g2.json.gz", gzip.compress(b"[]", mtime=0))
    put(tmp_path, "review_decisions/D1/I1.json", [{"id": "x"}])
    members = read_plain(tmp_path, "group_members")
    assert [(row["scope"], row["principal_id"]) for row in members.rows] == [("G1", "a")]
    assert members.reading.scopes == {"g1", "g2"}
    assert [row["instance"] for row in read_plain(tmp_path, "review_decisions").rows] == ["d1/i1"]


def test_a_cut_off_file_of_one_group_is_a_gap_of_that_group(tmp_path: Path) -> None:
    put(tmp_path, "group_members/g1.json", [{"id": str(n)} for n in range(100)])
    put(tmp_path, "group_members/g2.json", [{"id": "a"}])
    found = read_plain(tmp_path, "group_members")
    assert (found.status, set(found.reading.gaps)) == ("partial", {"g1"})


def test_a_scoped_collection_in_one_file_says_how_to_name_it(tmp_path: Path) -> None:
    found = read_plain(put(tmp_path, "group_members.json", [{"id": "a"}]), "group_members")
    assert "does not say which of the groups it is of (plain files are group_members/SCOPE.json)" in found.reason


def test_several_files_of_one_collection_are_read_together(tmp_path: Path) -> None:
    put(tmp_path, "users/1.json", [{"id": "a", "displayName": "Ann"}])
    put(tmp_path, "users/2.json", [{"id": "b", "displayName": "Bob"}])
    assert names(read_plain(tmp_path, "users")) == ["Ann", "Bob"]


def test_a_collection_without_a_file_is_skipped(tmp_path: Path) -> None:
    assert read_plain(put(tmp_path, "users.json", [ANN]), "groups").status == "skipped"


@pytest.mark.parametrize("name", ["people.json", "Users.json", "users-2.json.gz", "people/1.json", "._users.json"])
def test_a_file_of_no_collection_is_refused_by_name(tmp_path: Path, name: str) -> None:
    put(tmp_path, "users.json", [ANN])
    error = refusal(put(tmp_path, name, [ANN]))
    assert error.happened == f"{tmp_path / name} is the file of no collection."
    assert "users" in error.next_step


def test_files_that_are_no_json_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", b"hello")
    put(tmp_path, "users.csv", b"id\na")
    assert names(read_plain(put(tmp_path, "users.json", [ANN]), "users")) == ["Ann Grün"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no manifest.json and no COLLECTION.json" in refusal(tmp_path).happened


def test_a_folder_of_exports_is_refused_with_the_name_of_one(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, "2026-06-30/manifest.json", {}))
    assert str(tmp_path / "2026-06-30") in error.next_step


@pytest.mark.parametrize("options", [{"tenant": None}, {"tenant": ""}, {"taken_at": None}])
def test_whose_files_and_from_when_must_be_said(tmp_path: Path, options: dict[str, Any]) -> None:
    error = refusal(put(tmp_path, "users.json", [ANN]), **options)
    assert "nothing says which tenant it is and when it was read" in error.happened
    assert "--tenant" in error.next_step
    assert "--taken-at" in error.next_step


def sha256(folder: Path, taken_at: datetime = TAKEN) -> str:
    """Return the hash that plain files get."""
    return open_export(folder, tenant=TENANT, taken_at=taken_at).sha256


def test_the_same_files_have_the_same_hash_wherever_they_lie(tmp_path: Path) -> None:
    first = put(tmp_path / "a", "users.json", [ANN])
    second = put(tmp_path / "b", "users.json", [ANN])
    assert sha256(first) == sha256(second)
    assert sha256(first, TAKEN.astimezone(timezone(timedelta(hours=2)))) == sha256(first)


def test_a_changed_byte_another_scope_or_time_changes_the_hash(tmp_path: Path) -> None:
    base = sha256(put(tmp_path / "a", "review_decisions/D1/I1.json", [ANN]))
    assert sha256(put(tmp_path / "b", "review_decisions/D1/I1.json", [ANN, ANN])) != base
    assert sha256(put(tmp_path / "c", "review_decisions/D2/I1.json", [ANN])) != base
    assert sha256(tmp_path / "a", datetime(2026, 7, 1, tzinfo=UTC)) != base
