"""What a nightly run finds when it begins: a run that broke, exports that were never loaded, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.errors import DriftauditError

if TYPE_CHECKING:
    from driftaudit.config import Config
    from driftaudit.exports.manifest import Manifest

RECENT = timedelta(hours=20)
"""An export that is younger is this night's: a run that comes after one that broke need not read again."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest snapshot, and what became of it."""

    id: int
    taken_at: datetime
    incomplete: bool
    """Whether something that was asked for was not read whole."""
    undelivered: bool
    """Whether its report did not reach everybody, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Found:
    """What earlier runs left to be done."""

    unfinished: Path | None
    """The newest folder that a run can go on with."""
    unloaded: tuple[Path, ...]
    """Closed exports newer than the newest snapshot, oldest first."""
    is_tonights: bool
    """Whether the newest of them is so young that nothing needs to be read again."""
    undelivered: Newest | None
    """The newest snapshot, if it is so young and its report has not reached everybody."""

    @property
    def to_read(self) -> bool:
        """Tell whether the tenant is to be read from the beginning."""
        return self.unfinished is None and self.undelivered is None and not self.is_tonights


def look(config: Config, database: Path, now: datetime) -> Found:
    """Return what earlier runs left; `now` in UTC. What cannot be read is none of ours."""
    from driftaudit.exports.manifest import exports_in

    newest = _newest_snapshot(config, database)
    told = [(folder, manifest) for folder, manifest, _ in exports_in(config.store.exports)]
    taken = {folder: _taken_at(manifest) for folder, manifest in told}
    later = [(folder, m) for folder, m in told if newest is None or taken[folder] > newest.taken_at]
    closed = sorted((f for f, m in later if m.state == "closed"), key=lambda folder: taken[folder])
    begun = sorted((f for f, m in later if m.state == "open"), key=lambda folder: taken[folder])
    young = [folder for folder in begun if now - taken[folder] < RECENT and _can_go_on(folder)]
    tonights = bool(closed) and now - taken[closed[-1]] < RECENT
    left = newest if newest and newest.undelivered and now - newest.taken_at < RECENT else None
    return Found(young[-1] if young else None, tuple(closed), tonights, None if young or closed else left)


def _newest_snapshot(config: Config, database: Path) -> Newest | None:
    """Return the newest snapshot."""
    from driftaudit.delivery.good_runs import judged
    from driftaudit.store.database import reading

    if not database.is_file():
        return None
    with reading(database) as connection:
        run = next(judged(connection, config), None)
    return None if run is None else Newest(run.id, run.taken_at, run.incomplete, bool(run.undelivered))


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
