"""A run: every collection in its order into one export folder, which can be loaded when it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from driftaudit import __version__
from driftaudit.collect.gaps import failure_reason
from driftaudit.collect.garbage import seldom
from driftaudit.collect.order import in_order, with_owners
from driftaudit.collect.reading import Reader
from driftaudit.collect.requests import about_all, is_sharepoint, request_for
from driftaudit.collect.watch import Watch
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.errors import IntegrityError, NothingRead, UsageError
from driftaudit.exports.manifest import Entry, Manifest
from driftaudit.exports.strict import PageError
from driftaudit.exports.writer import ExportWriter
from driftaudit.graph.answer import Answer
from driftaudit.graph.claims import Claims
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import DeadlineOver, GraphFailure, NotGraph, SignInRefused, Unreachable
from driftaudit.graph.sharepoint import SharePoint
from driftaudit.store.scratch import Scratch, scratch

_TENANT = "organization"


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


@dataclass(frozen=True, slots=True)
class Services:
    """Whom a run asks."""

    graph: Graph
    sharepoint: SharePoint | None = None

    def of(self, collection: Collection) -> Graph | SharePoint:
        """Return who is asked for a collection."""
        return self.sharepoint if self.sharepoint and is_sharepoint(collection) else self.graph


class _Tenant(msgspec.Struct):
    id: str
    displayName: str | None = None


class _Tenants(msgspec.Struct):
    value: list[_Tenant]


async def collect(services: Services, claims: Claims | None, wanted: Wanted, watch: Watch) -> Path:
    """Read a tenant and return its export folder; raise where not even the tenant can be told."""
    left_out = _left_out(wanted, services)
    first = await services.graph.get(request_for(collections()[_TENANT]))
    tenant = _tenant(first, claims, wanted)
    writer = ExportWriter(wanted.exports / _name(first.at), _manifest(first, tenant, claims, wanted))
    writer.skip(left_out)
    with scratch() as kept, seldom():
        run = _Run(services, writer, kept, watch, claims.permissions if claims else None, wanted.members_too)
        at = await run.read(n for n in collections() if n not in left_out)
    return writer.finish(max(at, first.at))


@dataclass
class _Run:
    """One run on its way through the collections."""

    services: Services
    writer: ExportWriter
    kept: Scratch
    watch: Watch
    held: frozenset[str] | None
    members_too: bool
    over: GraphFailure | None = None
    """After what nothing more can be read."""

    async def read(self, names: Iterable[str]) -> str:
        """Read one collection after the other and return when the last answer was given."""
        order, at = in_order(names), ""
        for number, collection in enumerate(order, start=1):
            self.watch.begun(collection.name, number, len(order))
            entry = self._without(collection) or await self._read(collection)
            at = max(at, entry.finished_at or "")
            self.watch.closed(collection.name, entry)
        return at

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
        file = self.writer.open(collection.name)
        asked = about_all(collection) if self.members_too else collection
        reader = Reader(self.services.of(collection), asked, file, self.kept, self.watch, self.held)
        try:
            entry = await reader.read()
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

    def _lower(self, collection: Collection, entry: Entry) -> None:
        """Make a collection partial if those that say about what to ask were not read whole."""
        entries = self.writer.manifest.collections
        above = [name for name in (collection.scoped_by, *collection.scope_stands_on) if name]
        unsure = [name for name in above if name in entries and entries[name].status != "complete"]
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


def _left_out(wanted: Wanted, services: Services) -> dict[str, str]:
    """Return the collections that are not read, each with the reason."""
    named = {*wanted.only, *(name for name, _ in wanted.skipped)}
    for name in sorted(named - collections().keys()):
        raise UsageError(f"There is no collection {name!r}.", f"There are: {', '.join(collections())}.")
    not_named = set(collections()) - {*with_owners(wanted.only), _TENANT} if wanted.only else set()
    unreachable = () if services.sharepoint else (c.name for c in collections().values() if is_sharepoint(c))
    return (
        dict.fromkeys(unreachable, "no sign-in for SharePoint is configured")
        | dict.fromkeys(sorted(not_named), "left out with --only")
        | dict(wanted.skipped)
    )


def _tenant(answer: Answer, claims: Claims | None, wanted: Wanted) -> _Tenant:
    """Return which tenant it is, by its own answer or else by the sign-in; another than the wanted one is refused."""
    tenant = _answered(answer) or (_Tenant(claims.tenant_id) if claims and claims.tenant_id else None)
    if tenant is None:
        raise NothingRead(
            f"The service does not say which tenant this is (status {answer.status}).",
            "Grant Organization.Read.All, or sign in again.",
        )
    if wanted.tenant_id and tenant.id.lower() != wanted.tenant_id.lower():
        raise IntegrityError(
            f"The sign-in leads to tenant {tenant.id}, not to {wanted.tenant_id}.",
            "Correct [tenant] id, or sign in to the right tenant; nothing was written.",
        )
    return tenant


def _answered(answer: Answer) -> _Tenant | None:
    """Return the tenant in an answer, if the service gave one."""
    if answer.status != 200:
        return None
    try:
        return next(iter(msgspec.json.decode(answer.body, type=_Tenants).value), None)
    except ValueError:
        return None


def _manifest(first: Answer, tenant: _Tenant, claims: Claims | None, wanted: Wanted) -> Manifest:
    """Return the manifest of a run that begins; its instant is the service's, so a wrong clock here moves nothing."""
    return Manifest(
        format=1,
        state="open",
        tenant_id=tenant.id,
        tenant_name=tenant.displayName,
        taken_at=datetime.fromisoformat(first.at),
        tool=f"driftaudit {__version__}",
        app_id=claims.app_id if claims else None,
        signed_in_as=claims.signed_in_as if claims else None,
        cloud=wanted.cloud,
        collections={},
    )


def _name(at: str) -> str:
    """Return the folder's name: the instant, without what some file systems refuse."""
    return at.replace(":", "")
