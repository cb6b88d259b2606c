"""An export: a folder of collected answers, whichever way it was made, as one stream of lines per collection."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

import msgspec
import polars as pl

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.exports.decode import DecodedPage, Decoder
from driftaudit.exports.frames import FrameBuilder, refuse_wrong_instants
from driftaudit.exports.manifest import DELETED, Entry, Gap, Manifest, utc
from driftaudit.exports.paging import Paging
from driftaudit.exports.strict import PageError, decoded

ROWS_PER_FRAME = 200_000
LINK_LEFT = "nextlink_left"


class Line(msgspec.Struct):
    """One answer of the service."""

    page: msgspec.Raw
    scope: str | None = None
    request: str = ""
    at: str = ""
    origin: str | None = msgspec.field(name="from", default=None)
    """SHA-256 of the manifest of the export in which it was read, if that is another one."""


_LINES = msgspec.json.Decoder(Line)


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
        if self.entry.status == "complete" and (self._unread() or self.cut_off):
            return "partial"
        return self.entry.status

    @property
    def reason(self) -> str | None:
        """Say why the collection is not complete, or what else is to be known of it."""
        if self.status == "complete":
            return self.entry.reason
        told = (self.entry.reason if self.entry.status != "complete" else None, self.failure, self.cut_off)
        return "; ".join(t for t in told if t) or self._gap_reason()

    def _gap_reason(self) -> str:
        """Say what is known where the export gives no reason."""
        if self._unread() and self.was_read:
            return f"{self._unread()} of its {self.collection.scopes_named} not read"
        return "the export does not say why"

    def _unread(self) -> int:
        """Count the scopes that were there and were not read; what was deleted after it was listed is no loss."""
        return sum(gap.code != DELETED for gap in self.gaps.values())

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the records as frames of about ROWS_PER_FRAME rows."""
        builder = FrameBuilder(self.collection)
        for page in self.pages():
            builder.add(page)
            if builder.rows >= ROWS_PER_FRAME:
                yield builder.take()
        if self.failure is None:
            yield builder.take()

    def pages(self) -> Iterator[DecodedPage]:
        """Yield the decoded pages; one that is not of the collection's shape ends and fails the reading."""
        if not self.was_read:
            return
        try:
            yield from self._pages()
        except PageError as error:
            self.failure = self._told(error)

    def _told(self, error: PageError) -> str:
        """Return a failure as one sentence with file, line and next step."""
        where = error.where or self._where or self.collection.name
        return f"{where} cannot be read: {error}; export {self.collection.name} again"

    def _pages(self) -> Iterator[DecodedPage]:
        """Yield the pages and note what they tell about completeness."""
        decoder, paging = Decoder(self.collection), Paging()
        for numbered in self.export.lines(self.collection.name):
            self._where, line = numbered.where, numbered.line
            values, count, next_link = decoder.page(line.page)
            refuse_wrong_instants(self.collection, values)
            scope = self._scope(line)
            paging.note(scope, line.request, next_link, self._where if numbered.cut_off else None)
            self.rows += count
            self.scopes.add(scope)
            yield DecodedPage(values, count, line.scope, _instant(line.at, self.export.taken_at))
        self._close(paging)
        self.missing_fields = sorted({*self.entry.missing_fields, *(decoder.missing_fields() if self.rows else [])})

    def _scope(self, line: Line) -> str:
        """Return what a line's records belong to, in lower case; a collection with scopes must say it."""
        scope = (line.scope or "").lower()
        if self.collection.scoped_by and not scope:
            named = self.collection.scopes_named
            raise PageError(
                f"it does not say which of the {named} it is of (plain files are {self.collection.name}/SCOPE.json)"
            )
        return scope

    def _close(self, paging: Paging) -> None:
        """Turn next pages that were never read into gaps, or the whole collection into a partial one."""
        self.cut_off = paging.reason(self.collection.scopes_named if self.collection.scoped_by else None)
        for scope in paging.unfinished() - {""}:
            self.gaps.setdefault(scope, Gap(scope, LINK_LEFT, "further pages were not read"))

    _where: str = ""


@lru_cache(maxsize=4096)
def _instant(text: str, otherwise: datetime) -> datetime:
    """Return when a line was read, from an ISO instant or an HTTP date; the export's own instant failing that."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError):
            return utc(parse(text))
    return otherwise


def jsonl_lines(folder: Path, manifest: Manifest) -> Callable[[str], Iterator[Numbered]]:
    """Return the function that streams a collection's lines from its file."""

    def lines(name: str) -> Iterator[Numbered]:
        entry = manifest.collections[name]
        if entry.file is None:
            raise PageError("the manifest names no file for it")
        return lines_in(folder / entry.file)

    return lines


def lines_in(path: Path) -> Iterator[Numbered]:
    """Yield the lines of one file of answers; a damaged one is a PageError."""
    for where, raw in _raw_lines(path):
        yield Numbered(_line(raw, where), where)


def _raw_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each line of a file with the place where it stands, or say where the file breaks off."""
    number = 0
    try:
        with _opened(path) as file:
            for number, raw in enumerate(file, start=1):
                yield f"{path} line {number}", raw
    except (OSError, EOFError, zlib.error) as error:
        raise PageError(f"the file is damaged ({error})", f"{path} line {number + 1}") from error


def _line(raw: bytes, where: str) -> Line:
    """Return a line, or say which one is none."""
    try:
        return decoded(_LINES, raw)
    except PageError as error:
        raise PageError(f"it is no answer of the service: {error}", where) from error


def _opened(path: Path) -> io.BufferedIOBase:
    """Open a file for reading bytes, unpacking it if its name says so."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
