"""Small export folders, written byte by byte, and what comes of reading them."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from driftaudit.exports import open_export
from driftaudit.exports.export import Reading

TENANT = "7a1b0c9d-0000-4000-8000-00000000c0de"
TAKEN_AT = "2026-06-30T02:00:04Z"
TAKEN = datetime(2026, 6, 30, 2, 0, 4, tzinfo=UTC)
Page = dict[str, Any] | bytes


NAMES = [
    "<script>alert(1)</script>&amp;\"'",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)\t+1",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "line\r\nbreak\x00nul\x1b[31mred\x7f\x9b",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f600 e\u0301 \ufeff\u200b",
    "'; drop table users; --",
    "\\ud800 written out",
    "",
    "  ",
]
"""Names that people could have, and what is kept of them is each byte."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one collection: its rows, and what the reading says of itself."""

    rows: list[dict[str, Any]]
    reading: Reading

    @property
    def status(self) -> str:
        """Return the reading's status."""
        return self.reading.status

    @property
    def reason(self) -> str:
        """Return the reading's reason, empty if there is none."""
        return self.reading.reason or ""


def listed(*records: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a page that lists the records."""
    return {"value": list(records), **more}


def line(page: Page, scope: str | None = None, request: str = "/v1.0/some", at: str = TAKEN_AT) -> bytes:
    """Return one line; a page given as bytes goes in as it is."""
    raw = page if isinstance(page, bytes) else json.dumps(page).encode()
    head = json.dumps({"scope": scope, "request": request, "at": at}).encode()
    return head[:-1] + b', "page": ' + raw + b"}\n"


def packed(*lines: bytes) -> bytes:
    """Return lines as the bytes of a closed file."""
    return gzip.compress(b"".join(lines), mtime=0)


def entry(raw: bytes, name: str, **more: Any) -> dict[str, Any]:
    """Return what a manifest says of a file that was read whole."""
    return {"status": "complete", "file": f"{name}.jsonl.gz", "sha256": hashlib.sha256(raw).hexdigest(), **more}


def manifest(**more: Any) -> dict[str, Any]:
    """Return a closed manifest without collections."""
    return {
        "format": 1, "state": "closed", "tenant_id": TENANT, "tenant_name": "Contoso", "taken_at": TAKEN_AT,
        "collections": {}, **more,
    }  # fmt: skip


def write_manifest(folder: Path, **more: Any) -> Path:
    """Write only a manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest(**more)))
    return folder


def write_export(folder: Path, files: dict[str, bytes], said: dict[str, Any] | None = None, **more: Any) -> Path:
    """Write an export of these files, given as bytes; `said` is what the manifest says besides of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        (folder / f"{name}.jsonl.gz").write_bytes(raw)
    entries = {name: entry(raw, name) | (said or {}).get(name, {}) for name, raw in files.items()}
    return write_manifest(folder, collections=entries, **more)


def put(folder: Path, name: str, content: Any) -> Path:
    """Write a file into a folder and return the folder; anything but bytes is written as JSON."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
    return folder


def read(folder: Path, name: str) -> Read:
    """Read one collection of an export folder or of plain files to its end."""
    reading = open_export(folder, tenant=None, taken_at=None).reading(name)
    return _drained(reading)


def read_plain(folder: Path, name: str) -> Read:
    """Read one collection of plain files to its end."""
    return _drained(open_export(folder, tenant=TENANT, taken_at=TAKEN).reading(name))


def read_lines(folder: Path, name: str, *lines: bytes) -> Read:
    """Write an export of one collection with these lines, and read it."""
    return read(write_export(folder, {name: packed(*lines)}), name)


def _drained(reading: Reading) -> Read:
    """Drain a reading as the store does: grants by pages, everything else by frames."""
    if not reading.collection.is_grants:
        return Read([row for frame in reading.frames() for row in frame.to_dicts()], reading)
    pages = [p.values | {"scope": [p.scope] * p.count} for p in reading.pages()]
    return Read([dict(zip(p, row, strict=True)) for p in pages for row in zip(*p.values(), strict=True)], reading)
