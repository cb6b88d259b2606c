"""A run: every collection in its order into one export folder, which can be loaded when it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from driftaudit import __version__
from driftaudit.collect.order import in_order
from driftaudit.collect.reading import Reader, failed
from driftaudit.collect.requests import is_sharepoint, request_for
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
_ENDS_ALL = (DeadlineOver, NotGraph, SignInRefused, Unreachable)
"""After one of these, nothing more can be read in this run."""


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
    for name, reason in left_out.items():
        writer.close(name, Entry(status="skipped", reason=reason))
    with scratch() as kept:
        at = await _read_all(services, writer, kept, watch, [n for n in collections() if n not in left_out])
    return writer.finish(max(at, first.at))


async def _read_all(services: Services, writer: ExportWriter, kept: Scratch, watch: Watch, names: Iterable[str]) -> str:
    """Read one collection after the other and return when the last answer was given."""
    order, over, at = in_order(names), None, ""
    for number, collection in enumerate(order, start=1):
        watch.begun(collection.name, number, len(order))
        entry, over = await _read(services, writer, kept, watch, collection, over)
        at = max(at, entry.finished_at or "")
        watch.closed(collection.name, entry)
    return at


async def _read(
    services: Services,
    writer: ExportWriter,
    kept: Scratch,
    watch: Watch,
    collection: Collection,
    over: GraphFailure | None,
) -> tuple[Entry, GraphFailure | None]:
    """Read one collection; return its entry, and the failure after which nothing more can be read."""
    if over is not None:
        entry = failed(collection, over)
        writer.close(collection.name, entry)
        return entry, over
    file = writer.open(collection.name)
    reader = Reader(services.of(collection), collection, file, kept, watch)
    try:
        entry = await reader.read()
        entry.started_at, entry.finished_at = file.first_at, file.last_at
        writer.close(collection.name, entry, file)
        return entry, None
    except (GraphFailure, PageError) as failure:
        file.drop()
        kept.forget(collection)
        entry = failed(collection, failure)
        writer.close(collection.name, entry)
        return entry, failure if isinstance(failure, _ENDS_ALL) else None


def _left_out(wanted: Wanted, services: Services) -> dict[str, str]:
    """Return the collections that are not read, each with the reason."""
    named = {*wanted.only, *(name for name, _ in wanted.skipped)}
    for name in sorted(named - collections().keys()):
        raise UsageError(f"There is no collection {name!r}.", f"There are: {', '.join(collections())}.")
    not_named = set(collections()) - {*wanted.only, _TENANT} if wanted.only else set()
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
