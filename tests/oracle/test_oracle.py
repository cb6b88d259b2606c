"""The queries agree with the oracle on a thousand random histories, which reach everything that they must reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.oracle.comparing import compared, report
from tests.oracle.packing import pack
from tests.oracle.tally import Tally
from tests.queries.runner import empty_database

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

PACKS, HISTORIES = 20, 50


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest.mark.parametrize("seed", range(PACKS))
def test_the_oracle_agrees(database: Connection, tally: Tally, seed: int) -> None:
    differing = compared(database, pack(seed, HISTORIES), tally)
    assert not differing, report(database, differing)
