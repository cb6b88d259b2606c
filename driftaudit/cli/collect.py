"""The `collect` command: the tenant into an export folder, and that into the database."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import DriftauditError

if TYPE_CHECKING:
    from driftaudit.cli._progress import Progress
    from driftaudit.cli._sign_in import Place, SignedIn
    from driftaudit.collect import Wanted


@click.command("collect")
@click.option("--only", multiple=True, metavar="COLLECTION", help="Read this one and what it stands on; may repeat.")
@click.option(
    "--skip", multiple=True, metavar="COLLECTION", help="Leave this one out, and what stands on it; may repeat."
)
@click.option("--no-load", is_flag=True, help="Write the export folder and leave the database alone.")
@click.option(
    "--resume", type=click.Path(path_type=Path), metavar="DIR", help="Go on with the folder of a run that broke."
)
@pass_options
def command(options: Options, only: tuple[str, ...], skip: tuple[str, ...], no_load: bool, resume: Path | None) -> int:
    """Read the tenant into an export folder and load it; nothing is ever written to the tenant.

    The sign-in stands in [sign_in] of driftaudit.toml, secrets in the environment only.
    The folder lies in [store] exports under the instant of the service's first answer.
    What is refused never stops the rest: see `driftaudit permissions` and `driftaudit doctor`.
    Groups that have not changed stand as in the export before, unless that is doubtful.

    Every page is on disk before the next one is asked for. A run that was stopped, or died,
    goes on with --resume for 24 hours: what is on disk stays, what was left out stays left out,
    the snapshot keeps its instant. It takes the same sign-in and the same driftaudit.

    \b
    Example: driftaudit collect
             driftaudit collect --skip sites --no-load
             driftaudit collect --resume driftaudit-exports/2026-09-30T020004Z
             DRIFTAUDIT_SIGN_IN_METHOD=token DRIFTAUDIT_ACCESS_TOKEN=... driftaudit collect
    Exit codes: 0 all was read, 4 loaded but not everything could be read, 5 nothing could be read,
    2 the configuration is wrong, or the folder is none to go on with, 6 the database or the
    folder is in use, 8 another tenant than meant, or a changed file, 130 stopped.
    """
    from driftaudit.cli._broken import refuse_to_resume

    if resume is not None:
        refuse_to_resume(resume, only, skip)
    return read_tenant(options, only, skip, no_load=no_load, resume=resume)


def read_tenant(
    options: Options,
    only: tuple[str, ...] = (),
    skip: tuple[str, ...] = (),
    *,
    no_load: bool = False,
    resume: Path | None = None,
    shows_table: bool = True,
) -> int:
    """Read the tenant, or what is left of it, tell what came of it, load it, and return the exit code."""
    from driftaudit.cli import _clock, _collected
    from driftaudit.cli._progress import progress
    from driftaudit.exports import manifest as manifests

    tell, shown = narrator(options), progress(options.log_format)
    caller, before = _signed_in(options, no_load=no_load), _clock.local_time()
    folder = _export(options, caller, _wanted(options, caller, only, skip, no_load), shown, resume, no_load=no_load)
    manifest, _ = manifests.read(folder)
    if resume is None and (off := _clock.difference(manifest.taken_at, before)):
        tell(f"This machine's clock is {off}, by which the snapshot is dated; set the clock of this machine.")
    if shows_table:
        _collected.show(manifest, shown.took)
    code = _collected.exit_code(manifest)
    if no_load:
        tell(f"Written to {folder}; load it with: driftaudit load {folder}")
        return code
    return max(code, _load(options, folder, _collected.not_whole(manifest).keys()))


def _signed_in(options: Options, *, no_load: bool) -> SignedIn:
    """Return who is signed in, bound to the tenant of the database if that is to be written."""
    from driftaudit.cli import _sign_in

    caller = _sign_in.signed_in(options, os.environ, narrator(options))
    return caller if no_load else _sign_in.for_the_tenant_of(options, caller)


def _wanted(options: Options, caller: SignedIn, only: tuple[str, ...], skip: tuple[str, ...], no_load: bool) -> Wanted:
    """Return what the run is to read; nobody knows what is new in an export that may go into any database."""
    from driftaudit.audit.loading import newest_of
    from driftaudit.collect import Wanted
    from driftaudit.collect.order import with_dependents

    left_out = [(name, "by [collect] skip") for name in options.config.collect.skip]
    left_out += [(name, "by --skip") for name in skip]
    if caller.is_person:
        left_out += [("sites", "only an application may list all sites")]
    return Wanted(
        options.config.store.exports,
        caller.tenant_id,
        caller.cloud.name,
        only,
        with_dependents(left_out),
        options.config.collect.member_sign_ins,
        options.config.collect.full_every,
        {} if no_load else newest_of(options.db),
    )


def _export(
    options: Options, caller: SignedIn, wanted: Wanted, shown: Progress, resume: Path | None, *, no_load: bool
) -> Path:
    """Read the tenant and return the closed export; say how to go on where that ends early."""
    from driftaudit.cli._broken import Behind, stoppable
    from driftaudit.cli._disk import told_if_full

    behind = Behind(wanted.exports, resume, no_load)
    try:
        with told_if_full(resume or wanted.exports, behind.after_a_full_disk), shown.shown():
            return stoppable(_read(options, caller, wanted, shown, resume))
    except BaseException as error:
        for sentence in behind.told(error):
            narrator(options)(sentence)
        raise


async def _read(options: Options, caller: SignedIn, wanted: Wanted, shown: Progress, folder: Path | None) -> Path:
    """Read the tenant with as much at once, and for as long, as is configured."""
    from driftaudit.collect import Services, collect, resume
    from driftaudit.graph.client import Graph
    from driftaudit.graph.sharepoint import HEADERS, SharePoint

    settings, sharepoint = options.config.collect, None

    def client_of(place: Place, headers: Mapping[str, str]) -> Graph:
        seconds = settings.deadline_minutes * 60.0
        told, at_once = shown.told, settings.concurrency
        return Graph(place.root, place.tokens, concurrency=at_once, deadline=seconds, told=told, headers=headers)

    async with AsyncExitStack() as stack:
        graph = await stack.enter_async_context(client_of(caller.graph, {}))
        if place := caller.sharepoint:
            client = await stack.enter_async_context(client_of(place, HEADERS))
            sharepoint = SharePoint(client, place.root)
        services = Services(graph, sharepoint)
        if folder is not None:
            return await resume(services, caller.claims, folder, wanted, shown)
        return await collect(services, caller.claims, wanted, shown)


def _load(options: Options, folder: Path, known: Collection[str]) -> int:
    """Load the export; where that fails, say that it is kept."""
    from driftaudit.cli._disk import told_if_full
    from driftaudit.cli.load import load_export
    from driftaudit.exports import open_export

    try:
        with told_if_full(options.db.parent, lambda: "Free some space; the database is as it was."):
            return load_export(options, open_export(folder), known=known)
    except DriftauditError:
        narrator(options)(f"What was read is kept in {folder}; load it later with: driftaudit load {folder}")
        raise
