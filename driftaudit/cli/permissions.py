"""The `permissions` command: what the tenant has to grant, ready to paste, and what each of it buys."""

from __future__ import annotations

import os
import textwrap
from typing import TYPE_CHECKING

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options

if TYPE_CHECKING:
    from driftaudit.audit.permissions import Level, Permission

_WIDTH = 100
_MEANING = {
    "core": "An application reads everything but SharePoint's sites.",
    "sites": "An application reads everything. Who is in a site's groups SharePoint tells only an application that "
    "signs in with a certificate and may control all sites: this one permission would allow writing, which "
    "driftaudit never does. Leave it out if that is too much; site members are then not assessed.",
    "delegated": "A person signs in (device-code, azure-cli) and reads what an application would, in so far as "
    "the person's own role allows it, and who approved a request and who accepted terms of use as well; all sites "
    "can be listed by an application only.",
}
_SKIP = 'Write under [collect] in driftaudit.toml: skip = ["sites"]'


@click.command("permissions")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "manifest", "az", "powershell"]),
    default="text",
    show_default=True,
    help="Told in words, as a part of the application's manifest, or as a script that registers it.",
)
@click.option(
    "--level",
    type=click.Choice(["core", "sites", "delegated"]),
    default="core",
    show_default=True,
    help="Without SharePoint's sites, with them, or for a person who signs in.",
)
@pass_options
def command(options: Options, form: str, level: Level) -> None:
    """Say which permissions reading a tenant takes; driftaudit itself never writes to it.

    The text says for each permission which checks it buys and what is lost without it.
    The scripts look every permission up by its name, in any cloud. What [collect] skip
    leaves out is not asked for.

    \b
    Example: driftaudit permissions
             driftaudit permissions --level sites --format az > register.sh
             driftaudit permissions --format manifest
    """
    from driftaudit.audit.checks import checks
    from driftaudit.audit.permissions import at_level, permissions
    from driftaudit.cli import _registration
    from driftaudit.collect.order import for_persons
    from driftaudit.graph.clouds import cloud
    from driftaudit.graph.credentials import APP

    where, settings = cloud(options.config.tenant.cloud), options.config.sign_in
    left_out = [*options.config.collect.skip, *(() if level == "delegated" else for_persons())]
    wanted = at_level(permissions(checks().values(), left_out), level)
    registration = _registration.Registration(wanted, level == "delegated", where.authority)
    app = settings.app_id or os.environ.get(APP, "")
    address = _registration.consent_address(where.authority, options.config.tenant.id, app)
    if form == "text":
        click.echo(_text(wanted, level, address))
        return
    formats = {"manifest": _registration.manifest, "az": _registration.az, "powershell": _registration.powershell}
    click.echo(formats[form](registration).rstrip("\n"))
    if form == "manifest":
        narrator(options)(f"An administrator consents here: {address}")


def _text(wanted: list[Permission], level: Level, address: str) -> str:
    """Return the permissions told in words."""
    kind = "Delegated" if level == "delegated" else "Application"
    parts = [_folded(f"{kind} permissions, level {level}. {_MEANING[level]}"), *map(_told, wanted)]
    parts.append(f"An administrator consents here:\n  {address}")
    if level != "sites":
        parts.append(_folded(f"Without sites, they would count as not read whole. {_SKIP}"))
    return "\n\n".join(parts)


def _told(permission: Permission) -> str:
    """Return what hangs on one permission."""
    from driftaudit.audit.permissions import APIS

    lines = {
        "Reads": _read(permission),
        "Buys": ", ".join(sorted({*permission.blocked, *permission.weakened}))
        or "no check, only what can be looked up (driftaudit sql)",
        "Without it": _lost(permission),
    }
    told = [_folded(f"{label}: {text}", "  ") for label, text in lines.items()]
    return "\n".join([f"{permission.name} ({APIS[permission.api]})", *told])


def _read(permission: Permission) -> str:
    """Return what a permission reads, and what the tenant must have bought for it."""
    from driftaudit.cli._registration import listed
    from driftaudit.collectors import collections

    by_licence: dict[str, list[str]] = {}
    for name in permission.collections:
        by_licence.setdefault(collections()[name].licence, []).append(name)
    read = [f"{listed(names)}{', with ' if licence else ''}{licence}" for licence, names in sorted(by_licence.items())]
    return "; ".join(read) or f"what groups hide of {listed(permission.partly)}"


def _lost(permission: Permission) -> str:
    """Return what is lost without a permission."""
    from driftaudit.cli._registration import listed

    parts = []
    if permission.dependents:
        parts.append(f"{listed(permission.dependents)} cannot be asked for either")
    if permission.blocked and permission.weakened:
        parts.append(f"{', '.join(permission.blocked)} cannot be assessed, the others only in part")
    elif permission.blocked:
        parts.append("none of these can be assessed")
    elif permission.weakened:
        parts.append("these are assessed in part")
    return "; ".join(parts) or f"nothing can be looked up about {listed(permission.collections)}"


def _folded(text: str, indent: str = "") -> str:
    """Return a text in lines that fit, the following ones further in."""
    further = indent + "  " if indent else ""
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)
