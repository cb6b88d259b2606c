"""A damaged or foreign line fails its collection with one sentence: file, line, what is wrong, what to do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.exports.made_export import line, listed, packed, read, read_lines, write_export

GOOD = line(listed({"id": "a", "displayName": "Ann"}))


def sentence(folder: Path, raw: bytes, number: int, name: str = "users") -> str:
    """Return the sentence with which a collection's file fails, after checking what every such sentence has."""
    found = read(write_export(folder, {name: raw}), name)
    assert found.status == "failed"
    assert found.reason.startswith(f"{folder / name}.jsonl.gz line {number} cannot be read: ")
    assert found.reason.endswith(f"; export {name} again")
    assert found.reason.count(str(folder)) == 1
    assert "\n" not in found.reason
    return found.reason


def test_a_truncated_gzip_says_where_it_breaks_off(tmp_path: Path) -> None:
    rows = [line(listed({"id": f"user-{n}", "displayName": f"{n * 7919 % 10007}"})) for n in range(3000)]
    raw = packed(*rows)
    found = read(write_export(tmp_path, {"users": raw[: len(raw) // 2]}), "users")
    assert found.status == "failed"
    assert "the file is damaged (Compressed file ended" in found.reason
    assert int(found.reason.partition(" line ")[2].split()[0]) > 1


def test_a_gzip_cut_inside_its_header(tmp_path: Path) -> None:
    assert "damaged" in sentence(tmp_path, packed(GOOD)[:5], 1)


def test_garbage_instead_of_gzip(tmp_path: Path) -> None:
    assert "the file is damaged (Not a gzipped file" in sentence(tmp_path, b"\x00\xffgarbage", 1)


def test_garbage_inside_gzip(tmp_path: Path) -> None:
    raw = bytearray(packed(*[GOOD] * 20))
    raw[12:16] = b"\xff\xff\xff\xff"
    assert "damaged" in sentence(tmp_path, bytes(raw), 1)


def test_a_changed_byte_that_still_unpacks_is_seen_by_the_checksum(tmp_path: Path) -> None:
    raw = bytearray(packed(GOOD))
    raw[-8] ^= 0xFF
    assert "CRC check failed" in sentence(tmp_path, bytes(raw), 2)


def test_a_truncated_last_line(tmp_path: Path) -> None:
    assert "it is no answer of the service: Input data was truncated" in sentence(tmp_path, packed(GOOD, GOOD[:40]), 2)


@pytest.mark.parametrize(
    "bad", [b"garbage\n", b"\n", b"[]\n", b"\xff\xfe\n", b'{"scope": null}\n', b'{"page": {}, "at": 5}\n']
)
def test_a_line_that_is_no_answer(tmp_path: Path, bad: bytes) -> None:
    assert "it is no answer of the service" in sentence(tmp_path, packed(GOOD, bad, GOOD), 2)


def test_a_page_that_is_an_error_answer(tmp_path: Path) -> None:
    error = {"error": {"code": "Authorization_RequestDenied", "message": "no"}}
    assert "it is an error answer of the service" in sentence(tmp_path, packed(GOOD, line(error)), 2)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ({"value": {"id": "a"}}, "Expected `array`, got `object`"),
        ({"value": None}, "Expected `array`, got `null`"),
        ({"value": "x"}, "Expected `array`, got `str`"),
        ({"value": ["x"]}, "Expected `object`, got `str` - at `$[0]`"),
        ({"value": [None]}, "Expected `object`, got `null` - at `$[0]`"),
        ({}, "missing required field `id`"),
        ({"nothing": "known"}, "missing required field `id`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (listed({"displayName": "Ann"}), "missing required field `id` - at `$[0]`"),
        (listed({"id": "a"}, {"id": None}), "Expected `str`, got `null` - at `$[1].id`"),
        (listed({"id": ""}), "length >= 1 - at `$[0].id`"),
        (listed({"id": "a", "displayName": 5}), "Expected `str | null`, got `int` - at `$[0].displayName`"),
        (listed({"id": "a", "accountEnabled": "true"}), "Expected `bool | null`, got `str` - at `$[0].accountEnabled`"),
        (listed({"id": "a", "manager": "b"}), "Expected `object | null`, got `str` - at `$[0].manager`"),
        (listed({"id": "a", "manager": {"id": 5}}), "at `$[0].manager.id`"),
        (listed({"id": "a"}, **{"@odata.nextLink": 5}), "at `$.@odata.nextLink`"),
        (listed({"id": "a"}, **{"@odata.nextLink": "http://["}), "no address"),
    ],
)
def test_a_page_of_the_wrong_shape_is_named_with_its_path(tmp_path: Path, page: dict[str, Any], told: str) -> None:
    assert told in sentence(tmp_path, packed(GOOD, line(page), GOOD), 2)


def test_a_wrong_instant_is_named_with_its_own_line(tmp_path: Path) -> None:
    bad = listed({"id": "b", "createdDateTime": None}, {"id": "c", "createdDateTime": "yesterday" + "!" * 500})
    told = sentence(tmp_path, packed(GOOD, line(bad), GOOD, GOOD), 2)
    assert "Expected an instant such as 2026-09-30T02:00:04Z, got 'yesterday!!!" in told
    assert "- at `$[1].createdDateTime`" in told
    assert len(told) < 300 + len(str(tmp_path))


@pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "never", "0"])
def test_an_instant_without_a_zone_or_sense_is_refused(tmp_path: Path, text: str) -> None:
    page = listed({"principalId": "p", "appRoleId": "r", "createdDateTime": text})
    assert repr(text) in sentence(tmp_path, packed(line(page, "sp")), 1, "app_role_assignments")


@pytest.mark.parametrize(
    ("name", "page", "told"),
    [
        ("users", listed({"id": "a"}, **{"@odata.context": "https://x/v1.0/$metadata#groups"}), "groups, not users"),
        ("users", listed({"id": "a", "@odata.type": "#microsoft.graph.group"}), "groups, not users"),
        ("groups", listed({"id": "a", "@odata.type": "#microsoft.graph.user"}), "users, not groups"),
        ("deleted_users", listed({"id": "a", "@odata.type": "#microsoft.graph.group"}), "groups, not users"),
        (
            "assignments",
            listed({"id": "a"}, **{"@odata.context": "x#a/b/assignmentRequests(requestor(),assignment(target()))"}),
            "assignmentRequests, not assignments",
        ),
        (
            "group_members",
            listed({"id": "a"}, **{"@odata.context": "x/$metadata#a/assignments"}),
            "assignments, not members",
        ),
        ("group_members", listed({"id": "a"}, **{"@odata.context": "x#groups('g')/owners(id)"}), "owners, not members"),
    ],
)  # fmt: skip
def test_records_of_another_type_are_refused_even_if_their_fields_fit(
    tmp_path: Path, name: str, page: dict[str, Any], told: str
) -> None:
    assert told in sentence(tmp_path, packed(line(page, "g")), 1, name)


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("users", "https://graph.microsoft.com/v1.0/$metadata#users(id,displayName,manager(id))"),
        ("users", "https://graph.microsoft.us/v1.0/$metadata#users/$entity"),
        ("users", "what nobody has heard of"),
        ("group_members", "https://graph.microsoft.com/v1.0/$metadata#directoryObjects(id)"),
        ("group_members", "https://graph.microsoft.com/v1.0/$metadata#users(displayName,id)"),
        ("group_members", "https://graph.microsoft.com/v1.0/$metadata#groups('a(b')/members"),
        ("group_owners", "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals"),
        ("deleted_groups", "https://graph.microsoft.com/v1.0/$metadata#groups"),
        ("sites", "https://graph.microsoft.com/v1.0/$metadata#sites"),
    ],
)
def test_an_answer_that_says_what_was_asked_for_is_read(tmp_path: Path, name: str, context: str) -> None:
    assert (
        read_lines(tmp_path, name, line(listed({"id": "a"}, **{"@odata.context": context}), "g")).status == "complete"
    )


def test_a_missing_scope_is_told(tmp_path: Path) -> None:
    told = sentence(tmp_path, packed(line(listed({"id": "a"}))), 1, "group_members")
    assert "does not say which of the groups it is of" in told


def test_a_collection_without_its_file_fails(tmp_path: Path) -> None:
    write_export(tmp_path, {"users": packed(GOOD)}, {"users": {"file": None}})
    assert read(tmp_path, "users").reason == (
        "users cannot be read: the manifest names no file for it; export users again"
    )


@pytest.mark.parametrize(
    "raw",
    [
        line(b'{"value": [{"id": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}"),
        line(b'{"value": ' + b'{"value": ' * 50_000 + b"1" + b"}" * 50_000 + b"}"),
    ],
)
def test_very_deep_nesting_is_a_sentence(tmp_path: Path, raw: bytes) -> None:
    assert "nests too deeply" in sentence(tmp_path, packed(GOOD, raw), 2)


def test_bytes_that_are_no_utf_8_are_a_sentence(tmp_path: Path) -> None:
    page = b'{"value": [{"id": "a", "displayName": "\xff\xfe"}]}'
    assert "it is not UTF-8" in sentence(tmp_path, packed(GOOD, line(page)), 2)


def test_a_line_of_fifty_megabytes_is_read(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "users", line(listed({"id": "a", "displayName": "x" * 50_000_000})), GOOD)
    assert found.status == "complete"
    assert [len(row["name"]) for row in found.rows] == [50_000_000, 3]


def test_rows_before_the_damage_never_count_as_read(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "users", GOOD, line(b"[]"))
    assert found.status == "failed"
    assert found.rows == []


@pytest.mark.parametrize("status", ["partial", "failed", "skipped"])
def test_a_status_without_a_reason_still_has_a_sentence(tmp_path: Path, status: str) -> None:
    write_export(tmp_path, {"users": packed(GOOD)}, {"users": {"status": status}})
    assert (read(tmp_path, "users").status, read(tmp_path, "users").reason) == (status, "the export does not say why")


def test_gaps_make_a_complete_collection_partial_and_are_counted(tmp_path: Path) -> None:
    gaps = [{"scope": "G1", "code": "403"}, {"scope": "g2", "code": "404", "message": "gone"}]
    write_export(tmp_path, {"group_members": packed(line(listed({"id": "a"}), "g"))}, {"group_members": {"gaps": gaps}})
    found = read(tmp_path, "group_members")
    assert (found.status, found.reason) == ("partial", "2 of its groups not read")
    assert set(found.reading.gaps) == {"g1", "g2"}


def test_what_the_manifest_leaves_out_reads_as_skipped(tmp_path: Path) -> None:
    found = read(write_export(tmp_path, {"users": packed(GOOD)}), "groups")
    assert (found.status, found.reason, found.rows) == ("skipped", "not in the export", [])


def test_an_unpacked_file_is_read_too(tmp_path: Path) -> None:
    raw = gzip.decompress(packed(GOOD))
    write_export(tmp_path, {"users": raw}, {"users": {"file": "users.jsonl"}})
    (tmp_path / "users.jsonl").write_bytes(raw)
    assert [row["id"] for row in read(tmp_path, "users").rows] == ["a"]
    assert json.loads((tmp_path / "manifest.json").read_text())["collections"]["users"]["file"] == "users.jsonl"
