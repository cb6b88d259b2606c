"""Kills: twenty loaders of the sample die at random moments, and the database survives them all."""

from __future__ import annotations

import random
from pathlib import Path

from driftaudit.bundled import folder
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure
from tests.store.kills import survive

KILLS = 20


def test_a_database_survives_every_kill(place: Path, measured: Measured) -> None:
    sample, seed = folder("sample_exports") / "contoso", random.SystemRandom().randrange(2**32)
    exports = (sample / "2026-06-30", sample / "2026-07-31")
    caught = survive(place, *exports, kills=KILLS, seed=seed)
    assert caught > 0, "no kill came in time: the benchmark tested nothing"
    measured(Figure(f"kills of {KILLS} that came in time (all survived)", caught, ""))
