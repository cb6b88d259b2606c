"""Plain files as people have them: Graph answers or PowerShell lists, one file per collection or per scope."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from driftaudit.collectors import collections
from driftaudit.errors import UsageError
from driftaudit.exports.export import Export, Line, Numbered
from driftaudit.exports.manifest import Entry, Manifest

_SUFFIXES = (".json", ".json.gz")
_PAGE_SIZES = (100, 999)
"""Lists of exactly this length look like a first page whose further pages were never asked for."""
_CUT_OFF = ("Microsoft.Graph.PowerShell.", "System.Collections.")
_NET_DATE = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_plain(folder: Path, tenant: str | None, taken_at: datetime | None) -> Export:
    """Return an export made of plain files; the call must say whose they are and from when."""
    files = _files(folder)
    if not files:
        raise UsageError(
            f"{folder} holds no manifest.json and no COLLECTION.json.",
            "Name a folder that `driftaudit collect` wrote, or one with files such as users.json.",
        )
    if tenant is None or taken_at is None:
        raise UsageError(
            f"{folder} has no manifest, so nothing says which tenant it is and when it was read.",
            "Add --tenant TENANT_ID and --taken-at 2026-09-30T02:00:04Z.",
        )
    manifest = Manifest(
        format=1,
        state="closed",
        tenant_id=tenant,
        tenant_name=None,
        taken_at=taken_at,
        tool=None,
        collections={name: _entry(paths) for name, paths in sorted(files.items())},
    )
    sha256 = hashlib.sha256(msgspec.json.encode(manifest, order="sorted")).hexdigest()
    return Export(folder, manifest, sha256, lambda name: _lines(folder / name, name, files[name]))


def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the folder's JSON files by collection; one that is no collection is refused by name."""
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


def _entry(paths: list[Path]) -> Entry:
    """Return a manifest entry whose hash covers every file of the collection."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Entry(status="complete", sha256=digest.hexdigest(), bytes=sum(p.stat().st_size for p in paths))


def _stem(path: Path) -> str:
    """Return a file's name without .json or .json.gz."""
    return path.name.removesuffix(".gz").removesuffix(".json")


def _lines(folder: Path, name: str, paths: list[Path]) -> Iterator[Numbered]:
    """Yield one line per file, in the service's own spelling; the path below the folder is the scope."""
    for path in paths:
        page = _page(path)
        scope = "/".join([*path.relative_to(folder).parts[:-1], _stem(path)]) if folder in path.parents else None
        line = Line(page=msgspec.Raw(msgspec.json.encode(page)), scope=scope)
        yield Numbered(line, str(path), cut_off=len(page.get("value") or ()) in _PAGE_SIZES)


def _page(path: Path) -> dict[str, Any]:
    """Return a file's answer: a Graph page as it is, a list or an object of PowerShell's as a page."""
    answer = _respelled(_parsed(path), str(path))
    if isinstance(answer, list):
        return {"value": answer}
    if not isinstance(answer, dict):
        raise msgspec.DecodeError("it holds neither a list nor an object")
    single = answer.get("value")
    return {**answer, "value": [single]} if isinstance(single, dict) else answer


def _parsed(path: Path) -> Any:
    """Return a file's JSON, whatever of the usual encodings it is in."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        return msgspec.json.decode(raw.decode(_encoding(raw)))
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"it is neither UTF-8 nor UTF-16: {error}") from error


def _encoding(raw: bytes) -> str:
    """Return the encoding that a file's first bytes tell: PowerShell 5 writes UTF-16, Notepad a BOM."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if raw[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if raw[:1] == b"\0" else "utf-8-sig"


def _respelled(value: Any, where: str) -> Any:
    """Return a value with PowerShell's names and dates in the service's spelling."""
    if isinstance(value, list):
        return [_respelled(item, where) for item in value]
    if isinstance(value, dict):
        return _respelled_object(value, where)
    if isinstance(value, str):
        return _respelled_text(value, where)
    return value


def _respelled_object(value: dict[str, Any], where: str) -> dict[str, Any]:
    """Return an object with camelCase names; what stands under AdditionalProperties moves up."""
    extra = value.get("AdditionalProperties")
    inner = {k: _respelled(v, where) for k, v in extra.items()} if isinstance(extra, dict) else {}
    if not _is_powershell(value):
        return {k: _respelled(v, where) for k, v in value.items()}
    outer = {_camel(k): _respelled(v, where) for k, v in value.items() if k != "AdditionalProperties"}
    return {**outer, **inner}


def _is_powershell(value: dict[str, Any]) -> bool:
    """Tell whether an object's names are spelled PowerShell's way (SharePoint's own `Id` stays with `LoginName`)."""
    names = [k for k in value if k[:1].isalpha()]
    return bool(names) and all(k[0].isupper() for k in names) and "LoginName" not in value


def _camel(name: str) -> str:
    """Return DisplayName as displayName."""
    return name[:1].lower() + name[1:]


def _respelled_text(value: str, where: str) -> str:
    """Return `/Date(ms)/` as an instant; a value that PowerShell cut off is an error."""
    if value.startswith(_CUT_OFF):
        raise UsageError(f"{where} was cut off by PowerShell: it holds {value!r}.", "Export again with -Depth 10.")
    match = _NET_DATE.match(value)
    if match is None:
        return value
    return (_EPOCH + timedelta(milliseconds=int(match[1]))).isoformat().replace("+00:00", "Z")
