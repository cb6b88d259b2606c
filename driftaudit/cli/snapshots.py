"""The `snapshots` command: what the database holds, and how completely each was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from driftaudit.cli._narration import parsed_at
from driftaudit.cli._options import Options, pass_options
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from rich.text import Text


@click.group("snapshots")
def command() -> None:
    """List the snapshots, or say how completely one was read."""


@command.command("list")
@pass_options
def list_snapshots(options: Options) -> None:
    """List the snapshots, oldest first."""
    from driftaudit.store.database import reading, rows

    with reading(options.db) as connection:
        found = rows(
            connection,
            "select s.id, s.taken_at, count(*) filter (c.status in ('partial', 'failed')) as incomplete, "
            "s.export_sha256[:12] as export from history.snapshots as s "
            "join history.coverage as c on c.snapshot_id = s.id group by all order by s.id",
        )
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
