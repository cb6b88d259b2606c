"""An audit on a terminal: what was found, what was not read, and the gravest findings, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from driftaudit.audit.audit import Accepted, Audit, CheckResult, Finding
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from datetime import date

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
    for line in _exceptions(audit):
        console.print(Text(line))
    for line in _not_read(audit):
        console.print(Text(line, style="magenta"))
    console.print(Text(f"Findings, SHA-256: {audit.findings_sha256}", style="dim"), soft_wrap=True)


def show_exceptions(audit: Audit, console: Console) -> None:
    """Print every exception: its status, what it accepts and until when, and who answers for it."""
    from rich.table import Column
    from rich.text import Text

    narrow = (Column("Status"), Column("Findings", justify="right"), Column("Until", no_wrap=True))
    table = _table(*narrow, Column("Exception"))
    subjects = {finding.key: subject(finding) for finding in audit.findings}
    for told in audit.exceptions:
        colour = {"active": "", "expired": "red"}.get(told.status, "yellow")
        about = _about(told, subjects.get(told.what))
        table.add_row(Text(told.status, style=colour), str(told.finding_count), str(told.expires), about)
    console.print(table)


def _about(told: Accepted, named: str | None) -> Text:
    """Return what an exception accepts, why, and who said so, a line each."""
    from rich.text import Text

    people = f"line {told.line}, from {told.created}, owner {told.owner}, approved by {told.approver}"
    about = Text(visible(told.what), style="bold")
    for line in filter(None, (named, " ".join(told.reason.split()))):
        about.append(f"\n{visible(line)}", style="not bold")
    about.append(f"\n{visible(people)}", style="not bold dim")
    if told.self_approved:
        about.append(f"\n{note(told, told.created)}", style="not bold red")
    return about


def subject(finding: Finding) -> str:
    """Return in a few words who holds what, safe for a terminal."""
    parts = (finding.principal_name, finding.role_name, finding.resource_name or finding.package_name)
    return visible(", ".join(part for part in parts if part))


def _table(*columns: Column) -> Table:
    """Return an empty table without boxes."""
    from rich.table import Table

    return Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")


def _checks(audit: Audit) -> Table:
    """Return a table with a line per check."""
    from rich.table import Column

    counts = [Column("Open", justify="right")]
    if audit.exceptions:
        counts.append(Column("Accepted", justify="right"))
    table = _table(Column("Check"), *counts, Column("Change"), Column("Read", style="dim"))
    for check in audit.checks:
        told = [_count(check), _accepted(check)][: len(counts)]
        table.add_row(check.title, *told, _change(audit, check), check.status.replace("_", " "))
    return table


def _accepted(check: CheckResult) -> str:
    """Return how many of a check's open findings an exception accepts."""
    return "–" if check.status == "not_assessed" else str(check.accepted_count)


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
    # The rows are few: what nobody accepts comes first.
    ordered = sorted(audit.open_findings, key=lambda f: f.exception is not None)
    for finding in ordered[:rows]:
        digits = finding.key.rpartition("/")[2]
        table.add_row(
            _mark(finding), _text(finding.principal_name), _holds(finding), f"{headlines[finding.check]} {digits}"
        )
    if hidden := ordered[rows:]:
        accepted = sum(f.exception is not None for f in hidden)
        table.add_row("", "", f"... and {len(hidden)} more" + (f", {accepted} accepted" if accepted else ""), "")
    return table


def _mark(finding: Finding) -> Text:
    """Return a finding's severity as a coloured sign; in brackets if not confirmed this time, ticked if accepted."""
    from rich.text import Text

    sign = _MARK[finding.severity]
    text = Text(f"({sign})" if finding.state == "unconfirmed" else sign, style=_STYLE[finding.severity])
    return text.append(" ✓", style="not bold dim") if finding.exception else text


def _holds(finding: Finding) -> Text:
    """Return what a finding is about: the role and the resource."""
    return _text(", ".join(part for part in (finding.role_name, finding.resource_name) if part))


def _text(words: str | None) -> Text:
    """Return words of the tenant, safe for a terminal and without meaning for its markup."""
    from rich.text import Text

    return Text(visible(words or "–"))


def _exceptions(audit: Audit) -> list[str]:
    """Return how many findings are accepted, and a line per exception that does not do what it says."""
    if not audit.exceptions:
        return []
    number = sum(check.accepted_count for check in audit.checks)
    told = f"✓ {counted(number, 'finding')} accepted by exceptions"
    if unconfirmed := sum(f.state == "unconfirmed" for f in audit.accepted_findings):
        told += f", and {unconfirmed} that could not be confirmed"
    day = audit.snapshot.taken_at.date()
    broken = [e for e in audit.exceptions if e.self_approved or (e.finding_count and e.status != "active")]
    return [
        f"{told}: driftaudit exceptions list",
        *(f"! Line {e.line} of the exceptions: {note(e, day)}: {visible(e.what)}" for e in broken),
    ]


def note(told: Accepted, soon: date) -> str:
    """Return what stands in the way of an exception, or that it is unused or expires before a day, or nothing."""
    if told.self_approved:
        return f"its approver is the subject of {counted(len(told.self_approved), 'finding')}, not accepted"
    if told.status == "expired":
        again = f", {counted(told.finding_count, 'finding')} open again" if told.finding_count else ""
        return f"expired on {told.expires}{again}"
    if told.status == "not yet":
        return f"holds from {told.created}"
    unused = "unused" if told.status == "unused" else ""
    return ", ".join(filter(None, (unused, f"expires on {told.expires}" if told.expires <= soon else "")))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _not_read(audit: Audit) -> list[str]:
    """Return a line per check that could not be assessed in full."""
    return [
        f"◌ {c.title}: {c.status.replace('_', ' ')} - {visible(c.reason or '')}"
        for c in audit.checks
        if c.status != "assessed"
    ]
