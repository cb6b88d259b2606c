"""Pruning: the exports that [retention] does not keep go, and nobody can ask for their snapshots any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from driftaudit.cli._narration import narrator
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.cli._options import Options
    from driftaudit.store.retention import Prunable


def prunable(options: Options) -> list[Prunable]:
    """Return what [retention] does not keep, oldest first."""
    from driftaudit.store import retention
    from driftaudit.store.database import reading

    told = options.config.retention
    schedule = retention.Schedule(told.daily, told.weekly, told.quarterly)
    with reading(options.db) as connection:
        return retention.prunable(connection, options.config.store.exports, schedule)


def prune(options: Options, found: Sequence[Prunable]) -> None:
    """Mark the snapshots, then remove their exports."""
    from driftaudit.cli import _clock
    from driftaudit.store import retention
    from driftaudit.store.publish import writing
    from driftaudit.store.schema import create

    # First the database: a folder that is gone while its snapshot could be asked for would be a lie.
    with writing(options.db, narrator(options)) as connection:
        create(connection)
        retention.mark(connection, (one.id for one in found), _clock.local_time().replace(tzinfo=None))
    for one in found:
        if one.export:
            retention.remove(one.export)


def named(one: Prunable) -> str:
    """Return what a person is told of one of them."""
    folder = f", {one.export}" if one.export else ", whose export is not there"
    return visible(f"Snapshot {one.id}, as of {one.taken_at:%Y-%m-%d %H:%M:%S} UTC{folder}")


def counted(found: Sequence[Prunable]) -> str:
    """Return how many there are, in words."""
    return f"{len(found):,} snapshot{'' if len(found) == 1 else 's'}"
