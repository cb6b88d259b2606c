"""The queries agree with the oracle on a thousand random histories, which reach everything that they must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.oracle.comparing import Answered, answers, compared, report
from tests.oracle.packing import pack
from tests.oracle.tally import Tally
from tests.oracle.wanted import WANTED
from tests.queries.runner import empty_database

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

PACKS, HISTORIES, LEAST = 20, 50, 3


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.fixture(scope="module")
def answered() -> Callable[[int], Answered]:
    """Give the function that asks the oracle about a pack, once for all tests."""
    return cache(lambda seed: answers(pack(seed, HISTORIES)))


@pytest.mark.parametrize("seed", range(PACKS))
def test_the_oracle_agrees(database: Connection, answered: Callable[[int], Answered], seed: int) -> None:
    differing = compared(database, answered(seed))
    assert not differing, report(database, differing)


def test_the_histories_reach_everything(answered: Callable[[int], Answered]) -> None:
    tally = Tally()
    for seed in range(PACKS):
        tally.add(answered(seed).tally)
    table = tally.table(WANTED)
    print(f"\n{table}")
    missing = tally.missing(LEAST, WANTED)
    assert not missing, f"fewer than {LEAST} histories reach {missing}:\n{table}"
