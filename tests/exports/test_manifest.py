"""A manifest is believed only if it is whole, closed and right about its files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from driftaudit.errors import DriftauditError, IntegrityError, UsageError
from driftaudit.exports import open_export
from tests.exports.made_export import TENANT, entry, line, listed, manifest, packed, write_export, write_manifest

USERS = packed(line(listed({"id": "a"})))


def refusal(folder: Path) -> IntegrityError:
    """Return the error with which a folder is refused."""
    with pytest.raises(IntegrityError) as caught:
        open_export(folder)
    assert caught.value.next_step.endswith(".")
    return caught.value


def test_a_whole_export_is_opened(tmp_path: Path) -> None:
    export = open_export(write_export(tmp_path, {"users": USERS}))
    assert export.manifest.tenant_id == TENANT
    assert export.taken_at == datetime(2026, 6, 30, 2, 0, 4)
    assert len(export.sha256) == 64


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe{", b"[]", b"null", b'{"a":' + b"[" * 100_000, b'{"a": "\xff"}'])
def test_what_is_no_json_object_is_no_manifest(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    assert str(tmp_path / "manifest.json") in refusal(tmp_path).happened


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2), ("format", "1"), ("state", "half"), ("tenant_id", ""), ("tenant_id", None),
        ("taken_at", "yesterday"), ("taken_at", ""), ("collections", []),
        ("collections", {"users": {"status": "fine"}}),
        ("collections", {"users": {"status": "partial", "gaps": [{"scope": 5, "code": "403"}]}}),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_path(tmp_path: Path, key: str, value: Any) -> None:
    error = refusal(write_manifest(tmp_path, **{key: value}))
    assert f"$.{key}" in error.happened
    assert "manifest of format 1" in error.happened


@pytest.mark.parametrize("key", ["format", "state", "tenant_id", "taken_at", "collections"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    told = manifest()
    del told[key]
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    assert f"`{key}`" in refusal(tmp_path).happened


def test_an_open_export_is_refused(tmp_path: Path) -> None:
    assert "still open" in refusal(write_manifest(tmp_path, state="open")).happened


def test_a_changed_file_is_refused_by_name(tmp_path: Path) -> None:
    write_export(tmp_path, {"users": USERS})
    (tmp_path / "users.jsonl.gz").write_bytes(USERS + b" ")
    error = refusal(tmp_path)
    assert error.exit_code == 8
    assert str(tmp_path / "users.jsonl.gz") in error.happened
    assert "changed after it was collected" in error.happened


def test_a_file_without_a_hash_proves_nothing(tmp_path: Path) -> None:
    write_export(tmp_path, {"users": USERS}, {"users": {"sha256": None}})
    assert "promises none" in refusal(tmp_path).happened


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    write_export(tmp_path, {"users": USERS})
    (tmp_path / "users.jsonl.gz").unlink()
    assert "'users.jsonl.gz' for users, which is not in the folder" in refusal(tmp_path).happened


@pytest.mark.parametrize(
    "name", ["../users.jsonl.gz", "/etc/hostname", "sub/users.jsonl.gz", "", ".", "..", "a\0b", "x" * 5000, "\ufffd"]
)
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "users.jsonl.gz").write_bytes(USERS)
    inner = tmp_path / "export"
    (inner / "sub").mkdir(parents=True)
    (inner / "sub" / "users.jsonl.gz").write_bytes(USERS)
    write_manifest(inner, collections={"users": entry(USERS, "users") | {"file": name}})
    assert "which is not in the folder" in refusal(inner).happened


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-06-30T04:00:04+02:00", datetime(2026, 6, 30, 2, 0, 4)),
        ("2026-06-30T02:00:04", datetime(2026, 6, 30, 2, 0, 4)),
        ("2026-06-30T02:00:04.25Z", datetime(2026, 6, 30, 2, 0, 4, 250_000)),
        ("0001-01-01T00:00:00+02:00", datetime(1, 1, 1)),
        ("9999-12-31T23:59:59-02:00", datetime(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_taken_at_is_kept_in_utc(tmp_path: Path, told: str, kept: datetime) -> None:
    assert open_export(write_manifest(tmp_path, taken_at=told)).taken_at == kept


def test_another_tenant_than_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    write_export(tmp_path, {"users": USERS})
    assert open_export(tmp_path, tenant=TENANT.upper()).manifest.tenant_id == TENANT
    with pytest.raises(IntegrityError, match="not of fabrikam"):
        open_export(tmp_path, tenant="fabrikam")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        open_export(tmp_path / "nowhere")


def test_keys_of_a_later_version_are_no_obstacle(tmp_path: Path) -> None:
    assert open_export(write_manifest(tmp_path, weather="fine")).manifest.tool is None


def test_every_refusal_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(DriftauditError) as caught:
        open_export(write_manifest(tmp_path, format=2))
    assert caught.value.next_step == "Export again, or load the folder it was copied from."
