"""The `load` command: export folders into the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftaudit.cli._exit import INCOMPLETE
from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError

if TYPE_CHECKING:
    from driftaudit.exports.export import Export


@click.command("load")
@click.argument("folders", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR...")
@click.option("--tenant", help="Tenant id, for plain files without a manifest.")
@click.option("--taken-at", help="When plain files were read, as 2026-09-30T02:00:04Z.")
@click.option("--accept-shrink", multiple=True, metavar="COLLECTION", help="Believe that it lost many rows at once.")
@pass_options
def command(
    options: Options,
    folders: tuple[Path, ...],
    tenant: str | None,
    taken_at: str | None,
    accept_shrink: tuple[str, ...],
) -> int:
    """Load export folders, each as one snapshot, oldest first.

    A folder holds manifest.json and its collections, or plain files such as users.json
    as Graph or PowerShell wrote them (then --tenant and --taken-at are needed).

    \b
    Example: driftaudit load exports/2026-06-30 exports/2026-09-30
    Exit codes: 0 loaded, 4 loaded but not everything could be read, 5 nothing could be read,
    6 the database is in use, 8 wrong tenant, order or hash.
    """
    from driftaudit.exports import open_export

    exports = [open_export(folder, tenant=tenant, taken_at=_instant(taken_at)) for folder in folders]
    codes = [load_export(options, export, accept_shrink) for export in sorted(exports, key=lambda e: e.taken_at)]
    return max(codes)


def load_export(
    options: Options, export: Export, accept_shrink: Iterable[str] = (), known: Collection[str] = ()
) -> int:
    """Load one export, record what the checks find, and return 4 if not all was read; `known` was told already."""
    from driftaudit.audit.loading import load_and_record

    tell = narrator(options)
    loaded = load_and_record(
        options.db,
        export,
        given={"grace_hours": options.config.audit.grace_hours, **options.config.audit.parameters},
        accept_shrink={*accept_shrink, *options.config.store.accept_shrink},
        tell=tell,
    )
    if loaded.already_there:
        tell(f"{export.folder} is snapshot {loaded.snapshot_id} already; nothing was changed.")
        return 0
    tell(f"{export.folder} is snapshot {loaded.snapshot_id}, as of {export.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
    for sentence in loaded.incomplete:
        if sentence.partition(" ")[0] not in known:
            tell(f"  Incomplete: {sentence}")
    return INCOMPLETE if loaded.incomplete else 0


def _instant(text: str | None) -> datetime | None:
    """Return --taken-at as an instant."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no instant.", "Write --taken-at 2026-09-30T02:00:04Z.") from error
