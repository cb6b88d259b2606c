"""The disk: told in a sentence when it is full, whoever notices it first."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from driftaudit.errors import DriftauditError, NothingRead, UsageError
from driftaudit.store.disk import is_full

_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}


@contextmanager
def told_if_full(folder: Path, next_step: Callable[[], str]) -> Generator[None]:
    """Raise NothingRead if the disk is full inside the block, UsageError if the folder cannot be written."""
    try:
        yield
    except DriftauditError:
        raise
    except FileExistsError as error:
        raise UsageError(
            f"The export {error.filename} is there already: another run began in the same second.", "Run it again."
        ) from None
    except Exception as error:
        if is_full(error):
            raise NothingRead(f"The disk that holds {folder} is full.", next_step()) from None
        if isinstance(error, OSError) and error.errno in _CLOSED:
            raise UsageError(
                f"{error.filename or folder} cannot be written: {error.strerror}.", "Check [store] exports and --db."
            ) from None
        raise
