"""What a nightly run finds when it begins: a run that broke, exports that were never loaded, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.errors import DriftauditError

if TYPE_CHECKING:
    from driftaudit.exports.manifest import Manifest

RECENT = timedelta(hours=20)
"""An export that is younger is this night's: a run that comes after one that broke need not read again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under [store] exports and is not in the database."""

    unfinished: Path | None
    """The newest folder that a run can go on with."""
    unloaded: tuple[Path, ...]
    """Closed exports newer than the newest snapshot, oldest first."""
    is_tonights: bool
    """Whether the newest of them is so young that nothing needs to be read again."""


def look(exports: Path, database: Path, now: datetime) -> Found:
    """Return what earlier runs left; `now` in UTC. What cannot be read is none of ours."""
    newest = _newest_snapshot(database)
    told = [(folder, manifest) for folder in _folders(exports) if (manifest := _manifest(folder))]
    taken = {folder: _taken_at(manifest) for folder, manifest in told}
    later = [(folder, m) for folder, m in told if newest is None or taken[folder] > newest]
    closed = sorted((f for f, m in later if m.state == "closed"), key=lambda folder: taken[folder])
    begun = sorted((f for f, m in later if m.state == "open"), key=lambda folder: taken[folder])
    young = [folder for folder in begun if now - taken[folder] < RECENT and _can_go_on(folder)]
    tonights = bool(closed) and now - taken[closed[-1]] < RECENT
    return Found(young[-1] if young else None, tuple(closed), tonights)


def _newest_snapshot(database: Path) -> datetime | None:
    """Return as of when the newest snapshot is."""
    from driftaudit.store.database import reading, value

    if not database.is_file():
        return None
    with reading(database) as connection:
        return value(connection, "select max(taken_at) from history.snapshots")


def _folders(exports: Path) -> list[Path]:
    """Return the folders that runs have made."""
    return sorted(path for path in exports.iterdir() if path.is_dir()) if exports.is_dir() else []


def _manifest(folder: Path) -> Manifest | None:
    """Return what a folder says of itself, None if it says nothing."""
    from driftaudit.exports.manifest import NAME, parsed

    try:
        return parsed(folder)[0] if (folder / NAME).is_file() else None
    except DriftauditError:
        return None


def _can_go_on(folder: Path) -> bool:
    """Tell whether this version of driftaudit can go on with a folder."""
    from driftaudit.collect.resuming import unfinished

    try:
        unfinished(folder)
    except DriftauditError:
        return False
    return True


def _taken_at(manifest: Manifest) -> datetime:
    """Return when an export was read, as the database keeps it."""
    from driftaudit.exports.manifest import utc

    return utc(manifest.taken_at).replace(tzinfo=None)
