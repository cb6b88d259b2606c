"""What a run that broke has left of the collection it was reading: the answers that are whole and follow each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from driftaudit.exports.export import Line
from driftaudit.exports.paging import target
from driftaudit.exports.strict import PageError, decoded

FirstRequest = Callable[[str | None], str | None]
"""Returns what is asked first about a scope, or None if nothing is asked about it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a file can stay, and where in it a list begins of which there are further pages."""

    size: int = 0
    pages: int = 0
    first_at: str | None = None
    last_at: str | None = None
    unfinished: tuple[int, int] | None = None
    """The bytes and the pages before a list that was not read to its end, if there is one."""


NOTHING: Final = Kept()


@dataclass(frozen=True, slots=True)
class Written:
    """One answer of the file, and the bytes and the pages before it."""

    line: Line
    before: tuple[int, int]


class _Page(msgspec.Struct):
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    rest_next_link: str | None = msgspec.field(default=None, name="odata.nextLink")


class _Line(msgspec.Struct):
    """As much of a line as tells what it follows and what follows it."""

    page: _Page
    request: str
    at: str
    scope: str | None = None


@dataclass
class _Survey:
    """What is known of a file up to some line."""

    first_request: FirstRequest
    kept: Kept = NOTHING
    scope: str | None = None
    following: str | None = None
    seen: set[str | None] = field(default_factory=set)

    def follows(self, line: _Line) -> bool:
        """Tell whether a line is the next page of the list before it, or the first of a list not read yet."""
        if self.following is not None:
            return line.scope == self.scope and target(line.request) == self.following
        first = None if line.scope in self.seen else self.first_request(line.scope)
        return first is not None and target(line.request) == target(first)

    def add(self, line: _Line, size: int) -> None:
        """Take in a line that follows."""
        begins = (self.kept.size, self.kept.pages) if self.following is None else self.kept.unfinished
        link = line.page.next_link or line.page.rest_next_link
        self.scope, self.following = line.scope, target(link) if link else None
        self.seen.add(line.scope)
        first_at = self.kept.first_at or line.at
        self.kept = Kept(size, self.kept.pages + 1, first_at, line.at, begins if link else None)


def kept(path: Path, first_request: FirstRequest) -> Kept:
    """Return how much of a file can stay: nothing from the first line on that is torn or has no business there."""
    if not path.is_file():
        return NOTHING
    survey, decoder, size = _Survey(first_request), msgspec.json.Decoder(_Line), 0
    with path.open("rb") as file:
        for raw in file:
            line, size = _line(decoder, raw), size + len(raw)
            if line is None or not _added(survey, line, size):
                break
    return survey.kept


def written(path: Path, size: int) -> Iterator[Written]:
    """Yield the answers that a file holds up to a size."""
    decoder, before, pages = msgspec.json.Decoder(Line), 0, 0
    with path.open("rb") as file:
        for raw in file:
            if before >= size:
                return
            yield Written(decoded(decoder, raw), (before, pages))
            before, pages = before + len(raw), pages + 1


def _line(decoder: msgspec.json.Decoder[_Line], raw: bytes) -> _Line | None:
    """Return a line, or None if it is not a whole one."""
    try:
        return decoded(decoder, raw) if raw.endswith(b"\n") else None
    except PageError:
        return None


def _added(survey: _Survey, line: _Line, size: int) -> bool:
    """Take in a line if it follows; what names no address follows from nothing and leads nowhere."""
    try:
        if survey.follows(line):
            survey.add(line, size)
            return True
    except PageError:
        pass
    return False
