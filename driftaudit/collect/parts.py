"""Parts: what was read of one list, just now or by a run that broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from driftaudit.collect.pages import Taken
from driftaudit.exports.decode import DecodedPage
from driftaudit.exports.unfinished import Kept, Written, written
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.answer import Answer

OK = 200


@dataclass
class Part:
    """What was read of one list: the whole collection, or one scope of it."""

    rows: int = 0
    limited: int = 0
    kept: list[DecodedPage] = field(default_factory=list)

    def add(self, taken: Taken, scope: str | None, *, keep: bool) -> None:
        """Count a page, and keep what others will ask of it."""
        self.rows += taken.rows
        self.limited += taken.limited
        if keep:
            self.kept.append(DecodedPage(taken.values, taken.rows, scope, datetime.min))


@dataclass(frozen=True, slots=True)
class Left:
    """A list as a run that broke has left it."""

    scope: str | None
    part: Part
    before: tuple[int, int]
    """The mark of its file before the first of its pages."""
    last: Answer
    """Its last page, which tells of the next one unless the list was read to its end."""
    is_whole: bool


def left_in(file: CollectionFile, kept: Kept, take: Callable[[bytes], Taken], *, keep: bool) -> Iterator[Left]:
    """Yield the lists that a file holds, each page taken as if it had just come; a wrong one is a PageError."""
    for scope, lines in groupby(written(file.path, kept.size), key=lambda each: each.line.scope):
        part, before, last = Part(), None, None
        for each in lines:
            part.add(take(bytes(each.line.page)), scope, keep=keep)
            before, last = before or each.before, each
        if before is not None and last is not None:
            yield Left(scope, part, before, _answer(last), before != kept.unfinished)


def _answer(last: Written) -> Answer:
    """Return a line as the answer that it was."""
    return Answer(last.line.request, OK, bytes(last.line.page), {}, last.line.at, 0)
