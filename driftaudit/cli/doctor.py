"""The `doctor` command: whether reading the tenant would work, before it is tried."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from typing import TYPE_CHECKING

import click

from driftaudit.cli._exit import INCOMPLETE, gravest
from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import DriftauditError
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from driftaudit.cli._health import Sign
    from driftaudit.cli._sign_in import SignedIn
    from driftaudit.graph.answer import Answer

_STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}
_PATIENCE = 60.0


@click.command("doctor")
@pass_options
def command(options: Options) -> int:
    """Say whether the tenant can be read, what would be empty, and which permissions are held in vain.

    It signs in, looks at what the sign-in is allowed to read, asks the tenant for its name and
    nothing else, and looks at the clock, the disk, the certificate and what a PDF needs here.
    Where the configuration has [[send]], it signs in to send, and sends nothing.

    \b
    Example: driftaudit doctor
    Exit codes: 0 all is well, 4 something would be missing, 5 signing in does not work,
    2 the configuration is wrong, 7 nothing could be sent, 8 another tenant than meant.
    """
    from driftaudit.cli import _clock, _health
    from driftaudit.graph.sign_in import PASSWORD

    signs, caller = _sign_in(options)
    now = _clock.local_time()
    if caller is not None:
        answered, service = _tenant(options, caller, now)
        signs += answered
        now = service or now
    signs += _health.certificate(options, os.environ.get(PASSWORD), now)
    signs += [*_health.disk(options), _health.pdf(options), *_health.delivery(options)]
    _print(signs)
    return gravest(sign.code for sign in signs)


def _sign_in(options: Options) -> tuple[list[Sign], SignedIn | None]:
    """Sign in and say as whom, and what that may read; nothing is asked of the tenant."""
    from driftaudit.cli import _sign_in
    from driftaudit.cli._health import Sign, problem

    method = options.config.sign_in.method
    try:
        caller = _sign_in.signed_in(options, os.environ, narrator(options))
        caller = _sign_in.for_the_tenant_of(options, caller)
    except DriftauditError as error:
        return [problem("Sign-in", error)], None
    claims = caller.claims
    who = (claims.signed_in_as or claims.app_id if claims else None) or "somebody the token does not name"
    until = f", until {claims.expires_at:%Y-%m-%d %H:%M} UTC" if claims and claims.expires_at else ""
    where = f" in tenant {visible(caller.tenant_id)}" if caller.tenant_id else ""
    return [
        Sign("Sign-in", "ok", f"As {visible(who)} by {method}{where}{until}."),
        *_permissions(options, caller),
    ], caller


def _permissions(options: Options, caller: SignedIn) -> list[Sign]:
    """Return what the sign-ins may read too little or too much of."""
    from driftaudit.cli import _held
    from driftaudit.cli._health import Sign, problem
    from driftaudit.collect.order import for_persons, with_dependents
    from driftaudit.collect.requests import is_sharepoint
    from driftaudit.collectors import collections
    from driftaudit.graph.claims import claims_of

    skipped = [*options.config.collect.skip, *(() if caller.is_person else for_persons())]
    left_out = dict(with_dependents((name, "") for name in skipped))
    told, sharepoint = [], None
    sites = [name for name, collection in collections().items() if is_sharepoint(collection) and name not in left_out]
    if caller.sharepoint:
        try:
            sharepoint = claims_of(caller.sharepoint.tokens.token())
        except DriftauditError as error:
            told.append(problem("SharePoint", error))
    elif sites and not caller.is_person:
        left_out |= dict.fromkeys(sites, "")
        told.append(Sign("SharePoint", "note", f"No sign-in is configured; {', '.join(sites)} will be left out."))
    return [*told, *_held.signs(caller.claims, sharepoint, frozenset(left_out), is_person=caller.is_person)]


def _tenant(options: Options, caller: SignedIn, local: datetime) -> tuple[list[Sign], datetime | None]:
    """Ask the tenant for its name; return what came of it, and what time it is for the service."""
    from driftaudit.cli import _clock
    from driftaudit.cli._health import Sign, problem

    try:
        answer = asyncio.run(_asked(caller))
    except DriftauditError as error:
        return [problem("Service", error)], None
    signs = [_answered(caller, answer)]
    if not answer.at:
        return signs, None
    service = datetime.fromisoformat(answer.at)
    off = _clock.difference(service, local)
    harmless = "Harmless for findings, which go by the service's; but set the clock of this machine."
    told = Sign("Clock", "note", f"This machine's clock is {off}. {harmless}") if off else None
    return [*signs, told or Sign("Clock", "ok", "This machine's clock agrees with the service's.")], service


def _answered(caller: SignedIn, answer: Answer) -> Sign:
    """Return what the service said when it was asked for the tenant's name."""
    from driftaudit.cli._health import Sign, problem
    from driftaudit.collect.tenant import refuse_other, tenant_of
    from driftaudit.graph.answer import problem as refusal

    if answer.status != 200:
        said = refusal(answer)
        words = f"{caller.graph.root} refuses with status {answer.status} ({said.code}: {said.message}".rstrip(".: ")
        return Sign("Service", "problem", f"{words}).", INCOMPLETE if answer.status == 403 else 5)
    try:
        tenant = tenant_of(answer, None)
        refuse_other(tenant.id, caller.tenant_id)
    except DriftauditError as error:
        return problem("Service", error)
    return Sign("Service", "ok", f"{caller.graph.root} answers for {tenant.displayName or tenant.id}.")


async def _asked(caller: SignedIn) -> Answer:
    """Ask for the tenant's name and nothing else."""
    from driftaudit.collect.tenant import request_of_tenant
    from driftaudit.graph.client import Graph

    async with Graph(caller.graph.root, caller.graph.tokens, deadline=_PATIENCE) as graph:
        return await graph.get(request_of_tenant())


def _print(signs: Iterable[Sign]) -> None:
    """Print one row per thing that was looked at."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for sign in signs:
        table.add_row(sign.what, Text(sign.state, style=_STYLES[sign.state]), Text(visible(sign.text)))
    Console().print(table)
