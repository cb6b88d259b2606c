"""Loads of the sample done once in a run of the tests: the same export into the same file gives the same file."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import Any

import msgspec
import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.exports import open_export
from driftaudit.exports.export import Export
from driftaudit.store.load import Loaded
from driftaudit.store.publish import FILE_MODE
from tests.fake_graph.caller import CONTOSO

NIGHTS = sorted(folder for folder in CONTOSO.iterdir() if folder.is_dir())
Load = Callable[..., Loaded]


def kept(factory: pytest.TempPathFactory) -> Load:
    """Return a `load_and_record` that puts what one of this run's workers has loaded in its place."""
    base = factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kept-loads"
    place.mkdir(exist_ok=True)

    def load(database: Path, export: Export, **options: Any) -> Loaded:
        before = database.read_bytes() if database.exists() else b""
        options |= {"tell": print}
        name = sha256(b"\0".join([before, export.sha256.encode(), repr(sorted(options.items())).encode()])).hexdigest()
        told = place / f"{name}.json"
        if not told.exists():
            loaded = load_and_record(database, export, **options)
            _put(database, told.with_suffix(".duckdb"))
            _write(told, msgspec.json.encode(loaded))
            return loaded
        database.parent.mkdir(parents=True, exist_ok=True)
        _put(told.with_suffix(".duckdb"), database)
        return msgspec.json.decode(told.read_bytes(), type=Loaded)

    return load


def _put(path: Path, target: Path) -> None:
    """Copy a database whole, or not at all."""
    ready = target.with_name(f"{target.name}.{os.getpid()}")
    copyfile(path, ready)
    ready.chmod(FILE_MODE)
    os.replace(ready, target)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    ready = path.with_name(f"{path.name}.{os.getpid()}")
    ready.write_bytes(content)
    os.replace(ready, path)


def sample(factory: pytest.TempPathFactory, nights: int = len(NIGHTS)) -> Path:
    """Return a database of one's own that holds this many nights of the sample."""
    database, load = factory.mktemp("sample") / "contoso.duckdb", kept(factory)
    for folder in NIGHTS[:nights]:
        load(database, open_export(folder), given={}, accept_shrink=())
    return database
