"""Kill -9 at random moments of a night: the next run needs no cleaning up, and nobody gets a mail twice."""

from __future__ import annotations

import random
from pathlib import Path

from tests.delivery.kills import KINDS, survive
from tests.delivery.nights import nights
from tests.store.conftest import Connection, made_history

__all__ = ["made_history"]

KILLS = 5


def test_a_night_that_is_killed_is_taken_up_by_the_next_run(tmp_path: Path, made_history: Connection) -> None:
    seed = random.SystemRandom().randrange(2**32)
    with nights(tmp_path) as job:
        caught = survive(job, made_history, kills=KILLS, seed=seed)
    assert caught.kinds["reading"] == KINDS.count("reading"), "no kill came in time: the test tested nothing"
    assert caught.unclear > 0, "a mail that was taken and never confirmed was not told"
