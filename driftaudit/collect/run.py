"""A run: every collection in its order into one export folder, which can be loaded when it is closed."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from driftaudit.collect.counting import Counting
from driftaudit.collect.gaps import failure_reason
from driftaudit.collect.garbage import seldom
from driftaudit.collect.order import for_persons, in_order, with_owners
from driftaudit.collect.reading import Reader
from driftaudit.collect.requests import about_all, is_sharepoint, newer_than, request_for
from driftaudit.collect.tenant import TENANT, manifest_of, refuse_other, request_of_tenant, tenant_of
from driftaudit.collect.tracking import Tracking, tracked
from driftaudit.collect.watch import Watch
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.exports.manifest import Entry, UnderWay
from driftaudit.exports.strict import PageError
from driftaudit.exports.unfinished import NOTHING, Kept
from driftaudit.exports.unfinished import kept as kept_of
from driftaudit.exports.writer import CollectionFile, ExportWriter
from driftaudit.graph.claims import Claims
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import DeadlineOver, GraphFailure, NotGraph, SignInRefused, Unreachable
from driftaudit.graph.sharepoint import SharePoint
from driftaudit.store.lock import locked
from driftaudit.store.scratch import Scratch, scratch

LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to do."""

    exports: Path
    """The folder in which the export gets a folder of its own."""
    tenant_id: str = ""
    """The tenant that it must be; empty: whichever the sign-in leads to."""
    cloud: str = "public"
    only: tuple[str, ...] = ()
    """The collections to read; empty: all."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Collections that are left out, each with the reason."""
    members_too: bool = False
    """Whether what is otherwise read of guests only is read of everybody."""
    full_every: int = 1
    """In one of so many runs every scope is read; the others go on from the export before."""
    newest: Mapping[str, datetime] = field(default_factory=dict)
    """By log, when the newest record happened that is known already."""

    def asked(self, collection: Collection) -> Collection:
        """Return a collection that asks for neither more nor less than is wanted of it."""
        return newer_than(about_all(collection) if self.members_too else collection, self.newest.get(collection.name))


@dataclass(frozen=True, slots=True)
class Services:
    """Whom a run asks."""

    graph: Graph
    sharepoint: SharePoint | None = None

    def of(self, collection: Collection) -> Graph | SharePoint:
        """Return who is asked for a collection."""
        return self.sharepoint if self.sharepoint and is_sharepoint(collection) else self.graph


async def collect(services: Services, claims: Claims | None, wanted: Wanted, watch: Watch) -> Path:
    """Read a tenant and return its export folder; raise where not even the tenant can be told."""
    left_out = _left_out(wanted, services, is_person=claims is not None and claims.is_person)
    first = await services.graph.get(request_of_tenant())
    tenant = tenant_of(first, claims)
    refuse_other(tenant.id, wanted.tenant_id)
    manifest = manifest_of(first, tenant, claims, wanted.cloud, left_out)
    writer = ExportWriter(wanted.exports / _name(first.at), manifest)
    with alone_in(writer.folder), scratch() as kept:
        run = Run(services, writer, kept, watch, claims.permissions if claims else None, wanted)
        return await run.to_the_end(first.at)


@contextmanager
def alone_in(folder: Path) -> Generator[None]:
    """Hold the lock on an export folder as long as it is written; what remains of it goes with a good end."""
    lock = folder / LOCK
    with locked(lock, folder):
        yield
    with suppress(OSError):
        lock.unlink()


@dataclass
class Run:
    """One run on its way through the collections."""

    services: Services
    writer: ExportWriter
    kept: Scratch
    watch: Watch
    held: frozenset[str] | None
    wanted: Wanted
    left: UnderWay | None = None
    """What a run before was reading when it broke."""
    over: GraphFailure | None = None
    """After what nothing more can be read."""

    async def to_the_end(self, at: str) -> Path:
        """Read whatever is neither read nor left out, close the export and return its folder."""
        entries = self.writer.manifest.collections
        skipped = {name for name, entry in entries.items() if entry.status == "skipped"}
        order = [self.wanted.asked(c) for c in in_order(collections().keys() - skipped)]
        with seldom():
            for number, collection in enumerate(order, start=1):
                if collection.name not in entries:
                    self.watch.begun(collection.name, number, len(order))
                    self.watch.closed(collection.name, self._without(collection) or await self._read(collection))
        return self.writer.finish(max(at, *(entry.finished_at or "" for entry in entries.values())))

    def _without(self, collection: Collection) -> Entry | None:
        """Write down that a collection cannot be read: the run is over, or nobody knows about what to ask."""
        above = self.writer.manifest.collections.get(collection.scoped_by or "")
        if self.over is not None:
            return self._failed(collection, failure_reason(collection, self.over))
        if above is None or above.status in ("complete", "partial"):
            return None
        said = f"{collection.scoped_by} were not read ({above.reason})"
        if above.status == "failed":
            return self._failed(collection, said)
        entry = Entry(status="skipped", reason=said, permission=collection.permission)
        self.writer.close(collection.name, entry)
        return entry

    async def _read(self, collection: Collection) -> Entry:
        """Read one collection and write down what came of it."""
        kept = self._kept_of(collection)
        file = self.writer.open(collection.name, kept)
        try:
            entry = await self._entry(collection, file, kept)
        except (GraphFailure, PageError) as failure:
            file.drop()
            self.kept.forget(collection)
            self.over = failure if isinstance(failure, _ends_all(collection)) else None
            return self._failed(collection, failure_reason(collection, failure))
        except BaseException:
            # A full disk, or somebody who stopped the run: what was written stays as it is.
            file.leave()
            raise
        if entry.status == "failed":
            file.drop()
            self.writer.close(collection.name, entry)
            return entry
        self._lower(collection, entry)
        entry.started_at, entry.finished_at = file.first_at, file.last_at
        self.writer.close(collection.name, entry, file)
        return entry

    def _kept_of(self, collection: Collection) -> Kept:
        """Return what stays of a run before: answers to other permissions may hold less, and are never mixed."""
        if self.left is None or self.left.collection != collection.name or self.left.permissions != self._permissions:
            return NOTHING
        if self.left.delta is not None and self.left.delta.since is not None:
            return NOTHING
        scopes = None if collection.scoped_by is None else set(self.kept.scopes(collection))

        def first_request(scope: str | None) -> str | None:
            is_asked = scope is None if scopes is None else scope in scopes
            return request_for(collection, scope) if is_asked else None

        return kept_of(self.writer.path(collection.name), first_request)

    async def _entry(self, collection: Collection, file: CollectionFile, kept: Kept) -> Entry:
        """Read a collection from where a run before has left it, if there is anything left of it."""
        reader = self._reader(collection, file)
        try:
            reader.take_up(kept)
        except PageError:
            file.restart()
            self.kept.forget(collection)
            reader, kept = self._reader(collection, file), NOTHING
        service, held = self.services.of(collection), self._permissions
        if self.left and kept.size:
            counting = Counting.again(service, collection, self.left.counted)
            tracking = Tracking.again(collection, self.writer, self.left.delta) if self.left.delta else None
        else:
            tracking = await tracked(self.services.graph, collection, self.writer, held, self.wanted.full_every)
            counting = await Counting.begun(service, collection)
            how = tracking.delta if tracking else None
            under_way = UnderWay(collection=collection.name, counted=counting.before, permissions=held, delta=how)
            self.writer.begin(under_way)
            if tracking:
                tracking.carry(reader)
        entry = await reader.read(counting)
        if tracking:
            tracking.tell(entry, reader)
        return entry

    def _reader(self, collection: Collection, file: CollectionFile) -> Reader:
        return Reader(self.services.of(collection), collection, file, self.kept, self.watch, self.held)

    @property
    def _permissions(self) -> list[str] | None:
        """Return the permissions as the manifest keeps them."""
        return None if self.held is None else sorted(self.held)

    def _lower(self, collection: Collection, entry: Entry) -> None:
        """Make a collection partial if those that say about what to ask were not read whole."""
        entries = self.writer.manifest.collections
        unsure = [n for n in collection.stands_on if n in entries and entries[n].status != "complete"]
        if unsure:
            told = f"{' and '.join(unsure)} were not read whole, so some were not asked about"
            entry.status, entry.reason = "partial", "; ".join(filter(None, [entry.reason, told]))

    def _failed(self, collection: Collection, reason: str) -> Entry:
        """Write down that nothing of a collection can be used."""
        entry = Entry(status="failed", reason=reason, permission=collection.permission)
        self.writer.close(collection.name, entry)
        return entry


def _ends_all(collection: Collection) -> tuple[type[GraphFailure], ...]:
    """Return after which failures nothing more can be read; SharePoint's door and sign-in are its own."""
    return (DeadlineOver,) if is_sharepoint(collection) else (DeadlineOver, NotGraph, SignInRefused, Unreachable)


def _left_out(wanted: Wanted, services: Services, *, is_person: bool) -> dict[str, str]:
    """Return the collections that are not read, each with the reason."""
    not_named = set(collections()) - {*with_owners(wanted.only), TENANT} if wanted.only else set()
    unreachable = () if services.sharepoint else (c.name for c in collections().values() if is_sharepoint(c))
    not_ours = () if is_person else for_persons()
    return (
        dict.fromkeys(not_ours, "needs a person to sign in")
        | dict.fromkeys(unreachable, "no sign-in for SharePoint is configured")
        | dict.fromkeys(sorted(not_named), "left out with --only")
        | dict(wanted.skipped)
    )


def _name(at: str) -> str:
    """Return the folder's name: the instant, without what some file systems refuse."""
    return at.replace(":", "")
