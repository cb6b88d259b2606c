"""Reading one collection: pages in, lines and an entry of the manifest out; a refusal is written down, never raised."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from driftaudit.collect.requests import request_for
from driftaudit.collect.watch import Watch
from driftaudit.collectors._record import Collection
from driftaudit.exports.decode import DecodedPage, Decoder
from driftaudit.exports.export import ROWS_PER_FRAME
from driftaudit.exports.frames import FrameBuilder, refuse_wrong_instants
from driftaudit.exports.manifest import DELETED, Entry, Gap
from driftaudit.exports.strict import PageError
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import GraphFailure, PageTokenExpired, Refused
from driftaudit.graph.sharepoint import SharePoint
from driftaudit.store.scratch import Scratch, owners

TRIES = 3
"""How often a list is begun again after its page token has expired."""
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
    rows: int = 0
    retries: int = 0
    limited: int = 0
    gaps: list[Gap] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the decoder from the record."""
        self._decoder, self._builder = Decoder(self.collection), FrameBuilder(self.collection)
        self._keeps = self.collection.name in owners()

    async def read(self) -> Entry:
        """Read everything and return what the manifest says of it."""
        if self.collection.scoped_by is None:
            await self._whole()
        else:
            await self._scopes(self.kept.scopes(self.collection))
        if self._keeps:
            self.kept.keep(self.collection, self._builder.take())
        missing = self._decoder.missing_fields() if self.rows else []
        return Entry(
            status="partial" if any(g.code != DELETED for g in self.gaps) else "complete",
            reason=self._reason(),
            rows=self.rows,
            permission=self.collection.permission,
            missing_fields=missing,
            retries=self.retries,
            gaps=self.gaps,
        )

    async def _whole(self) -> None:
        """Read a list from its first page to its last; begin again where the service lost its place."""
        for tried in range(1, TRIES + 1):
            try:
                await self._pages(request_for(self.collection), None, None)
                return
            except PageTokenExpired:
                if tried == TRIES:
                    raise
                self._forget()

    async def _scopes(self, scopes: list[str]) -> None:
        """Read scope after scope; one that is refused is a gap and stops nothing."""
        for start in range(0, len(scopes), AT_ONCE):
            asked = scopes[start : start + AT_ONCE]
            answers = await self.service.batch([request_for(self.collection, scope) for scope in asked])
            for scope, answer in zip(asked, answers, strict=True):
                await self._scope(scope, answer)
            self.watch.scopes(self.collection.name, start + len(asked), len(scopes))

    async def _scope(self, scope: str, answer: Answer) -> None:
        """Read one scope from its first answer on."""
        for tried in range(1, TRIES + 1):
            mark, rows = self.file.mark(), self.rows
            try:
                await self._pages(answer.request, scope, answer if tried == 1 else None)
                return
            except PageTokenExpired as expired:
                self.file.back_to(mark)
                self.rows = rows
                if tried == TRIES:
                    self.gaps.append(Gap(scope, "page_token_expired", expired.happened))
            except Refused as refused:
                self.file.back_to(mark)
                self.rows = rows
                self.gaps.append(self._refused(scope, refused))
                return
            except PageError as error:
                self.file.back_to(mark)
                self.rows = rows
                self.gaps.append(Gap(scope, "unreadable", str(error)))
                return

    async def _pages(self, request: str, scope: str | None, first: Answer | None) -> None:
        """Write down every page of one list."""
        pages: AsyncIterator[Answer] = self.service.pages(request, first)
        async for answer in pages:
            self.retries += answer.retries
            values, count, _ = self._decoder.page(answer.body)
            refuse_wrong_instants(self.collection, values)
            self.file.add(scope, answer.request, answer.at, answer.body)
            self.rows += count
            if self._keeps:
                self._keep(DecodedPage(values, count, scope, datetime.min))
            self.watch.page(self.collection.name, self.rows)

    def _keep(self, page: DecodedPage) -> None:
        """Keep records that others are asked about, some at a time."""
        self._builder.add(page)
        if self._builder.rows >= ROWS_PER_FRAME:
            self.kept.keep(self.collection, self._builder.take())

    def _forget(self) -> None:
        """Begin anew."""
        self.file.restart()
        self.kept.forget(self.collection)
        self._decoder, self._builder = Decoder(self.collection), FrameBuilder(self.collection)
        self.rows = 0

    def _refused(self, scope: str, refused: Refused) -> Gap:
        """Return the gap that a refusal is; what was deleted since it was listed holds nothing any more."""
        gone = refused.status == 404
        words = ": ".join(part for part in (refused.code, refused.message) if part)
        return Gap(scope, DELETED if gone else str(refused.status), words or None)

    def _reason(self) -> str | None:
        """Say how many scopes were refused, and how."""
        refused = [g for g in self.gaps if g.code != DELETED]
        if not refused:
            return None
        codes = ", ".join(sorted({g.code for g in refused}))
        owners_name = (self.collection.scoped_by or "").replace("_", " ")
        return f"{len(refused)} of its {owners_name} refused ({codes})"


def failed(collection: Collection, failure: GraphFailure | PageError) -> Entry:
    """Return what the manifest says of a collection of which nothing can be used."""
    said = failure.happened if isinstance(failure, GraphFailure) else f"an answer cannot be read: {failure}"
    return Entry(status="failed", reason=said.rstrip("."), permission=collection.permission)
