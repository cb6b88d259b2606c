"""Numbers, dates and lists."""

from __future__ import annotations

from datetime import date

import pytest

from driftaudit.report import words


@pytest.mark.parametrize(("value", "written"), [(0, "0"), (999, "999"), (1204, "1\u202f204"), (-3, "−3")])
def test_number_keeps_thousands_together(value: int, written: str) -> None:
    assert words.number(value) == written


@pytest.mark.parametrize(("value", "written"), [(0, "0 grants"), (1, "1 grant"), (2, "2 grants")])
def test_count_is_singular_only_for_one(value: int, written: str) -> None:
    assert words.count(value, "grant") == written.replace(" ", words.NBSP)


@pytest.mark.parametrize(
    ("earlier", "later", "name"),
    [
        (date(2026, 6, 30), date(2026, 9, 30), "June"),
        (date(2026, 9, 16), date(2026, 9, 30), "16\u00a0September"),
        (date(2025, 9, 30), date(2026, 9, 30), "September 2025"),
        (date(2025, 12, 31), date(2026, 1, 31), "December"),
    ],
)
def test_an_earlier_day_is_named_as_short_as_it_stays_clear(earlier: date, later: date, name: str) -> None:
    assert words.since_name(earlier, later) == name


@pytest.mark.parametrize(
    ("parts", "written"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_listing_reads_as_a_sentence(parts: tuple[str, ...], written: str) -> None:
    assert words.listing(parts) == written


def test_shortened_cuts_at_a_space_and_says_so() -> None:
    assert words.shortened("one two three", 10) == "one two…"
    assert words.shortened("x" * 50, 10) == "x" * 9 + "…"
    assert words.shortened("short", 10) == "short"


@pytest.mark.parametrize(("month", "written"), [(1, "Q1 2026"), (3, "Q1 2026"), (4, "Q2 2026"), (12, "Q4 2026")])
def test_quarter(month: int, written: str) -> None:
    assert words.quarter(date(2026, month, 1)) == written


def test_a_hash_is_written_in_groups_of_eight() -> None:
    assert words.spaced_hash("0123456789abcdef") == "01234567 89abcdef"
