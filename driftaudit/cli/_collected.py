"""What a run read, as a table for people, and the exit code that it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import UnsetType

from driftaudit.cli._exit import INCOMPLETE
from driftaudit.collect.tenant import TENANT
from driftaudit.collectors import collections
from driftaudit.errors import NothingRead
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.exports.manifest import Delta, Entry, Manifest


def exit_code(manifest: Manifest) -> int:
    """Return 4 if something that was asked for was not read whole, else 0; raise NothingRead if nothing was."""
    unread = not_whole(manifest)
    # One of which no page was asked for, because nobody knew about what, is not read either.
    read = {name for name, entry in manifest.collections.items() if entry.pages and entry.status != "failed"}
    if unread and not read - {TENANT}:
        first = next(iter(unread.values()))
        raise NothingRead(
            f"Not one collection could be read: {visible(first.reason or 'the service gave no reason').rstrip('.')}.",
            "Look at the permissions with `driftaudit doctor`; nothing was loaded.",
        )
    return INCOMPLETE if unread else 0


def not_whole(manifest: Manifest) -> dict[str, Entry]:
    """Return what was asked for and not read whole."""
    return {name: entry for name, entry in manifest.collections.items() if entry.status in ("partial", "failed")}


def show(manifest: Manifest, took: Mapping[str, float]) -> None:
    """Print one row per collection that was asked for, then why something was not read whole, or was left out."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Collection", no_wrap=True)
    table.add_column("Rows", justify="right", no_wrap=True)
    table.add_column("Read", no_wrap=True)
    table.add_column("Sec", justify="right", no_wrap=True)
    table.add_column("Permission", overflow="fold")
    for name, entry in manifest.collections.items():
        if entry.status != "skipped":
            rows = "–" if entry.rows is None else f"{entry.rows:,}"
            seconds = f"{took[name]:.1f}" if name in took else "–"
            status = Text(entry.status, style="" if entry.status == "complete" else "bold red")
            table.add_row(name, rows, status, seconds, entry.permission or "–")
    console.print(table)
    for sentence in [*_how(manifest), *map(_why, not_whole(manifest).items()), *_left_out(manifest)]:
        console.print(Text(sentence))


def _how(manifest: Manifest) -> list[str]:
    """Say how many scopes were read and how many stand as before, where the service tells what has changed."""
    deltas = {name: entry.delta for name, entry in manifest.collections.items()}
    return [f"{name}: {_read(name, delta)}." for name, delta in deltas.items() if not isinstance(delta, UnsetType)]


def _read(collection: str, delta: Delta) -> str:
    """Return how one collection was read."""
    scopes = collections()[collection].scopes_named
    if delta.since is None:
        return f"all {delta.read:,} {scopes} read: {visible(delta.why_full or 'nobody says why')}"
    return f"{delta.carried:,} {scopes} as they were read before, {delta.read:,} read anew"


def _why(unread: tuple[str, Entry]) -> str:
    """Return why a collection was not read whole; the reason names the permission if that could be it."""
    name, entry = unread
    reason = visible(entry.reason or "the service gave no reason").rstrip(".")
    return f"{name} {'failed' if entry.status == 'failed' else 'was read in part'}: {reason}."


def _left_out(manifest: Manifest) -> list[str]:
    """Return what was left out, one sentence per reason."""
    by_reason: dict[str, list[str]] = {}
    for name, entry in manifest.collections.items():
        if entry.status == "skipped":
            by_reason.setdefault(entry.reason or "no reason given", []).append(name)
    return [f"Left out, {visible(reason)}: {', '.join(sorted(names))}." for reason, names in by_reason.items()]
