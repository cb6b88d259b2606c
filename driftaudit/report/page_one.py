"""Page 1: the verdict, the numbers, the tasks and the gaps, in as many words as a manager reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from driftaudit.audit.audit import Audit
from driftaudit.report.tiles import Tile, further, tiles
from driftaudit.report.todo import Task, todo
from driftaudit.report.unread import Unread, unread
from driftaudit.report.verdict import Verdict, verdict

WORDS_AT_MOST = 120
_HEADINGS = 4


@dataclass(frozen=True, slots=True)
class _Room:
    """How much page 1 may say."""

    names: int
    """Words for the name of a resource."""
    reasons: int
    """Words for the reason of a gap."""
    parts: int
    """Kinds of work told of one person."""
    left_out: bool = False
    """Name what was left out, and do not only count it."""
    brief: bool = False
    """Say the shorter of the two grounds."""


_ROOM = (
    _Room(8, 22, 2, left_out=True), _Room(5, 14, 2, left_out=True), _Room(5, 14, 2), _Room(3, 10, 2), _Room(3, 10, 1),
    _Room(0, 10, 1), _Room(0, 6, 1), _Room(0, 0, 1), _Room(0, 0, 1, brief=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageOne:
    """What stands on page 1 below its masthead."""

    verdict: Verdict
    tiles: tuple[Tile, ...]
    further: str
    """What the other checks found, in one line."""
    todo: tuple[Task, ...]
    unread: Unread


def page_one(audit: Audit, masthead: str) -> PageOne:
    """Return page 1 with the longest names and reasons that leave it within its words."""
    said, numbers = verdict(audit), tiles(audit)
    pages = (_page(audit, said, numbers, room) for room in _ROOM)
    fitting = (page for page in pages if _fits(page, masthead))
    return next(fitting, None) or _page(audit, said, numbers, _ROOM[-1])


def _page(audit: Audit, said: Verdict, numbers: tuple[Tile, ...], room: _Room) -> PageOne:
    return PageOne(
        verdict=replace(said, ground=said.brief) if room.brief else said,
        tiles=numbers,
        further=further(audit),
        todo=todo(audit, room.names, room.parts),
        unread=unread(audit, room.reasons, name_left_out=room.left_out),
    )


def _fits(page: PageOne, masthead: str) -> bool:
    return sum(_words(text) for text in (masthead, *_texts(page))) + _HEADINGS <= WORDS_AT_MOST


def _texts(page: PageOne) -> Iterator[str]:
    yield from (page.verdict.chip, page.verdict.sentence, page.verdict.ground)
    for tile in page.tiles:
        yield from (tile.number, tile.name, tile.change, "" if tile.assessed else "not assessed")
    yield page.further
    for task in page.todo:
        yield from (task.who, task.what, task.until)
    yield from (*page.unread.lines, page.unread.left_out)


def _words(text: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in text.split())
