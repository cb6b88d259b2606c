"""Writing an export folder: an answer is a whole line, a closed collection is packed and hashed, nothing half done."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from driftaudit.errors import IntegrityError
from driftaudit.exports import open_export
from driftaudit.exports.manifest import Entry, Manifest
from driftaudit.exports.writer import ExportWriter

TAKEN_AT = datetime(2026, 9, 30, 2, 0, 4, tzinfo=UTC)
AT = "2026-09-30T02:00:05Z"


@pytest.fixture
def writer(tmp_path: Path) -> ExportWriter:
    """Return a writer of a folder that was just begun."""
    manifest = Manifest(format=1, state="open", tenant_id="t", taken_at=TAKEN_AT, collections={})
    return ExportWriter(tmp_path / "exports" / "2026-09-30T020004Z", manifest)


def told(folder: Path) -> dict[str, object]:
    """Return the manifest as it stands on the disk."""
    return json.loads((folder / "manifest.json").read_bytes())


def test_a_folder_that_was_begun_cannot_be_loaded(writer: ExportWriter) -> None:
    assert told(writer.folder)["state"] == "open"
    with pytest.raises(IntegrityError, match="still open"):
        open_export(writer.folder)


def test_a_folder_that_is_there_is_never_written_over(writer: ExportWriter) -> None:
    with pytest.raises(FileExistsError):
        ExportWriter(writer.folder, writer.manifest)


def test_an_answer_is_a_line_before_the_next_request(writer: ExportWriter) -> None:
    file = writer.open("users")
    file.add(None, "/v1.0/users", AT, b'{"value":\r\n [{"id": "\xc3\xa4\\n"}]}')
    written = (writer.folder / "users.jsonl").read_bytes()
    assert written.count(b"\n") == 1
    assert json.loads(written) == {
        "scope": None,
        "request": "/v1.0/users",
        "at": AT,
        "page": {"value": [{"id": "ä\n"}]},
    }
    file.drop()


def test_a_closed_collection_is_packed_and_its_hash_is_that_of_the_file(writer: ExportWriter) -> None:
    file = writer.open("users")
    file.add(None, "/v1.0/users", AT, b'{"value": []}')
    file.add(None, "/v1.0/users?$skiptoken=a", AT, b'{"value": [{"id": "u"}]}')
    writer.close("users", Entry(status="complete", rows=1), file)
    packed = (writer.folder / "users.jsonl.gz").read_bytes()
    entry = writer.manifest.collections["users"]
    assert (entry.pages, entry.bytes, entry.sha256) == (2, len(packed), hashlib.sha256(packed).hexdigest())
    assert len(gzip.decompress(packed).splitlines()) == 2
    assert not (writer.folder / "users.jsonl").exists()
    assert told(writer.folder)["state"] == "open"


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    def written(name: str) -> str | None:
        writer = ExportWriter(
            tmp_path / name, Manifest(format=1, state="open", tenant_id="t", taken_at=TAKEN_AT, collections={})
        )
        file = writer.open("users")
        file.add(None, "/v1.0/users", AT, b'{"value": []}')
        writer.close("users", Entry(status="complete"), file)
        return writer.manifest.collections["users"].sha256

    assert written("one") == written("other")


def test_a_finished_export_can_be_loaded(writer: ExportWriter) -> None:
    file = writer.open("users")
    file.add(None, "/v1.0/users", AT, b'{"value": [{"id": "u"}]}')
    writer.close("users", Entry(status="complete", rows=1), file)
    writer.close("groups", Entry(status="failed", reason="refused"))
    export = open_export(writer.finish("2026-09-30T02:40:00Z"))
    reading = export.reading("users")
    assert [len(frame) for frame in reading.frames()] == [1]
    assert (reading.status, export.reading("groups").status) == ("complete", "failed")
    assert str(export.manifest.finished_at) == "2026-09-30 02:40:00+00:00"


def test_what_is_forgotten_back_to_a_mark_leaves_the_rest(writer: ExportWriter) -> None:
    file = writer.open("group_members")
    file.add("g1", "/beta/groups/g1/members", AT, b'{"value": [{"id": "a"}]}')
    mark = file.mark()
    file.add("g2", "/beta/groups/g2/members", AT, b'{"value": [{"id": "a much longer one"}]}')
    file.back_to(mark)
    file.add("g2", "/beta/groups/g2/members", AT, b'{"value": []}')
    lines = (writer.folder / "group_members.jsonl").read_bytes().splitlines()
    assert [(line["scope"], line["page"]) for line in map(json.loads, lines)] == [
        ("g1", {"value": [{"id": "a"}]}),
        ("g2", {"value": []}),
    ]
    assert file.pages == 2
    file.restart()
    assert (file.pages, (writer.folder / "group_members.jsonl").read_bytes()) == (0, b"")
    file.drop()


def test_what_is_dropped_leaves_nothing(writer: ExportWriter) -> None:
    file = writer.open("users")
    file.add(None, "/v1.0/users", AT, b'{"value": []}')
    file.drop()
    assert [path.name for path in writer.folder.iterdir()] == ["manifest.json"]


def test_only_its_owner_may_read_an_export(writer: ExportWriter) -> None:
    file = writer.open("users")
    file.add(None, "/v1.0/users", AT, b'{"value": []}')
    writer.close("users", Entry(status="complete"), file)
    assert stat.S_IMODE(writer.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in writer.folder.iterdir()} == {0o600}
