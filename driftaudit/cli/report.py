"""The `report` command: render an audit as HTML and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.report.settings import ReportSettings

FORMATS = ("html", "pdf")


@click.command("report")
@click.option("--format", "forms", multiple=True, type=click.Choice(FORMATS), help="[default: by -o, else both]")
@click.option("--at", metavar="N|DATE|INSTANT", help="Report on this snapshot, or the newest at or before then.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file such as report.pdf, or a folder.  [default: .]"
)
@pass_options
def command(options: Options, forms: tuple[str, ...], at: str | None, output: Path | None) -> None:
    """Render the report of a snapshot as HTML and PDF.

    \b
    Example: driftaudit report --at 2026-09-30 -o q3.pdf
    """
    from driftaudit.cli._audited import audited
    from driftaudit.cli._written import report_settings
    from driftaudit.store.database import reading

    with reading(options.db) as connection:
        audit = audited(connection, options, at, exceptions=options.exceptions)
    paths = _paths(audit, forms or _implied(output, options.config.report.formats), output)
    for path in write(audit, report_settings(options), paths):
        narrator(options)(f"Wrote {path}.")


def _implied(output: Path | None, configured: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats that the output's name tells, else the configured ones."""
    suffix = output.suffix.lstrip(".").lower() if output else ""
    return (suffix,) if suffix in FORMATS else configured


def _paths(audit: Audit, forms: tuple[str, ...], output: Path | None) -> dict[str, Path]:
    """Return the file for each format."""
    if output is not None and output.suffix and not output.is_dir():
        if len(forms) > 1:
            raise UsageError(f"{output} is one file for {len(forms)} formats.", "Name a folder, or one --format.")
        return {forms[0]: output}
    folder = output or Path()
    return {form: folder / f"driftaudit-{audit.snapshot.taken_at:%Y-%m-%d}.{form}" for form in forms}


def write(audit: Audit, settings: ReportSettings, paths: dict[str, Path]) -> list[Path]:
    """Render an audit into files and return them; each is whole or not there."""
    for form, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".part")
        try:
            unfinished.write_bytes(_rendered(audit, settings, form))
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return list(paths.values())


def _rendered(audit: Audit, settings: ReportSettings, form: str) -> bytes:
    """Return an audit in one format."""
    if form == "pdf":
        from driftaudit.report.pdf import render_pdf

        return render_pdf(audit, settings)
    from driftaudit.report.html import render_html

    return render_html(audit, settings).encode()
