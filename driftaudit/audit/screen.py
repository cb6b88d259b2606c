"""An audit on a terminal: what was found, what was not read, and the gravest findings, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from driftaudit.audit.audit import Audit, CheckResult, Finding
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

ROWS = 50
_STYLE = {"high": "bold red", "medium": "yellow", "low": "blue", "info": "dim"}
_MARK = {"high": "▲", "medium": "◆", "low": "●", "info": "○"}


def show(audit: Audit, console: Console, *, rows: int = ROWS) -> None:
    """Print the audit: its snapshot, a line per check, the gravest findings, what was not read."""
    from rich.text import Text

    at = f"{audit.snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    title = f"{visible(audit.tenant.name)} · snapshot {audit.snapshot.id} · as of {at}"
    console.print(Text(title, style="bold"))
    console.print(_checks(audit))
    if audit.open_findings:
        console.print(_findings(audit, rows))
    for line in _not_read(audit):
        console.print(Text(line, style="magenta"))
    console.print(Text(f"Findings, SHA-256: {audit.findings_sha256}", style="dim"), soft_wrap=True)


def _table(*columns: Column) -> Table:
    """Return an empty table without boxes."""
    from rich.table import Table

    return Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")


def _checks(audit: Audit) -> Table:
    """Return a table with a line per check."""
    from rich.table import Column

    table = _table(Column("Check"), Column("Open", justify="right"), Column("Change"), Column("Read", style="dim"))
    for check in audit.checks:
        table.add_row(check.title, _count(check), _change(audit, check), check.status.replace("_", " "))
    return table


def _count(check: CheckResult) -> str:
    """Return a check's number as it may be said: unknown, at least, or exact."""
    if check.status == "not_assessed":
        return "–"
    return f"≥ {check.finding_count}" if check.status == "partial" else str(check.finding_count)


def _change(audit: Audit, check: CheckResult) -> str:
    """Return how a check's findings changed since the snapshot before."""
    states = [f.state for f in audit.findings if f.check == check.id]
    words = ("new", "reopened", "resolved", "unconfirmed")
    told = [f"{states.count(s)} {s}" for s in words if s in states]  # type: ignore[arg-type]
    if "first_assessed" in states:
        told.insert(0, "first assessed")
    if told or check.status == "not_assessed":
        return ", ".join(told) or "–"
    return "as before" if audit.previous else "first audit"


def _findings(audit: Audit, rows: int) -> Table:
    """Return a table with the gravest findings, a line each, and how many more there are."""
    from rich.table import Column

    table = _table(
        Column(""),
        Column("Who", no_wrap=True, ratio=3),
        Column("Holds", no_wrap=True, ratio=4),
        Column("Finding", no_wrap=True),
    )
    table.expand = True
    headlines = {check.id: check.headline for check in audit.checks}
    for finding in audit.open_findings[:rows]:
        digits = finding.key.rpartition("/")[2]
        table.add_row(
            _mark(finding), _text(finding.principal_name), _holds(finding), f"{headlines[finding.check]} {digits}"
        )
    more = len(audit.open_findings) - rows
    if more > 0:
        table.add_row("", "", f"... and {more} more", "")
    return table


def _mark(finding: Finding) -> Text:
    """Return a finding's severity as a coloured sign; in brackets if it could not be confirmed this time."""
    from rich.text import Text

    sign = _MARK[finding.severity]
    return Text(f"({sign})" if finding.state == "unconfirmed" else sign, style=_STYLE[finding.severity])


def _holds(finding: Finding) -> Text:
    """Return what a finding is about: the role and the resource."""
    return _text(", ".join(part for part in (finding.role_name, finding.resource_name) if part))


def _text(words: str | None) -> Text:
    """Return words of the tenant, safe for a terminal and without meaning for its markup."""
    from rich.text import Text

    return Text(visible(words or "–"))


def _not_read(audit: Audit) -> list[str]:
    """Return a line per check that could not be assessed in full."""
    return [
        f"◌ {c.title}: {c.status.replace('_', ' ')} - {visible(c.reason or '')}"
        for c in audit.checks
        if c.status != "assessed"
    ]
