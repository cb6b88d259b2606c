"""The `audit` command: run the checks on a snapshot and print what they find."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftaudit.cli._exit import FINDINGS, INCOMPLETE
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit

_SEVERITIES = ("high", "medium", "low", "info")


@click.command("audit")
@click.option("--at", metavar="N|DATE|INSTANT", help="Audit this snapshot, or the newest at or before then.")
@click.option("--check", "chosen", multiple=True, metavar="CHECK", help="Show the findings of this check only.")
@click.option(
    "--queries", multiple=True, type=click.Path(file_okay=False, path_type=Path), help="A folder of your own checks."
)
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="Set a parameter, as in grace_hours=48.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A summary for people, or every finding for programs.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*_SEVERITIES, "never"]),
    help="Exit with 3 from this severity up; findings that an exception accepts do not count.",
)
@pass_options
def command(
    options: Options,
    at: str | None,
    chosen: tuple[str, ...],
    queries: tuple[Path, ...],
    param: tuple[str, ...],
    form: str,
    fail_on: str | None,
) -> int:
    """Run the checks on a snapshot and print the findings.

    Nothing is written; findings are recorded when a snapshot is loaded. What an exception
    accepts stays in the list and is marked; see `driftaudit exceptions`.

    \b
    Example: driftaudit audit --at 2026-09-30 --format csv > findings.csv
    Exit codes: 0, 3 findings at or above --fail-on, 4 something that was asked for was not read whole.
    """
    from dataclasses import replace

    from driftaudit.cli._audited import audited
    from driftaudit.setting import parameter
    from driftaudit.store.database import reading

    with reading(options.db) as connection:
        given = dict(map(parameter, param))
        audit = audited(connection, options, at, exceptions=options.exceptions, queries=queries, given=given)
    _refuse_unknown(audit, chosen)
    if chosen:
        audit = replace(audit, findings=tuple(f for f in audit.findings if f.check in chosen))
    _print(audit, form)
    return exit_code(audit, fail_on or options.config.audit.fail_on)


def _refuse_unknown(audit: Audit, chosen: tuple[str, ...]) -> None:
    """Raise UsageError for a check that there is not."""
    known = [check.id for check in audit.checks]
    for name in chosen:
        if name not in known:
            raise UsageError(f"There is no check {name!r}.", f"There are: {', '.join(known)}.")


def _print(audit: Audit, form: str) -> None:
    """Print the audit in one of its forms."""
    from driftaudit.audit import formats

    if form == "table":
        from rich.console import Console

        from driftaudit.audit.screen import show

        show(audit, Console())
    else:
        click.echo(formats.to_json(audit) if form == "json" else formats.to_csv(audit), nl=False)


def exit_code(audit: Audit, fail_on: str) -> int:
    """Return 4 for what was asked for and not read whole, else 3 for findings grave enough, else 0."""
    if any(c.status in ("partial", "failed") for c in audit.coverage):
        return INCOMPLETE
    counted = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1] if fail_on in _SEVERITIES else ()
    return FINDINGS if any(f.severity in counted and not f.exception for f in audit.open_findings) else 0
