"""What is kept: the last snapshot of days, weeks and quarters, whatever the rhythm of the runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftaudit.store.retention import Schedule, kept

START = datetime(2026, 1, 1, 2)
SCHEDULES = st.builds(
    Schedule,
    daily=st.integers(1, 40),
    weekly=st.integers(0, 20),
    quarterly=st.one_of(st.integers(0, 5), st.just("all")),
)
TAKEN = st.lists(st.integers(0, 24 * 800), min_size=1, max_size=60, unique=True).map(
    lambda hours: {n: START + timedelta(hours=h) for n, h in enumerate(sorted(hours), 1)}
)


def nightly(days: int) -> dict[int, datetime]:
    """Return one snapshot a night."""
    return {n + 1: START + timedelta(days=n) for n in range(days)}


def test_of_two_years_of_nights() -> None:
    taken = nightly(730)
    stays = kept(taken, Schedule(daily=30, weekly=13, quarterly="all"))
    assert stays >= set(range(701, 731))
    ends = {taken[id_].date().isoformat() for id_ in stays}
    assert ends >= {"2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30"}
    assert 1 in stays
    assert len(stays) == 30 + 8 + 7 + 1, "days, the weeks before them, the quarters before those, the oldest"


@pytest.mark.parametrize("quarterly", [0, 2])
def test_of_so_many_quarters(quarterly: int) -> None:
    stays = kept(nightly(400), Schedule(daily=1, weekly=0, quarterly=quarterly))
    assert len(stays) == 1 + 1 + max(0, quarterly - 1), "the newest, the oldest, and the ends of earlier quarters"


@given(taken=TAKEN, schedule=SCHEDULES)
def test_the_newest_the_oldest_and_the_last_of_each_span_stay(taken: dict[int, datetime], schedule: Schedule) -> None:
    stays = kept(taken, schedule)
    assert {min(taken), max(taken)} <= stays <= taken.keys()
    days = sorted({at.date() for at in taken.values()}, reverse=True)[: schedule.daily]
    for day in days:
        assert max(id_ for id_, at in taken.items() if at.date() == day) in stays
    if schedule.quarterly == "all":
        for year, quarter in {(at.year, (at.month - 1) // 3) for at in taken.values()}:
            of_it = [id_ for id_, at in taken.items() if (at.year, (at.month - 1) // 3) == (year, quarter)]
            assert max(of_it) in stays


@given(taken=TAKEN, schedule=SCHEDULES)
def test_what_goes_goes_once(taken: dict[int, datetime], schedule: Schedule) -> None:
    stays = kept(taken, schedule)
    assert kept({id_: taken[id_] for id_ in stays}, schedule) <= stays
