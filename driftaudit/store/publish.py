"""Publishing: writing happens on a copy, which takes the file's place only when it is whole."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from driftaudit.errors import StoreBusy
from driftaudit.store.database import opened_for_writing, reading
from driftaudit.store.lock import locked

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

Tell = Callable[[str], None]
"""Tells a person something that went well in an unexpected way."""

FILE_MODE, FOLDER_MODE, WORK_MODE = 0o440, 0o700, 0o600
_REPLACE_SECONDS = 60


@contextmanager
def writing(path: Path, tell: Tell) -> Generator[Connection]:
    """Give a connection to a copy of the database; publish the copy when the block ends well, else drop it."""
    _make_folder(path.parent)
    with locked(path.with_name(path.name + ".lock"), path):
        _publish_leftover(path)
        _refuse_guest(path)
        _set_aside_wal(path, tell)
        work = path.with_name(path.name + ".work")
        _drop(work)
        try:
            if path.exists():
                # Not copy2: it would carry the published file's read-only mode to the copy.
                copyfile(path, work)
            with opened_for_writing(work) as connection:
                work.chmod(WORK_MODE)
                yield connection
                connection.execute("checkpoint")
            _publish(work, path)
        finally:
            _drop(work)


def _make_folder(folder: Path) -> None:
    """Make the folder for the owner alone; one that was there keeps its mode."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=FOLDER_MODE)


def _publish(work: Path, path: Path) -> None:
    """Put the whole copy in the file's place, in one step, readable and not writable."""
    _sync(work)
    work.chmod(FILE_MODE)
    ready = _ready(path)
    os.replace(work, ready)
    _replace(ready, path)
    if sys.platform != "win32":
        _sync(path.parent)


def _publish_leftover(path: Path) -> None:
    """Publish the whole copy that an earlier run could not put in place because the file was open."""
    if _ready(path).exists():
        _replace(_ready(path), path)


def _ready(path: Path) -> Path:
    """Return the name under which a whole copy waits to be put in place."""
    return path.with_name(f"{path.stem}.new{path.suffix}")


def _replace(ready: Path, path: Path) -> None:
    """Replace the file, waiting a while where an open file cannot be replaced (Windows)."""
    until = time.monotonic() + _REPLACE_SECONDS
    while True:
        try:
            return os.replace(ready, path)
        except PermissionError as error:
            if time.monotonic() > until:
                raise StoreBusy(
                    f"{path} is open in another program and could not be replaced; the new one waits in {ready}.",
                    "Close it there and run this again.",
                ) from error
            time.sleep(1)


def _refuse_guest(path: Path) -> None:
    """Raise StoreBusy if another program has the file open read-write: its changes would be lost or mixed in."""
    if path.exists():
        with reading(path):
            pass


def _set_aside_wal(path: Path, tell: Tell) -> None:
    """Move away a write-ahead log that is not ours: beside a new file it would lock everybody out."""
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        aside = wal.with_name(f"{wal.name}.aside-{wal.stat().st_mtime_ns}")
        wal.rename(aside)
        tell(f"{wal} was left by a SQL client that opened the database read-write; it was moved to {aside.name}.")


def _drop(work: Path) -> None:
    """Remove a working copy and its log, ours or one that a killed run left."""
    for leftover in (work, work.with_name(work.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Make sure that a file or a folder is on disk, not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
