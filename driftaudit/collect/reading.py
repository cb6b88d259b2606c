"""Reading one collection: pages in, lines and an entry of the manifest out; a refusal is written down, never raised."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from driftaudit.collect.counting import Counting
from driftaudit.collect.gaps import HIDDEN, UNREADABLE, blocking, judged, reason, refused
from driftaudit.collect.pages import Pages
from driftaudit.collect.parts import Left, Part, left_in
from driftaudit.collect.requests import request_for
from driftaudit.collect.watch import Watch
from driftaudit.collectors._record import Collection
from driftaudit.exports.decode import DecodedPage
from driftaudit.exports.export import Line
from driftaudit.exports.manifest import Entry, Gap
from driftaudit.exports.strict import PageError
from driftaudit.exports.unfinished import Kept
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import BrokenAnswer, PageTokenExpired, Refused
from driftaudit.graph.sharepoint import SharePoint
from driftaudit.store.scratch import Scratch, needed

TRIES = 3
"""How often a list is begun again after its page token has expired."""
PAGES_KEPT = 1000
"""Pages of which something is kept until it is handed over."""
AT_ONCE = 160
"""Scopes asked about together: eight batches, which is what the connections carry."""


@dataclass
class Reader:
    """One collection while it is being read."""

    service: Graph | SharePoint
    collection: Collection
    file: CollectionFile
    kept: Scratch
    watch: Watch
    held: frozenset[str] | None = None
    """The permissions of the sign-in, as far as it tells them."""
    rows: int = 0
    retries: int = 0
    limited: int = 0
    gaps: list[Gap] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    """How many records each scope holds that was read to its end."""

    def __post_init__(self) -> None:
        """Find out what the sign-in lacks, and what others will ask of this collection."""
        filled_with = self.collection.filled_with
        self._lacking = self.held is not None and bool(filled_with) and self.held.isdisjoint(filled_with)
        self._kept_columns = needed().get(self.collection.name, frozenset())
        self._asked = 0
        self._pages = self._new_pages()
        self._kept: list[DecodedPage] = []
        self._done: set[str | None] = set()
        self._left: Left | None = None

    def take_up(self, kept: Kept) -> None:
        """Take in what a run before has written down; raise PageError if it is not of the collection's shape."""
        may_be_empty = self._may_be_hidden() if kept.size else set()
        for left in left_in(self.file, kept, self._pages.take, keep=bool(self._kept_columns)):
            if self._left is not None:
                raise PageError("it goes on behind a list that was not read to its end")
            self._left = left
            # Nothing at all may be what is left of a group that hides its members, before that was noticed.
            if left.is_whole and (left.part.rows or left.scope not in may_be_empty):
                self._left = None
                self._done.add(left.scope)
                self._add(left.part, left.scope)

    def carry(self, scope: str, lines: Iterable[Line], origin: Callable[[Line], str]) -> bool:
        """Take a scope in as another export holds it, and tell whether that could be; if not, it is still to be read.

        `lines` raise PageError where that is doubtful; nothing is left of the scope then.
        """
        mark, part = self.file.mark(), Part()
        try:
            for line in lines:
                part.add(self._pages.take(bytes(line.page)), scope, keep=bool(self._kept_columns))
                self.file.add(scope, line.request, line.at, line.page, origin(line))
        except PageError:
            self.file.back_to(mark)
            return False
        self._done.add(scope)
        self._add(part, scope)
        return True

    def may_be_carried(self) -> set[str]:
        """Return the scopes whose records nobody but the service itself can hide."""
        return set(self.kept.scopes(self.collection)) - self._may_be_hidden()

    async def read(self, counting: Counting) -> Entry:
        """Read everything, or what is still to be read, and return what the manifest says of it."""
        if self.collection.scoped_by is None:
            await self._whole()
        else:
            await self._scopes(self.kept.scopes(self.collection))
        self._hand_over()
        self.gaps = judged(self.collection, self.gaps, self._asked)
        expected = await counting.ended()
        return self._entry(expected, counting.told(self.rows))

    def _entry(self, expected: int | None, miscounted: str | None) -> Entry:
        """Return what the manifest says."""
        empty = self._pages.empty_fields() if self.rows else []
        missing = self._pages.missing_fields() if self.rows else []
        unread = reason(self.collection, self.gaps, self._asked)
        worse = [told for told in (unread, miscounted, self._said_empty(empty)) if told]
        failed = blocking(self.gaps) and self.file.pages == 0
        return Entry(
            status="failed" if failed else "partial" if worse else "complete",
            reason="; ".join([*worse, *self._said_limited()]) or None,
            rows=self.rows,
            expected=expected,
            permission=self.collection.permission,
            missing_fields=sorted({*missing, *empty}),
            retries=self.retries,
            gaps=self.gaps,
        )

    async def _whole(self) -> None:
        """Read a list from its first page to its last; begin again where the service lost its place."""
        if None not in self._done:
            self._add(await self._begun_again(request_for(self.collection), None, self._left), None)

    async def _scopes(self, scopes: list[str]) -> None:
        """Read scope after scope; one that is refused is a gap and stops nothing."""
        self._asked = len(scopes)
        hidden = self._may_be_hidden()
        if self._left is not None and self._left.scope is not None:
            self._done.add(self._left.scope)
            await self._scope(self._left.scope, self._left, may_be_hidden=self._left.scope in hidden)
        still = [scope for scope in scopes if scope not in self._done]
        for start in range(0, len(still), AT_ONCE):
            asked = still[start : start + AT_ONCE]
            answers = await self.service.batch([request_for(self.collection, scope) for scope in asked])
            for scope, answer in zip(asked, answers, strict=True):
                await self._scope(scope, answer, may_be_hidden=scope in hidden)
            done = len(scopes) - len(still) + start + len(asked)
            self.watch.scopes(self.collection.name, done, len(scopes))

    async def _scope(self, scope: str, begun: Answer | Left, *, may_be_hidden: bool) -> None:
        """Read one scope from what is there of it on; whatever goes wrong, nothing of it is left."""
        mark = begun.before if isinstance(begun, Left) else self.file.mark()
        try:
            part = await self._begun_again(request_for(self.collection, scope), scope, begun)
        except Refused as refusal:
            self.gaps.append(refused(scope, refusal))
        except PageTokenExpired as expired:
            self.gaps.append(Gap(scope, "page_token_expired", expired.happened))
        except BrokenAnswer as broken:
            self.gaps.append(Gap(scope, UNREADABLE, broken.happened))
        except PageError as error:
            self.gaps.append(Gap(scope, UNREADABLE, str(error)))
        else:
            if may_be_hidden and not part.rows:
                self.file.back_to(mark)
                self.gaps.append(
                    Gap(scope, HIDDEN, f"nothing came, which may be for want of {self.collection.hidden_with}")
                )
                return
            self._add(part, scope)
            return
        self.file.back_to(mark)

    async def _begun_again(self, request: str, scope: str | None, begun: Answer | Left | None) -> Part:
        """Read a list; where the service lost its place, forget what it said and begin again."""
        if isinstance(begun, Left):
            if (part := await self._continued(begun)) is not None:
                return part
            begun = None
        mark = self.file.mark()
        for _ in range(TRIES - 1):
            try:
                return await self._list(Part(), scope, self.service.pages(request, begun))
            except PageTokenExpired:
                self._forget(mark, scope)
                begun = None
        return await self._list(Part(), scope, self.service.pages(request))

    async def _continued(self, left: Left) -> Part | None:
        """Go on behind the last page of a list; where that cannot be, forget the list and return None."""
        if not left.is_whole:
            further = self.service.pages(left.last.request, left.last)
            try:
                await anext(further)  # the page that is there already
                return await self._list(left.part, left.scope, further)
            except (PageTokenExpired, Refused, BrokenAnswer, PageError):
                pass
        self._forget(left.before, left.scope)
        return None

    async def _list(self, part: Part, scope: str | None, answers: AsyncIterator[Answer]) -> Part:
        """Write down every page of one list."""
        async for answer in answers:
            self.retries += answer.retries
            taken = self._pages.take(answer.body)
            self.file.add(scope, answer.request, answer.at, answer.body)
            part.add(taken, scope, keep=bool(self._kept_columns))
            self.watch.page(self.collection.name, self.rows + part.rows)
        return part

    def _forget(self, mark: tuple[int, int], scope: str | None) -> None:
        """Leave nothing of a list; what its pages told of missing fields counts on where other lists told it too."""
        self.file.back_to(mark)
        self._pages = self._pages if scope else self._new_pages()

    def _new_pages(self) -> Pages:
        """Return what has seen no page yet."""
        return Pages(self.collection, self._kept_columns, seek_empty=self._lacking)

    def _add(self, part: Part, scope: str | None) -> None:
        """Count a list that was read to its end."""
        if scope is not None:
            self.sizes[scope] = part.rows
        self.rows += part.rows
        self.limited += part.limited
        self._kept.extend(part.kept)
        if len(self._kept) >= PAGES_KEPT:
            self._hand_over()

    def _hand_over(self) -> None:
        """Give what others will ask of these records to where they ask."""
        if self._kept:
            self.kept.keep(self.collection, self._kept)
            self._kept = []

    def _may_be_hidden(self) -> set[str]:
        """Return the scopes that may come back empty although they are not."""
        where = self.collection.hidden_where
        holds = self.held is not None and self.collection.hidden_with in self.held
        return set(self.kept.scopes(self.collection, where)) if where and not holds else set()

    def _said_empty(self, fields: list[str]) -> str | None:
        """Say which fields nobody may read."""
        if not fields:
            return None
        return f"nothing stands in {', '.join(fields)} without {self.collection.permission}"

    def _said_limited(self) -> list[str]:
        """Say of how many records no more may be read than that they are there."""
        return [f"of {self.limited} no more may be read than id and type"] if self.limited else []
