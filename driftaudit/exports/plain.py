"""Plain files as people have them: Graph answers or PowerShell lists, one file per collection or per scope."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.errors import UsageError
from driftaudit.exports import manifest as _manifest
from driftaudit.exports.export import Export, Line, Numbered
from driftaudit.exports.manifest import Entry, Manifest
from driftaudit.exports.powershell import respelled
from driftaudit.exports.strict import PageError, decoded

_SUFFIXES = (".json", ".json.gz")
_PAGE_SIZES = (100, 999)
"""Lists of exactly this length look like a first page whose further pages were never asked for."""


def open_plain(folder: Path, tenant: str | None, taken_at: datetime | None) -> Export:
    """Return an export made of plain files; the call must say whose they are and from when."""
    files = _files(folder)
    if not files:
        raise UsageError(
            f"{folder} holds no manifest.json and no COLLECTION.json.",
            "Name an export folder, or a folder with files such as users.json.",
        )
    if not tenant or taken_at is None:
        raise UsageError(
            f"{folder} has no manifest, so nothing says which tenant it is and when it was read.",
            "Add --tenant TENANT_ID and --taken-at 2026-09-30T02:00:04Z.",
        )
    manifest = Manifest(
        format=1,
        state="closed",
        tenant_id=tenant,
        tenant_name=None,
        taken_at=_manifest.utc(taken_at),
        tool=None,
        collections={name: _entry(folder, paths) for name, paths in sorted(files.items())},
    )
    sha256 = hashlib.sha256(msgspec.json.encode(manifest, order="sorted")).hexdigest()
    return Export(folder, manifest, sha256, lambda name: _lines(folder / name, collections()[name], files[name]))


def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the folder's JSON files by collection; one that is no collection is refused by name."""
    inner = sorted(folder.glob(f"*/{_manifest.NAME}"))
    if inner:
        raise UsageError(f"{folder} holds exports and is none itself.", f"Name one of them, such as {inner[0].parent}.")
    files: dict[str, list[Path]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name.endswith(_SUFFIXES)):
        parts = path.relative_to(folder).parts
        name = parts[0] if len(parts) > 1 else _stem(path)
        if name not in collections():
            raise UsageError(
                f"{path} is the file of no collection.", f"Rename it to one of {', '.join(collections())}, or move it."
            )
        files.setdefault(name, []).append(path)
    return files


def _entry(folder: Path, paths: list[Path]) -> Entry:
    """Return a manifest entry whose hash covers every file of the collection, and the scope that its place tells."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Entry(status="complete", sha256=digest.hexdigest(), bytes=sum(p.stat().st_size for p in paths))


def _stem(path: Path) -> str:
    """Return a file's name without .json or .json.gz."""
    return path.name.removesuffix(".gz").removesuffix(".json")


def _lines(folder: Path, collection: Collection, paths: list[Path]) -> Iterator[Numbered]:
    """Yield one line per file, in the service's own spelling; the path below the folder is the scope."""
    for path in paths:
        page = _page(path, collection)
        scope = "/".join([*path.relative_to(folder).parts[:-1], _stem(path)]) if folder in path.parents else None
        line = Line(page=msgspec.Raw(msgspec.json.encode(page)), scope=scope)
        records = page.get("value")
        yield Numbered(line, str(path), cut_off=isinstance(records, list) and len(records) in _PAGE_SIZES)


def _page(path: Path, collection: Collection) -> dict[str, Any]:
    """Return a file's answer: a Graph page as it is, a list or an object of PowerShell's as a page."""
    try:
        answer = respelled(_parsed(path), collection, str(path))
    except PageError as error:
        raise PageError(str(error), str(path)) from error
    if isinstance(answer, list):
        return {"value": answer}
    if not isinstance(answer, dict):
        raise PageError("it holds neither a list nor an object", str(path))
    single = answer.get("value")
    return {**answer, "value": [single]} if isinstance(single, dict) else answer


def _parsed(path: Path) -> Any:
    """Return a file's JSON, whatever of the usual encodings it is in."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = raw.decode(_encoding(raw))
    except (OSError, EOFError, zlib.error) as error:
        raise PageError(f"the file is damaged ({error})") from error
    except UnicodeDecodeError as error:
        raise PageError(f"it is neither UTF-8 nor UTF-16 ({error.reason})") from error
    if not text.strip():
        raise PageError("it is empty")
    return decoded(msgspec.json.Decoder(), text.encode("utf-8", "replace"))


def _encoding(raw: bytes) -> str:
    """Return the encoding that a file's first bytes tell: PowerShell 5 writes UTF-16, Notepad a BOM."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if raw[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if raw[:1] == b"\0" else "utf-8-sig"
