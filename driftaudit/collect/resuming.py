"""Resuming: a run goes on in the folder of one that broke, if both can be one snapshot of the same tenant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from driftaudit import TOOL
from driftaudit.collect.reading import PAGES_KEPT
from driftaudit.collect.requests import is_sharepoint
from driftaudit.collect.run import Run, Services, Wanted, alone_in
from driftaudit.collect.tenant import request_of_tenant, tenant_of
from driftaudit.collect.watch import Watch
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.errors import IntegrityError, UsageError
from driftaudit.exports.decode import DecodedPage, Decoder
from driftaudit.exports.export import jsonl_lines
from driftaudit.exports.manifest import NAME, Manifest, UnderWay, parsed, utc, verify
from driftaudit.exports.strict import PageError
from driftaudit.exports.writer import ExportWriter
from driftaudit.foreign_text import visible
from driftaudit.graph.claims import Claims
from driftaudit.store.scratch import Scratch, needed, scratch

LONGEST = timedelta(hours=24)
"""After that, what was read first and what is read last are of two different days."""
_ANEW = "Begin anew with `driftaudit collect`."


def unfinished(folder: Path) -> Manifest:
    """Return the manifest of a folder that a run can go on with, or say why it cannot; nothing is written."""
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        raise UsageError(f"{folder} {what}.", "Name the folder of a run that did not finish.")
    if not (folder / NAME).is_file():
        raise UsageError(f"{folder} holds no {NAME}, so nobody knows what is in it.", _ANEW)
    manifest, _ = parsed(folder)
    if manifest.state == "closed":
        raise UsageError(
            f"{folder} is finished; there is nothing to go on with.", f"Load it with `driftaudit load {folder}`."
        )
    if manifest.tool != TOOL:
        tool = visible(manifest.tool or "another tool")
        raise UsageError(f"{folder} was begun by {tool}, and this is {TOOL}.", _ANEW)
    return manifest


async def resume(services: Services, claims: Claims | None, folder: Path, wanted: Wanted, watch: Watch) -> Path:
    """Read what is still to be read of a tenant, and return its export folder, which is closed then."""
    _refuse_other_sign_in(folder, unfinished(folder), claims, wanted)
    with alone_in(folder):
        manifest = unfinished(folder)
        _refuse_without_sharepoint(folder, manifest, services)
        _verify(folder, manifest)
        first = await services.graph.get(request_of_tenant())
        _refuse_other_tenant(folder, manifest, tenant_of(first, claims).id)
        _refuse_old(folder, manifest, first.at)
        with scratch() as kept:
            _remember(kept, folder, manifest)
            held = claims.permissions if claims else None
            left = manifest.under_way if isinstance(manifest.under_way, UnderWay) else None
            run = Run(services, ExportWriter(folder, manifest, again=True), kept, watch, held, wanted, left)
            return await run.to_the_end(first.at)


def _refuse_other_sign_in(folder: Path, manifest: Manifest, claims: Claims | None, wanted: Wanted) -> None:
    """Raise IntegrityError if the run was begun elsewhere or as somebody else: one export has one reader."""
    tenant_id = wanted.tenant_id or (claims.tenant_id if claims else None)
    if tenant_id:
        _refuse_other_tenant(folder, manifest, tenant_id)
    if wanted.cloud != manifest.cloud:
        raise IntegrityError(
            f"{folder} is of the cloud {visible(manifest.cloud)}, [tenant] cloud is {wanted.cloud}.",
            "Correct [tenant] cloud, or name the right folder; nothing was written.",
        )
    now = (claims.app_id, claims.signed_in_as) if claims else (None, None)
    if now != (manifest.app_id, manifest.signed_in_as):
        begun = visible(manifest.signed_in_as or manifest.app_id or "somebody who did not say who")
        raise IntegrityError(
            f"{folder} was begun by {begun}, which is not who is signed in now.",
            "Sign in as the same, or begin anew with `driftaudit collect`; nothing was written.",
        )


def _refuse_other_tenant(folder: Path, manifest: Manifest, tenant_id: str) -> None:
    """Raise IntegrityError if the folder is of another tenant: two would be mixed."""
    if tenant_id.lower() != manifest.tenant_id.lower():
        raise IntegrityError(
            f"{folder} is of tenant {visible(manifest.tenant_id)}, the sign-in leads to {visible(tenant_id)}.",
            "Sign in to the right tenant, or name the right folder; nothing was written.",
        )


def _refuse_without_sharepoint(folder: Path, manifest: Manifest, services: Services) -> None:
    """Raise UsageError if the run before was to ask SharePoint, has not done so, and this one cannot."""
    still = [c.name for c in collections().values() if c.name not in manifest.collections and is_sharepoint(c)]
    if still and services.sharepoint is None:
        raise UsageError(
            f"{folder} was begun with a sign-in for SharePoint, which {' and '.join(still)} still need.",
            "Set DRIFTAUDIT_SHAREPOINT_URL and what signs in there, as before.",
        )


def _refuse_old(folder: Path, manifest: Manifest, at: str) -> None:
    """Raise UsageError if the run began too long ago, by the service's clock."""
    begun = utc(manifest.taken_at)
    if utc(datetime.fromisoformat(at)) - begun > LONGEST:
        raise UsageError(
            f"{folder} was begun at {begun:%Y-%m-%d %H:%M:%S} UTC, more than 24 hours ago: "
            "one snapshot would mix different days.",
            _ANEW,
        )


def _verify(folder: Path, manifest: Manifest) -> None:
    """Raise IntegrityError, which names the file, if a closed collection is not what the manifest promises."""
    try:
        verify(folder, manifest)
    except IntegrityError as error:
        raise IntegrityError(error.happened, _ANEW) from error


def _remember(kept: Scratch, folder: Path, manifest: Manifest) -> None:
    """Read from what is closed about what the rest is to be asked."""
    for name in needed():
        entry = manifest.collections.get(name)
        if entry is not None and entry.file is not None:
            pages: list[DecodedPage] = []
            for page in _pages(collections()[name], folder, manifest):
                pages.append(page)
                if len(pages) >= PAGES_KEPT:
                    kept.keep(collections()[name], pages)
                    pages = []
            kept.keep(collections()[name], pages)


def _pages(collection: Collection, folder: Path, manifest: Manifest) -> Iterator[DecodedPage]:
    """Yield what the pages of a closed collection tell the others."""
    decoder, lines = Decoder(collection), jsonl_lines(folder, manifest)
    try:
        for numbered in lines(collection.name):
            values, count, _ = decoder.page(numbered.line.page, needed()[collection.name])
            yield DecodedPage(values, count, numbered.line.scope, datetime.min)
    except PageError as error:
        raise IntegrityError(f"{folder / collection.name}.jsonl.gz cannot be read: {error}.", _ANEW) from error
