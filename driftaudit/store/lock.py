"""The lock that keeps two writers apart, of a database or of an export folder."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from driftaudit.errors import StoreBusy


@contextmanager
def locked(lock: Path, what: Path) -> Generator[None]:
    """Hold the lock on what is written; its text only tells a person who has it."""
    with lock.open("a+") as file:
        if not _try_lock(file):
            file.seek(0)
            raise StoreBusy(
                f"Another run is writing {what}: {file.read().strip() or 'it does not say which'}.",
                "Wait until it has finished.",
            )
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield
        file.truncate(0)


def _try_lock(file: TextIO) -> bool:
    """Lock the file if nobody has it; the system lets go of it when the process dies, however it dies."""
    if sys.platform == "win32":
        import msvcrt

        # Far behind the text: a locked range cannot be read by others on Windows.
        file.seek(1 << 30)
        with suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        return False
    import fcntl

    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
