"""Audits made once: for tests that are about what a command makes of an audit, and ask for the same one many times."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit import loading
from driftaudit.audit.audit import Audit
from driftaudit.audit.checks import Check
from driftaudit.store.database import value
from driftaudit.store.model import set_variables
from tests.store.conftest import Connection

Key = tuple[Any, ...]


@pytest.fixture(scope="module")
def audited_once() -> Generator[None]:
    """Run each audit of the module once, and give it again to whoever asks the same of the same file."""
    run, made = loading.run, dict[Key, Audit]()

    def ran(
        connection: Connection,
        snapshot_id: int,
        checks: Mapping[str, Check],
        parameters: Mapping[str, Any],
        **told: Any,
    ) -> Audit:
        if told.get("measured") is False:  # what a load records; it is asked for once
            return run(connection, snapshot_id, checks, parameters, **told)
        texts = tuple((check.id, check.file.sha256) for check in checks.values())
        key = (_file(connection), snapshot_id, texts, repr(sorted(parameters.items())), repr(told))
        if key in made:
            set_variables(connection, {**parameters, "snapshot_id": snapshot_id})
        else:
            made[key] = run(connection, snapshot_id, checks, parameters, **told)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "run", ran)
        yield


def _file(connection: Connection) -> str:
    """Return the hash of the file that a connection reads: a copy of it is the same."""
    path = value(connection, "select path from duckdb_databases() where not internal")
    return sha256(Path(path).read_bytes()).hexdigest()
