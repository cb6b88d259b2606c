"""The `demo` command: the whole road on an invented tenant, without one of your own."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from driftaudit.audit.audit import Audit

DATABASE = "contoso.duckdb"
_FINDINGS = 8


@click.command("demo")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="The folder for the database and the report.",
)
@pass_options
def command(options: Options, output: Path) -> None:
    """Load the snapshots of an invented tenant, audit the newest and write the report.

    No tenant and no sign-in is needed. The folder's earlier demo is replaced.
    """
    from rich.console import Console

    from driftaudit.audit.screen import show

    tell = narrator(options)
    audit = _audit(output / DATABASE, tell)
    show(audit, Console(), rows=_FINDINGS)
    written = _write(audit, output, tell)
    click.echo(f"\nReport: {' and '.join(str(path) for path in written)}")
    click.echo(_next(output / DATABASE, audit))


def _audit(database: Path, tell: Callable[[str], None]) -> Audit:
    """Load every snapshot of the sample into a new database and audit the newest."""
    from driftaudit.audit.loading import audit_snapshot, load_and_record
    from driftaudit.bundled import folder
    from driftaudit.exports import open_export
    from driftaudit.store.database import reading
    from driftaudit.store.model import resolve_snapshot

    database.unlink(missing_ok=True)
    for export in sorted(p.parent for p in (folder("sample_exports") / "contoso").glob("*/manifest.json")):
        load_and_record(database, open_export(export), given={}, accept_shrink=(), tell=tell)
        tell(f"Loaded {export.name}.")
    with reading(database) as connection:
        return audit_snapshot(connection, resolve_snapshot(connection, None))


def _write(audit: Audit, output: Path, tell: Callable[[str], None]) -> list[Path]:
    """Write the report as HTML, and as PDF where the system can."""
    from driftaudit.cli.report import write
    from driftaudit.report.settings import ReportSettings

    settings = ReportSettings(demo=True)
    written = write(audit, settings, {"html": output / "report.html"})
    try:
        written += write(audit, settings, {"pdf": output / "report.pdf"})
    except UsageError as error:
        tell(f"No PDF: {error}")
    return written


def _program() -> str:
    """Return how to call driftaudit from here: by name, or by its path where it is not on the PATH."""
    beside = Path(sys.executable).with_name("driftaudit")
    if which("driftaudit") or not beside.exists():
        return "driftaudit"
    return str(beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside)


def _next(database: Path, audit: Audit) -> str:
    """Say what to try next."""
    call = f"{_program()} --db {database}"
    earlier = audit.previous.id if audit.previous else 1
    return (
        "Try next:\n"
        f"  {call} audit --format csv > findings.csv\n"
        f"  {call} audit --at {earlier}\n"
        f'  {call} sql "from explained_grants"\n'
        f"  {call} checks show grant_past_expiry"
    )
