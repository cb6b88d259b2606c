"""Small exports made of Python values, in memory or as a folder, for tests that are about what is in them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from driftaudit.exports.export import Export, Line, Numbered
from driftaudit.exports.manifest import DELETED, Entry, Gap, Manifest

TENANT = "7d1c42e0-0000-4000-8000-00000000c0de"
FIRST = datetime(2026, 6, 30, 2, 0, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """One answer of the service."""

    page: Any
    scope: str | None = None
    request: str = "/v1.0/asked"
    at: str = ""


@dataclass(frozen=True)
class Part:
    """One collection of an export."""

    answers: tuple[Answer, ...] = ()
    status: Literal["complete", "partial", "failed", "skipped"] = "complete"
    reason: str | None = None
    expected: int | None = None
    gaps: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()

    def entry(self, **more: Any) -> Entry:
        """Return the manifest's entry."""
        gaps = [Gap(scope, "403", "refused") for scope in self.gaps]
        gaps += [Gap(scope, DELETED, "not found") for scope in self.deleted]
        return Entry(status=self.status, reason=self.reason, expected=self.expected, gaps=gaps, **more)


def records(*found: Mapping[str, Any]) -> Part:
    """Return a collection without scopes that was read whole."""
    return Part((Answer({"value": list(found)}),))


def named(ids: Iterable[str], **more: Any) -> Part:
    """Return records that have an id and a name."""
    return records(*({"id": i, "displayName": f"Name of {i}", **more} for i in ids))


def members(groups: Mapping[str, Iterable[str]], **options: Any) -> Part:
    """Return the members of groups."""
    return Part(tuple(Answer({"value": [_member(i) for i in ids]}, scope) for scope, ids in groups.items()), **options)


def _member(id_: str) -> dict[str, str]:
    return {"@odata.type": "#microsoft.graph.user", "id": id_}


def taken_at(day: int) -> datetime:
    """Return when the export of a day was taken."""
    return FIRST + timedelta(days=day)


def made(day: int, parts: Mapping[str, Part], *, tenant: str = TENANT) -> Export:
    """Return an export that lives in memory."""
    manifest = _manifest(day, {name: part.entry() for name, part in parts.items()}, tenant)
    told = json.dumps([day, tenant, {n: [a.page for a in p.answers] for n, p in parts.items()}], default=str)

    def lines(name: str) -> Iterator[Numbered]:
        for number, answer in enumerate(parts[name].answers, 1):
            raw = msgspec.Raw(json.dumps(answer.page).encode())
            yield Numbered(Line(raw, answer.scope, answer.request, answer.at), f"{name}.jsonl line {number}")

    return Export(Path(f"day-{day}"), manifest, hashlib.sha256(told.encode()).hexdigest(), lines)


def written(folder: Path, day: int, parts: Mapping[str, Part], *, tenant: str = TENANT) -> Path:
    """Write an export as a folder and return it."""
    folder.mkdir(parents=True)
    entries = {name: _written(folder, name, part) for name, part in parts.items()}
    (folder / "manifest.json").write_bytes(msgspec.json.encode(_manifest(day, entries, tenant)))
    return folder


def _written(folder: Path, name: str, part: Part) -> Entry:
    if part.status in ("failed", "skipped"):
        return part.entry()
    path = folder / f"{name}.jsonl.gz"
    lines = [{"scope": a.scope, "request": a.request, "at": a.at, "page": a.page} for a in part.answers]
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode(), mtime=0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return part.entry(file=path.name, bytes=path.stat().st_size, sha256=digest)


def _manifest(day: int, entries: dict[str, Entry], tenant: str) -> Manifest:
    return Manifest(
        format=1,
        state="closed",
        tenant_id=tenant,
        tenant_name="Contoso",
        taken_at=taken_at(day),
        finished_at=taken_at(day) + timedelta(minutes=40),
        tool="a test",
        collections=entries,
    )
