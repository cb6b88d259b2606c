"""An export: a folder of collected answers, whichever way it was made, as one stream of lines per collection."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec
import polars as pl

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.exports.decode import DecodedPage, Decoder, PageError
from driftaudit.exports.frames import FrameBuilder
from driftaudit.exports.manifest import Entry, Gap, Manifest, utc

ROWS_PER_FRAME = 200_000
LINK_LEFT = "nextlink_left"


class Line(msgspec.Struct):
    """One answer of the service."""

    page: msgspec.Raw
    scope: str | None = None
    request: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line, where it stands, and whether a further page of it may be missing."""

    line: Line
    where: str
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export: its manifest, its hash and its lines."""

    folder: Path
    manifest: Manifest
    sha256: str
    lines: Callable[[str], Iterator[Numbered]]

    @property
    def taken_at(self) -> datetime:
        """Return the instant the export speaks of, in UTC."""
        return utc(self.manifest.taken_at)

    def reading(self, name: str) -> Reading:
        """Return a reading of one collection; nothing is read yet."""
        entry = self.manifest.collections.get(name) or Entry(status="skipped", reason="not in the export")
        return Reading(self, collections()[name], entry)


@dataclass
class Reading:
    """One collection being read: drain `frames`, then ask what came of it."""

    export: Export
    collection: Collection
    entry: Entry
    rows: int = 0
    scopes: set[str] = field(default_factory=set)
    gaps: dict[str, Gap] = field(default_factory=dict)
    missing_fields: list[str] = field(default_factory=list)
    failure: str | None = None
    cut_off: str | None = None

    def __post_init__(self) -> None:
        """Start with what the manifest says."""
        self.gaps = {g.scope.lower(): g for g in self.entry.gaps}

    @property
    def was_read(self) -> bool:
        """Tell whether there is anything to read."""
        return self.entry.status in ("complete", "partial")

    @property
    def status(self) -> str:
        """Return what the collection is after reading; never better than the manifest says."""
        if self.failure is not None:
            return "failed"
        if self.entry.status == "complete" and (self.gaps or self.cut_off):
            return "partial"
        return self.entry.status

    @property
    def reason(self) -> str | None:
        """Say why the collection is not complete."""
        told = (self.entry.reason if self.entry.status != "complete" else None, self.failure, self.cut_off)
        return "; ".join(t for t in told if t) or None

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the records as frames of about ROWS_PER_FRAME rows."""
        builder = FrameBuilder(self.collection)
        for page in self.pages():
            builder.add(page)
            if builder.rows >= ROWS_PER_FRAME:
                yield from self._frame(builder)
        yield from self._frame(builder)

    def _frame(self, builder: FrameBuilder) -> Iterator[pl.DataFrame]:
        """Yield what the builder gathered, unless a text in it is no instant."""
        if self.failure is None:
            try:
                yield builder.take()
            except PageError as error:
                self.failure = self._told(error)

    def pages(self) -> Iterator[DecodedPage]:
        """Yield the decoded pages; one that is not of the collection's shape ends and fails the reading."""
        if not self.was_read:
            return
        try:
            yield from self._pages()
        except (PageError, msgspec.DecodeError, OSError, EOFError, zlib.error) as error:
            self.failure = self._told(error)

    def _told(self, error: Exception) -> str:
        """Return a failure as one sentence with file, line and next step."""
        where = self._where or str(self.entry.file or self.collection.name)
        return f"{where} cannot be read: {error}; export {self.collection.name} again"

    def _pages(self) -> Iterator[DecodedPage]:
        """Yield the pages and note what they tell about completeness."""
        decoder = Decoder(self.collection)
        left: dict[str, str] = {}
        asked: set[str] = set()
        for numbered in self.export.lines(self.collection.name):
            self._where = numbered.where
            line = numbered.line
            values, count, next_link = decoder.page(line.page)
            self._note(numbered, count, next_link, left, asked)
            yield DecodedPage(values, count, line.scope, _instant(line.at, self.export.taken_at))
        self._close({link: scope for link, scope in left.items() if link not in asked})
        self.missing_fields = sorted({*self.entry.missing_fields, *(decoder.missing_fields() if self.rows else [])})

    def _note(
        self, numbered: Numbered, count: int, next_link: str | None, left: dict[str, str], asked: set[str]
    ) -> None:
        """Remember what a line tells about completeness."""
        scope = (numbered.line.scope or "").lower()
        if self.collection.scoped_by and not scope:
            raise PageError(f"it does not say which of {self.collection.scoped_by} it is of (a plain file is SCOPE.json)")
        self.rows += count
        self.scopes.add(scope)
        asked.add(_target(numbered.line.request))
        if next_link:
            left[_target(next_link)] = scope
        if numbered.cut_off:
            left[f"cut off: {numbered.where}"] = scope

    def _close(self, left: dict[str, str]) -> None:
        """Turn next pages that were never read into gaps, or the whole collection into a partial one."""
        if left and self.collection.scoped_by is None:
            self.cut_off = "the last page says that there are more, which were not read"
        elif left:
            self.cut_off = f"{len(set(left.values()))} scopes have further pages that were not read"
        for scope in left.values():
            if scope:
                self.gaps.setdefault(scope, Gap(scope, LINK_LEFT, "further pages were not read"))

    _where: str = ""


@lru_cache(maxsize=4096)
def _instant(text: str, otherwise: datetime) -> datetime:
    """Return when a line was read, from an ISO instant or an HTTP date; the export's own instant failing that."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError):
            return utc(parse(text))
    return otherwise


def _target(url: str) -> str:
    """Return a request's path and query, the part that a next link and the request that follows it share."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def jsonl_lines(folder: Path, manifest: Manifest) -> Callable[[str], Iterator[Numbered]]:
    """Return the function that streams a collection's lines from its file."""
    decoder = msgspec.json.Decoder(Line)

    def lines(name: str) -> Iterator[Numbered]:
        entry = manifest.collections[name]
        if entry.file is None:
            raise PageError("the manifest names no file for it")
        path = folder / entry.file
        with _opened(path) as file:
            for number, raw in enumerate(file, start=1):
                where = f"{path} line {number}"
                yield Numbered(_decoded(decoder, raw, where), where)

    return lines


def _decoded(decoder: msgspec.json.Decoder[Line], raw: bytes, where: str) -> Line:
    """Return a line, or say which one is none."""
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError as error:
        raise PageError(f"{where} is no answer: {error}") from error


def _opened(path: Path) -> IO[bytes]:
    """Open a file for reading bytes, unpacking it if its name says so."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]
