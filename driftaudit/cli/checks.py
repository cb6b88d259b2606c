"""The `checks` command: which checks there are, and everything about one."""

from __future__ import annotations

from pathlib import Path

import click

from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError

_QUERIES = click.option(
    "--queries", multiple=True, type=click.Path(file_okay=False, path_type=Path), help="A folder of your own checks."
)


_SAID = {
    "What it means": "means",
    "Why it matters": "why",
    "What to do": "fix",
    "For example": "example",
    "Reads": "reads",
    "Requires": "requires",
    "Reads, where packages give such roles": "packaged",
    "Shows, where it was read": "shows",
}


@click.group("checks")
def command() -> None:
    """List the checks, or show one: what it means, what it reads, its SQL."""


@command.command("list")
@_QUERIES
@pass_options
def list_checks(options: Options, queries: tuple[Path, ...]) -> None:
    """List the checks with their severity and title."""
    from rich.console import Console
    from rich.table import Table

    from driftaudit.audit.checks import checks

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("Check", "Severity", "Title", "Family"):
        table.add_column(title)
    for check in checks((*options.config.audit.queries, *queries)).values():
        table.add_row(check.id, check.severity, check.said("title"), check.family)
    Console().print(table)


@command.command("show")
@click.argument("name", metavar="CHECK")
@_QUERIES
@pass_options
def show(options: Options, name: str, queries: tuple[Path, ...]) -> None:
    """Show one check: what it means, why it matters, what to do, what it reads, and its SQL."""
    from driftaudit.audit.checks import checks

    known = checks((*options.config.audit.queries, *queries))
    if name not in known:
        raise UsageError(f"There is no check {name!r}.", f"There are: {', '.join(known)}.")
    check = known[name]
    click.echo(f"{check.said('title')} ({check.id}, {check.severity})\n")
    for title, key in _SAID.items():
        if check.said(key):
            click.echo(f"{title}: {check.said(key)}")
    for parameter, default in check.parameters.items():
        click.echo(f"Parameter {parameter}: {default} ({check.parameter_meanings[parameter]})")
    click.echo(f"Controls: {', '.join(check.controls)}")
    click.echo(f"File: {check.file.path} (SHA-256 {check.file.sha256})\n\n{check.file.sql}")
