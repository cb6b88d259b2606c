"""Page 1: the verdict, the numbers, the tasks and the gaps, in as many words as a manager reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from driftaudit.audit.audit import Audit
from driftaudit.report.tiles import Tile, tiles
from driftaudit.report.todo import Task, todo
from driftaudit.report.unread import Unread, unread
from driftaudit.report.verdict import Verdict, verdict

WORDS_AT_MOST = 120
_HEADINGS = 4
_ROOM = ((8, 22, True), (5, 14, True), (5, 14, False), (3, 10, False), (0, 10, False), (0, 6, False), (0, 0, False))
"""Words for the name of a resource, words for the reason of a gap, and whether what was left out is named."""


@dataclass(frozen=True, slots=True)
class PageOne:
    """What stands on page 1 below its masthead."""

    verdict: Verdict
    tiles: tuple[Tile, ...]
    todo: tuple[Task, ...]
    unread: Unread


def page_one(audit: Audit, masthead: str) -> PageOne:
    """Return page 1 with the longest names and reasons that leave it within its words."""
    said, numbers = verdict(audit), tiles(audit)
    pages = [
        PageOne(said, numbers, todo(audit, names), unread(audit, reasons, name_left_out=left_out))
        for names, reasons, left_out in _ROOM
    ]
    return next((page for page in pages if _fits(page, masthead)), pages[-1])


def _fits(page: PageOne, masthead: str) -> bool:
    return sum(_words(text) for text in (masthead, *_texts(page))) + _HEADINGS <= WORDS_AT_MOST


def _texts(page: PageOne) -> Iterator[str]:
    yield from (page.verdict.chip, page.verdict.sentence, page.verdict.ground)
    for tile in page.tiles:
        yield from (tile.number, tile.name, tile.change, "" if tile.assessed else "not assessed")
    for task in page.todo:
        yield from (task.who, task.what, task.until)
    yield from (*page.unread.lines, page.unread.left_out)


def _words(text: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in text.split())
