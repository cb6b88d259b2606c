"""The `snapshots` command: what the database holds, how completely each was read, and what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from driftaudit.cli._narration import narrator, parsed_at
from driftaudit.cli._options import Options, pass_options
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from driftaudit.audit.difference import Difference, NotCompared

ROWS = 50


@click.group("snapshots")
def command() -> None:
    """List the snapshots, say how completely one was read, or compare two."""


@command.command("list")
@pass_options
def list_snapshots(options: Options) -> None:
    """List the snapshots, oldest first."""
    from driftaudit.store.database import reading, rows
    from driftaudit.store.retention import pruned

    with reading(options.db) as connection:
        found = rows(
            connection,
            "select s.id, s.taken_at, count(*) filter (c.status in ('partial', 'failed')) as incomplete, "
            "s.export_sha256[:12] as export from history.snapshots as s "
            "join history.coverage as c on c.snapshot_id = s.id group by all order by s.id",
        )
        gone = pruned(connection)
    found = [row for row in found if row["id"] not in gone]
    _print(found, {"id": "Snapshot", "taken_at": "As of (UTC)", "incomplete": "Not whole", "export": "Export"})


@command.command("coverage")
@click.option("--at", metavar="N|DATE|INSTANT", help="Of this snapshot, or the newest at or before then.")
@pass_options
def coverage(options: Options, at: str | None) -> None:
    """Say which collections a snapshot holds, and what could not be read."""
    from driftaudit.store.database import reading, rows
    from driftaudit.store.model import resolve_snapshot, set_variables

    with reading(options.db) as connection:
        set_variables(connection, {"snapshot_id": resolve_snapshot(connection, parsed_at(at))})
        found = rows(
            connection,
            "select collection, status, rows, gaps, concat_ws('; ', reason, "
            "case when len(missing_fields) > 0 then 'without ' || array_to_string(missing_fields, ', ') end, "
            "case when status = 'failed' then 'needs ' || permission end) as why from coverage order by collection",
        )
    _print(found, {"collection": "Collection", "status": "Read", "rows": "Rows", "gaps": "Gaps", "why": "Why"})


@command.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A summary for people, or every change for programs.",
)
@pass_options
def diff(options: Options, a: str, b: str, form: str) -> None:
    """Tell who gained and lost which access between two snapshots, and why.

    A and B are a snapshot's number, a date or an instant; the older one always comes first.
    People, groups and applications are told apart by id, so a new name is no change.

    \b
    Example: driftaudit snapshots diff 2026-06-30 2026-09-30
             driftaudit snapshots diff 4 5 --format csv > changes.csv
    """
    from driftaudit.audit import difference
    from driftaudit.audit.checks import checks, parameters
    from driftaudit.store.database import reading
    from driftaudit.store.model import resolve_snapshot

    configured = {"grace_hours": options.config.audit.grace_hours, **options.config.audit.parameters}
    with reading(options.db) as connection:
        first, second = sorted(resolve_snapshot(connection, parsed_at(side)) for side in (a, b))
        found = difference.difference(connection, first, second, parameters(checks().values(), configured))
    if form == "table":
        _print_difference(found)
    else:
        click.echo(difference.to_json(found) if form == "json" else difference.to_csv(found), nl=False)


@command.command("prune")
@click.option("--dry-run", is_flag=True, help="Show what would go; remove nothing.")
@pass_options
def prune(options: Options, dry_run: bool) -> None:
    """Remove the exports that [retention] does not keep, and ask no more for their snapshots.

    Of each of the newest days, weeks and quarters the last snapshot is kept, and the oldest of
    all. The database keeps what was seen: when access came and went is known from all
    snapshots, so that no answer about a kept one changes.

    \b
    Example: driftaudit snapshots prune --dry-run
    """
    from driftaudit.cli import _prune

    found = _prune.prunable(options)
    for one in found:
        click.echo(_prune.named(one))
    if found and not dry_run:
        _prune.prune(options, found)
    narrator(options)(
        f"{'Would prune' if dry_run else 'Pruned'} {_prune.counted(found)}." if found else "Nothing to prune."
    )


def _print_difference(found: Difference) -> None:
    """Print what cannot be compared, the totals for each reason, and the first changes."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    before, after = found.before, found.after
    title = (
        f"From snapshot {before.id} ({before.taken_at:%Y-%m-%d %H:%M:%S} UTC) "
        f"to snapshot {after.id} ({after.taken_at:%Y-%m-%d %H:%M:%S} UTC)"
    )
    console.print(Text(title, style="bold"))
    _print_totals(found, console)
    _print_changes(found, console)
    for unread in found.not_compared:
        console.print(Text(f"◌ {_not_compared(unread)}", style="magenta"))


def _print_totals(found: Difference, console: Console) -> None:
    """Print how many grants were gained and lost for each reason that there is."""
    from rich.table import Table

    from driftaudit.audit.difference import GAINED, LOST

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right")
    for change, meanings in (("gained", GAINED), ("lost", LOST)):
        totals = found.totals(change)
        table.add_row(str(sum(totals.values())), change, "", style="bold")
        for why, count in totals.items():
            if count:
                table.add_row(str(count), f"  {why}", meanings[why])
    console.print(table)


def _print_changes(found: Difference, console: Console) -> None:
    """Print a line per change, and how many more there are."""
    from rich.table import Table
    from rich.text import Text

    if not found.changes:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column("Change", no_wrap=True)
    table.add_column("Why", no_wrap=True)
    for name, ratio in (("Who", 3), ("Holds", 4), ("Package", 3)):
        table.add_column(name, no_wrap=True, ratio=ratio)
    for change in found.changes[:ROWS]:
        holds = Text(visible(f"{change.role_name}, {change.resource_name}"))
        package = _cell(change.package_name if change.explanation else None)
        table.add_row(change.change, change.why, _cell(change.principal_name), holds, package)
    console.print(table)
    if len(found.changes) > ROWS:
        console.print(Text(f"... and {len(found.changes) - ROWS:,} more; --format csv gives them all.", style="dim"))


def _not_compared(unread: NotCompared) -> str:
    """Return in a sentence what cannot be compared."""
    name = unread.collection.replace("_", " ")
    of = "" if unread.everything else f" of {_counted(unread.scopes or 0, _scope(unread.collection))}"
    when = " and ".join(str(number) for number in unread.snapshot_ids)
    plural = "s" if len(unread.snapshot_ids) > 1 else ""
    why = visible("; ".join(reason.rstrip(".") for reason in unread.reasons[:3]))
    known = _counted(unread.grants, "grant") if unread.grants else "no grant"
    return f"{name}{of} cannot be compared: not read in snapshot{plural} {when} ({why}); {known} known there."


def _scope(collection: str) -> str:
    """Return what one scope of a collection is: a group, a service principal, a site."""
    from driftaudit.collectors import collections

    return (collections()[collection].scoped_by or "").replace("_", " ").removesuffix("s")


def _counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _print(found: list[dict[str, Any]], columns: dict[str, str]) -> None:
    """Print rows as a table; empty is a dash, and only the last column may take several lines."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    *narrow, last = columns
    for name in narrow:
        right = any(isinstance(row[name], int) for row in found)
        table.add_column(columns[name], justify="right" if right else "left", no_wrap=True)
    table.add_column(columns[last])
    for row in found:
        table.add_row(*(_cell(row[name]) for name in columns))
    Console().print(table)


def _cell(value: Any) -> Text:
    """Return a value as a cell; text from the tenant cannot act on the terminal."""
    from rich.text import Text

    return Text("–", style="dim") if value in (None, "") else Text(visible(str(value)))
