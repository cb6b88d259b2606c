"""Retention: which snapshots and exports are kept, and which may go because later ones stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Literal

from driftaudit.exports.manifest import exports_in
from driftaudit.store.database import has_table, rows

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

Quarters = int | Literal["all"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Of how many days, weeks and quarters the last snapshot is kept, counted back from the newest."""

    daily: int
    weekly: int
    quarterly: Quarters


@dataclass(frozen=True, slots=True)
class Prunable:
    """A snapshot that the schedule does not keep."""

    id: int
    taken_at: datetime
    export: Path | None
    """Its export folder, where that is still there."""
    marked: bool
    """Whether it was pruned before; then only a folder that has come back is left of it."""


def kept(taken: Mapping[int, datetime], schedule: Schedule) -> set[int]:
    """Return the snapshots that are kept; the newest and the oldest are in any case.

    The oldest says since when anything is known at all.
    """
    if not taken:
        return set()
    order = sorted(taken, key=lambda id_: taken[id_], reverse=True)
    spans = (
        (schedule.daily, lambda at: (at.date(),)),
        (schedule.weekly, lambda at: tuple(at.isocalendar())[:2]),
        (len(order) if schedule.quarterly == "all" else schedule.quarterly, lambda at: (at.year, (at.month - 1) // 3)),
    )
    found = {order[0], order[-1]}
    for many, span in spans:
        last_of: dict[tuple[object, ...], int] = {}
        for id_ in order:
            last_of.setdefault(span(taken[id_]), id_)
        found.update(list(last_of.values())[:many])
    return found


def prunable(connection: Connection, exports: Path, schedule: Schedule) -> list[Prunable]:
    """Return what the schedule does not keep, oldest first; an export that was never loaded is none of it."""
    told = rows(connection, "select id, taken_at, export_sha256 from history.snapshots order by id")
    gone = pruned(connection)
    stays = kept({row["id"]: row["taken_at"] for row in told}, schedule)
    folders = {sha256: folder for folder, manifest, sha256 in exports_in(exports) if manifest.state == "closed"}
    found = [
        Prunable(row["id"], row["taken_at"], folders.get(row["export_sha256"]), row["id"] in gone)
        for row in told
        if row["id"] not in stays
    ]
    return [one for one in found if one.export is not None or not one.marked]


def mark(connection: Connection, ids: Iterable[int], now: datetime) -> None:
    """Write down that these snapshots can no longer be asked for.

    Nothing else goes: what they saw stands in intervals, on which the answers of those that are kept rest.
    """
    for id_ in sorted({*ids} - pruned(connection).keys()):
        connection.execute("insert into history.pruned values (?, ?)", [id_, now])


def pruned(connection: Connection) -> dict[int, datetime]:
    """Return which snapshots were pruned and when; a database of an older version knows of none."""
    told = rows(connection, "from history.pruned") if has_table(connection, "pruned") else []
    return {row["snapshot_id"]: row["pruned_at"] for row in told}


def remove(folder: Path) -> None:
    """Remove an export folder in a way that leaves no half of it behind under its name."""
    gone = folder.with_name(f".{folder.name}.pruned")
    folder.rename(gone)
    rmtree(gone)
