"""A database with every table and view and no snapshot, made once, because that takes most of a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from driftaudit.store.publish import writing
from driftaudit.store.schema import create


def blank(path: Path) -> Path:
    """Put such a database where nothing is and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(_made())
    path.chmod(0o440)
    return path


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.duckdb"
        with writing(path, print) as connection:
            create(connection)
        return path.read_bytes()
