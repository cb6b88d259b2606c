"""Tracking: where the service tells what has changed that alone is read, and everything where that is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from driftaudit.collect.before import NONE_BEFORE, Before, ids_of, listed, listed_and_next, newest
from driftaudit.collect.changes import Doubt, changed_since, from_now_on, holding, link_on
from driftaudit.collect.reading import Reader
from driftaudit.collect.requests import request_for
from driftaudit.collectors._record import Collection
from driftaudit.exports.export import Line, lines_in
from driftaudit.exports.manifest import Delta, Entry
from driftaudit.exports.paging import target
from driftaudit.exports.strict import PageError
from driftaudit.exports.writer import ExportWriter
from driftaudit.graph.client import Graph
from driftaudit.store.coverage import LOST_ROWS, LOST_SHARE, SCOPE_ROWS

_ALWAYS_LISTED = ("#microsoft.graph.user", "#microsoft.graph.group", "#microsoft.graph.serviceprincipal")
"""Types of members that stand in a list of their own as long as they are there.

Devices and contacts are in none that is read: that one of them is deleted is seen when everything is read.
"""


@dataclass
class Tracking:
    """How one collection is read in one run."""

    collection: Collection
    writer: ExportWriter
    before: Before | None
    delta: Delta
    changed: set[str] = field(default_factory=set)
    there: set[str] = field(default_factory=set)
    """Who stands in a list of this run."""
    at: str | None = None
    """When the service told what has changed."""

    async def begin(self, graph: Graph, full_every: int) -> None:
        """Ask what has changed, or from where to ask the next time; nothing of the collection itself is read yet."""
        before, delta = self.before, self.delta
        why = NONE_BEFORE if before is None else before.doubt(self.writer.manifest, delta.permissions, full_every)
        if before is not None and why is None:
            why = await self._asked(graph, before)
        if why is not None:
            delta.why_full = why
            await self._from_now_on(graph)

    @classmethod
    def again(cls, collection: Collection, writer: ExportWriter, left: Delta) -> Tracking:
        """Go on with reading every scope; the link stays, because nothing had been read before it was given."""
        path = writer.path_of_changes(collection.name)
        lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
        left.pages = 1 if len(lines) == 1 and lines[0].endswith(b"\n") else None
        return cls(collection, writer, newest(writer.folder, writer.manifest, collection), left)

    def carry(self, reader: Reader) -> None:
        """Hand on every scope that has not changed, as it stands in the export before."""
        before, delta = self.before, self.delta
        if before is None or before.delta is None or delta.since is None:
            return
        wanted = reader.may_be_carried() - self.changed - set(before.delta.again)
        for scope, lines in groupby(before.lines(), key=lambda line: line.scope or ""):
            if scope in wanted:
                wanted.discard(scope)
                delta.carried += reader.carry(scope, self._undoubted(scope, lines), self._origin)
        self.there.clear()
        reader.file.first_at, reader.file.last_at = self.at, self.at

    def tell(self, entry: Entry, reader: Reader) -> None:
        """Complete what the manifest says: how many scopes were read, and which of them are to be read again."""
        self.delta.read = len(reader.sizes) + len(entry.gaps) - self.delta.carried
        lost = self._held_before(reader.sizes.keys())
        again = {scope for scope, rows in lost.items() if rows >= SCOPE_ROWS and 2 * reader.sizes[scope] < rows}
        # Nobody knows how much they held before, so they are read twice as well.
        again |= reader.sizes.keys() & (self.before.gaps() if self.before else set())
        self.delta.again = sorted(again)
        then, now = sum(lost.values()), sum(reader.sizes[scope] for scope in lost)
        self.delta.all_again = then - now >= LOST_ROWS and then - now > LOST_SHARE * then
        entry.delta = self.delta

    async def _asked(self, graph: Graph, before: Before) -> str | None:
        """Find out what has changed since the export before; return why that cannot be known, if it cannot."""
        file = self.writer.open_changes(self.collection.name)
        try:
            link = _last_link(before)
            self.changed = await changed_since(graph, link, file)
            appeared = self._appeared(before)
            if len(appeared) + len(self.changed) > before.pages:
                return "more has changed than would be read"
            self.changed |= await holding(graph, appeared, file)
        except Doubt as doubt:
            return str(doubt)
        except PageError as error:
            return f"{before.folder.name} cannot be read ({error})"
        finally:
            file.leave()
        self.delta.since, self.delta.pages, self.at = before.sha256, file.pages, file.last_at
        self.delta.runs = before.delta.runs + 1 if before.delta else 0
        return None

    def _appeared(self, before: Before) -> set[tuple[str, str]]:
        """Return who stands in a list now and did not before."""
        appeared = set[tuple[str, str]]()
        for name in self.collection.delta_tells_not_of:
            now = set(ids_of(self.writer.folder, self.writer.manifest, name))
            self.there |= now
            now.difference_update(ids_of(before.folder, before.manifest, name))
            appeared.update((name, object_id) for object_id in now)
        return appeared

    async def _from_now_on(self, graph: Graph) -> None:
        """Ask for the link with which the next run can ask for what has changed."""
        self.delta.since, self.delta.runs = None, 0
        file = self.writer.open_changes(self.collection.name)
        try:
            await from_now_on(graph, self.collection, file)
        finally:
            file.leave()
        self.delta.pages = file.pages or None

    def _undoubted(self, scope: str, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines of a scope; raise PageError if they are not the whole list, or if somebody in it is gone."""
        awaited = target(request_for(self.collection, scope))
        for line in lines:
            if target(line.request) != awaited:
                raise PageError("it is not what would be asked for now")
            members, link = listed_and_next(line.page)
            for member in members:
                if member.type.lower() in _ALWAYS_LISTED and member.id.lower() not in self.there:
                    raise PageError("a member is gone")
            awaited = target(link) if link else None
            yield line
        if awaited is not None:
            raise PageError("a page of it is missing")

    def _origin(self, line: Line) -> str:
        """Return the export in which a line was read."""
        return line.origin or self.delta.since or ""

    def _held_before(self, scopes: Container[str]) -> dict[str, int]:
        """Return how many records each of some scopes held in the export before; nothing where that cannot be read."""
        held = Counter[str]()
        try:
            for line in self.before.lines() if self.before else ():
                if (scope := line.scope or "") in scopes:
                    held[scope] += len(listed(line.page))
        except PageError:
            return {}
        return held


async def tracked(
    graph: Graph, collection: Collection, writer: ExportWriter, permissions: list[str] | None, full_every: int
) -> Tracking | None:
    """Begin to track a collection; return None where the service does not tell, or every run is to read everything."""
    if not collection.delta or full_every == 1:
        return None
    before = newest(writer.folder, writer.manifest, collection)
    tracking = Tracking(collection, writer, before, Delta(request=collection.delta, permissions=permissions))
    await tracking.begin(graph, full_every)
    return tracking


def _last_link(before: Before) -> str:
    """Return the link to what has changed since an export was made; raise Doubt if it holds none."""
    file = before.delta.file if before.delta else None
    told = (numbered.line for numbered in lines_in(before.folder / file)) if file else ()
    links = [link for line in told if line.scope is None and (link := link_on(line.page))]
    if not links:
        raise Doubt(f"{before.folder.name} holds no link to what has changed since")
    return links[-1]
