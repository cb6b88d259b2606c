"""Charts: labels apart, sums true, every number also in words, no name in them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftaudit.report import svg
from driftaudit.report.change import change
from driftaudit.report.columns import LABEL_DISTANCE, columns_in_words, spread, stacked_columns
from driftaudit.report.sparkline import sparkline
from tests.report import made_audit as made

PAGE = change(made.audit(), 12)


def texts(drawing: str) -> list[str]:
    """Return the words and numbers that stand in a drawing."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing)


@given(st.lists(st.floats(min_value=18, max_value=158), min_size=1, max_size=4))
def test_labels_stand_apart_and_inside(wanted: list[float]) -> None:
    placed = sorted(spread(wanted))
    assert all(after - before >= LABEL_DISTANCE - 1e-6 for before, after in pairwise(placed))
    assert placed[-1] <= 158


@pytest.mark.parametrize("palette", [svg.PAPER, svg.SCREEN], ids=["paper", "screen"])
def test_a_column_prints_its_total(palette: svg.Palette) -> None:
    drawn = texts(stacked_columns(PAGE.columns, PAGE.series, palette))
    totals = [sum(count or 0 for count in column.counts) for column in PAGE.columns]
    assert [str(total) for total in totals if total in (15, 17, 23)] == ["15", "17", "23"]
    assert {"15", "17", "≥ 16", "23"} <= set(drawn)


def test_every_label_of_the_series_and_the_snapshots_is_drawn() -> None:
    drawn = texts(stacked_columns(PAGE.columns, PAGE.series, svg.PAPER))
    assert {"Outside packages", "Past their end", "Reviews unanswered", "30 Jun", "30 Sep"} <= set(drawn)


def test_the_alternative_text_says_every_number() -> None:
    said = columns_in_words(PAGE.columns, PAGE.series)
    assert said.split("; ")[2] == "31 Aug: outside packages 8, past their end 8, reviews unanswered not assessed"
    assert f"<title>{said}</title>" in stacked_columns(PAGE.columns, PAGE.series, svg.PAPER)


def test_a_snapshot_at_which_nothing_was_assessed_is_hatched_and_not_zero() -> None:
    hidden = replace(PAGE.columns[1], counts=(None, None, None), lower_bound=True)
    drawn = stacked_columns((*PAGE.columns[:1], hidden), PAGE.series, svg.PAPER)
    assert "not assessed" in texts(drawn)
    assert "0" not in texts(drawn)


@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (10412, 3188, 998), (4, None, 2)])
def test_any_size_can_be_drawn(counts: tuple[int | None, ...]) -> None:
    column = replace(PAGE.columns[0], counts=counts, lower_bound=None in counts)
    drawn = stacked_columns((column, column), PAGE.series, svg.PAPER)
    heights = [float(height) for height in re.findall(r'height="([-\d.]+)"', drawn)]
    assert min(heights) > 0
    assert "NaN" not in drawn


def test_a_sparkline_leaves_a_gap_where_nothing_was_assessed() -> None:
    points = tuple(point for point in made.audit().history if point.check == made.UNANSWERED.id)
    drawn = sparkline(points, "reviews unanswered", svg.PAPER)
    assert drawn.count("<line") == 2
    assert drawn.count("stroke-dasharray") == 1
    assert "2026-08-31 not assessed" in drawn


def test_less_than_two_points_are_no_course_of_events() -> None:
    first, *rest = made.audit().history[::3]
    assert sparkline((), "x", svg.PAPER) == sparkline((first,), "x", svg.PAPER) == ""
    assert sparkline((first, rest[0]), "x", svg.PAPER).count("<circle") == 2
