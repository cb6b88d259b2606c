"""Missing is not null: a property that no record has was not asked for; one that is null was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from driftaudit.collectors import collections
from tests.exports.made_export import line, listed, packed, read, read_lines, write_export

EVERYTHING = {c.name for c in collections()["assignments"].columns if c.nullable}
TARGET = {"principal_id", "principal_name", "lifecycle"}


def missing(folder: Path, *records: dict[str, Any]) -> set[str]:
    """Return the missing fields of assignments."""
    return set(read_lines(folder, "assignments", line(listed(*records))).reading.missing_fields)


def test_a_property_absent_from_every_record_is_missing_in_our_names(tmp_path: Path) -> None:
    assert missing(tmp_path, {"id": "a"}, {"id": "b"}) == EVERYTHING


def test_a_null_is_not_missing(tmp_path: Path) -> None:
    assert missing(tmp_path, {"id": "a", "state": None}) == EVERYTHING - {"state"}


def test_one_record_with_it_is_enough(tmp_path: Path) -> None:
    assert missing(tmp_path, {"id": "a"}, {"id": "b", "state": "delivered"}, {"id": "c"}) == EVERYTHING - {"state"}


def test_one_page_with_it_is_enough(tmp_path: Path) -> None:
    pages = [line(listed({"id": "a"})), line(listed({"id": "b", "status": "x"})), line(listed({"id": "c"}))]
    assert "status" not in read_lines(tmp_path, "assignments", *pages).reading.missing_fields


def test_absence_inside_a_nested_value_is_null(tmp_path: Path) -> None:
    assert missing(tmp_path, {"id": "a", "target": {}}) == EVERYTHING - TARGET
    schedule = {"start_at", "expiration_type", "end_at", "duration"}
    assert missing(tmp_path / "b", {"id": "a", "schedule": {"expiration": {}}}) == EVERYTHING - schedule


def test_a_nested_value_that_is_null_is_not_missing(tmp_path: Path) -> None:
    assert missing(tmp_path, {"id": "a", "target": None}) == EVERYTHING - TARGET


def test_an_empty_list_tells_nothing_about_fields(tmp_path: Path) -> None:
    assert missing(tmp_path) == set()


def test_what_the_manifest_says_is_missing_stays_missing(tmp_path: Path) -> None:
    raw = packed(line(listed({"id": "a", "state": "delivered"})))
    write_export(tmp_path, {"assignments": raw}, {"assignments": {"missing_fields": ["end_at", "state"]}})
    assert {"end_at", "state"} <= set(read(tmp_path, "assignments").reading.missing_fields)


def test_packages_without_roles_do_not_miss_the_fields_of_roles(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "package_roles", line({"id": "p", "resourceRoleScopes": []}, "p"))
    assert found.reading.missing_fields == []


def test_roles_that_were_not_expanded_are_missing(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "package_roles", line({"id": "p", "resourceRoleScopes": [{"id": "r"}]}, "p"))
    assert {"role_origin_id", "scope_origin_id"} <= set(found.reading.missing_fields)
