"""Kills: twenty loaders, collectors and nightly runs of the sample die at random moments, and all is taken up again."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb

from driftaudit.bundled import folder
from driftaudit.store.schema import create
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure
from tests.collect import kills as collecting
from tests.delivery import kills as nightly
from tests.delivery.nights import nights
from tests.store.kills import survive

KILLS = 20


def test_a_database_survives_every_kill(place: Path, measured: Measured) -> None:
    sample, seed = folder("sample_exports") / "contoso", random.SystemRandom().randrange(2**32)
    exports = (sample / "2026-06-30", sample / "2026-07-31")
    caught = survive(place, *exports, kills=KILLS, seed=seed)
    assert caught > 0, "no kill came in time: the benchmark tested nothing"
    measured(Figure(f"kills of {KILLS} that came in time (all survived)", caught, ""))


def test_a_killed_run_is_gone_on_with(place: Path, measured: Measured) -> None:
    seed = random.SystemRandom().randrange(2**32)
    with duckdb.connect() as connection:
        create(connection)
        caught = collecting.survive(place, connection, kills=KILLS, seed=seed, command=True)
    assert caught.reading > KILLS // 3, f"too few kills came in time: {caught}"
    measured(Figure(f"kills of {KILLS} that came while reading (all gone on with)", caught.reading, ""))
    measured(Figure(f"kills of {KILLS} that came while loading (all survived)", caught.loading, ""))


def test_a_killed_night_is_taken_up(place: Path, measured: Measured) -> None:
    seed = random.SystemRandom().randrange(2**32)
    with duckdb.connect() as connection, nights(place, form="pdf") as job:
        create(connection)
        caught = nightly.survive(job, connection, kills=KILLS, seed=seed)
    came = sum(caught.kinds.values())
    assert came > KILLS // 2, f"too few kills came in time: {caught}"
    measured(Figure(f"kills of {KILLS} nights that came in time (no mail twice, no night lost)", came, ""))
    measured(Figure("of these, left unclear whether the mail had left", caught.unclear, ""))
