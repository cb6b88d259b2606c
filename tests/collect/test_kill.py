"""Kill -9 at random moments of collecting: the database is whole, and going on gives what was to be read."""

from __future__ import annotations

import random
from pathlib import Path

from tests.collect.kills import survive
from tests.store.conftest import Connection

KILLS = 5


def test_a_killed_run_leaves_the_database_whole_and_is_gone_on_with(tmp_path: Path, made_history: Connection) -> None:
    seed = random.SystemRandom().randrange(2**32)
    caught = survive(tmp_path, made_history, kills=KILLS, seed=seed)
    assert caught.reading > 0, "no kill came in time: the test tested nothing"
