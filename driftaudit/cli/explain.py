"""The `explain` command: why somebody has, or lacks, access, in plain words or as JSON."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable

import click

from driftaudit.cli._narration import parsed_at
from driftaudit.cli._options import Options, pass_options
from driftaudit.foreign_text import visible

WIDEST = 110
"""Longer lines are hard to read."""
_STEP = "  "


@click.command("explain")
@click.argument("principal")
@click.argument("resource", required=False)
@click.option("--at", metavar="N|DATE|INSTANT", help="At this snapshot, or the newest at or before then.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Plain words, or JSON with every key always there.",
)
@pass_options
def command(options: Options, principal: str, resource: str | None, at: str | None, form: str) -> None:
    """Tell why PRINCIPAL has, or lacks, access to RESOURCE, on any date.

    PRINCIPAL is a person, guest, group or application: an id, a name, a sign-in name or a mail address.
    RESOURCE is a group, application, site or package: an id, a name or a site's address.
    Without it, everything that the principal holds, and everything that is promised and not there.

    It tells every path, what explains each, since when, who owns the resource, and the assignments,
    requests, review decisions and findings behind it. What was not read is said to be not read.

    \b
    Example: driftaudit explain ana@contoso.example "FIN-Payment approvers"
             driftaudit explain "Ana Lima" https://contoso.sharepoint.com/sites/treasury --at 2026-06-30
             driftaudit explain ana@contoso.example --format json
    """
    from driftaudit.audit.checks import checks, parameters
    from driftaudit.audit.explain.formats import to_json
    from driftaudit.audit.explain.tell import explain
    from driftaudit.audit.explain.text import lines
    from driftaudit.store.database import reading
    from driftaudit.store.model import resolve_snapshot

    configured = {"grace_hours": options.config.audit.grace_hours, **options.config.audit.parameters}
    with reading(options.db) as connection:
        snapshot_id = resolve_snapshot(connection, parsed_at(at))
        story = explain(connection, snapshot_id, principal, resource, parameters(checks().values(), configured))
    click.echo(to_json(story) if form == "json" else _wrapped(lines(story)), nl=False)


def _wrapped(told: Iterable[tuple[int, str]]) -> str:
    """Return lines no wider than the terminal; what goes over stands in further than its beginning."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return "".join(f"{_fitted(indent, text, width)}\n" for indent, text in told)


def _fitted(indent: int, text: str, width: int) -> str:
    """Return one line, wrapped; text from the tenant cannot act on the terminal."""
    return textwrap.fill(
        visible(text),
        width,
        initial_indent=_STEP * indent,
        subsequent_indent=_STEP * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
