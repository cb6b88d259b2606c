"""The disk: whether an error means that nothing more can be written to it, whoever noticed it first."""

from __future__ import annotations

import errno

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAID = ("no space left", "quota exceeded", "file too large")
"""What DuckDB says, which has no number for it."""


def is_full(error: Exception) -> bool:
    """Tell whether an error means that nothing more can be written."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    told = str(error).lower()
    return any(words in told for words in _SAID)
