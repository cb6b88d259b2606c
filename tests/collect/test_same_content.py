"""A tenant that is collected gives the store that its sample export gives, whatever goes wrong on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collect.runs import LEFT_OUT, Run
from tests.collect.stores import Content, differences, loaded
from tests.fake_graph import Chance, serving
from tests.fake_graph.caller import CONTOSO
from tests.store.conftest import Connection

DAYS = sorted(folder.name for folder in CONTOSO.iterdir() if folder.is_dir())
BAD_DAYS = ("2026-08-31", "2026-09-30")
FAULTS = Chance(0.2, seed=4)


@pytest.fixture(scope="module")
def sample(made_history: Connection) -> dict[str, Content]:
    """Return what loading the sample export of each day gives."""
    return {day: loaded(made_history, CONTOSO / day) for day in DAYS}


@pytest.mark.parametrize(
    ("day", "faults"),
    [*((day, ()) for day in DAYS), *((day, (FAULTS,)) for day in BAD_DAYS)],
    ids=[*DAYS, *(f"{day} with faults" for day in BAD_DAYS)],
)
def test_collecting_gives_what_the_sample_gives(
    made_history: Connection, sample: dict[str, Content], tmp_path: Path, day: str, faults: tuple[Chance, ...]
) -> None:
    with serving(CONTOSO / day, faults=faults) as fake:
        run = Run(fake, tmp_path, skipped=LEFT_OUT)
        folder = run.collected()
        assert fake.violations == []
    assert (run.seen.retries > 0) == bool(faults)
    assert differences(loaded(made_history, folder), sample[day]) == {}
