"""The numbers that are not findings: they add up on the page as they do in the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftaudit.audit.audit import Audit
from driftaudit.report import svg
from driftaudit.report.bars import governed_bar, latency_bar
from driftaudit.report.evidence import evidence
from driftaudit.report.measures import MeasuresPage, measures
from driftaudit.report.unread import coverage_number
from tests.report import made_whole as whole
from tests.report.pages import text_of
from tests.report.test_page_one import paper


def measured(**changes: Sequence[dict[str, Any]]) -> MeasuresPage:
    """Return the section of the sample with other rows in some metrics."""
    page = measures(whole.audit(metrics=whole.metrics() | {k: tuple(v) for k, v in changes.items()}))
    assert page
    return page


def share(explained: int, missing: int) -> str:
    """Return the title for so many grants with and without a reason."""
    rows = [
        {"bucket": "assignment", "governed": True, "grants": explained, "share": 0.5},
        {"bucket": "none", "governed": False, "grants": missing, "share": 0.5},
    ]
    governed = measured(governed_share=rows).governed
    assert governed
    return governed.title


def test_without_metrics_there_is_no_section() -> None:
    bare = whole.audit(metrics={})
    assert measures(bare) is None
    assert coverage_number(bare) == coverage_number(whole.audit()) - 1
    assert 'id="measures"' not in paper(bare)
    assert evidence(bare).explained


def test_the_reasons_stand_in_one_place_only() -> None:
    assert evidence(whole.audit()).explained == ()
    text = text_of(paper(whole.audit()), "measures")
    assert "A package gives it today assignment 131" in text
    assert "All grants, each counted once 1\u202f689".replace("\u202f", " ") in text.replace("\u202f", " ")


def test_the_bar_and_the_buckets_count_the_same_grants() -> None:
    governed = measured().governed
    assert governed
    assert governed.parts == (136, 21, 20)
    assert sum(governed.parts) == 177
    assert governed.note.replace("\u00a0", " ").startswith("177 grants on roles that packages give. 1")


@pytest.mark.parametrize(
    ("explained", "missing", "title"),
    [
        (1, 0, "All grants on packaged roles have a reason of today"),
        (999, 1, "99 of 100 grants on packaged roles have a reason of today"),
        (1, 999, "1 of 100 grants on packaged roles have a reason of today"),
        (0, 9, "0 of 100 grants on packaged roles have a reason of today"),
        (86, 14, "86 of 100 grants on packaged roles have a reason of today"),
    ],
)
def test_a_share_never_rounds_to_all_or_nothing(explained: int, missing: int, title: str) -> None:
    assert share(explained, missing) == title


@given(st.tuples(*[st.integers(0, 10**7)] * 3))
def test_the_bar_stays_inside_its_frame_and_says_every_number(parts: tuple[int, int, int]) -> None:
    drawn = str(governed_bar(parts, svg.PAPER))
    if not sum(parts):
        assert drawn == ""
        return
    rights = [float(x) + float(w) for x, w in re.findall(r'<rect x="([\d.]+)" y="0" width="([\d.]+)"', drawn)]
    assert len(rights) == sum(map(bool, parts))
    assert max(rights) == pytest.approx(493, abs=0.1)
    title = re.search(r"<title>(.*?)</title>", drawn)
    assert title
    assert [int(number) for number in re.findall(r"\d+", title[1])] == list(parts)


def test_the_slowest_catalog_comes_first_and_one_without_a_time_last() -> None:
    assert [one.catalog for one in measured().latency] == [
        "Partners and suppliers", "Clinical research", "Finance", "People and payroll", "General",
    ]  # fmt: skip


def test_intervals_are_said_as_people_say_them() -> None:
    said = {one.catalog: (one.half_words.replace("\u00a0", " "), one.most_words.replace("\u00a0", " "))
            for one in measured().latency}  # fmt: skip
    assert said == {
        "Partners and suppliers": ("24 hours to 6 days", "never"),
        "Clinical research": ("30 hours to 3 days", "7 to 17 days"),
        "Finance": ("≤ 14 hours", "26 hours to 2 days"),
        "People and payroll": ("2 to 26 hours", "2 to 26 hours"),
        "General": ("–", "–"),
    }


def test_what_never_went_has_no_bar_and_what_is_not_known_runs_to_the_edge() -> None:
    never = str(latency_bar((None, None), (None, None), 24, svg.PAPER))
    open_ended = str(latency_bar((30.0, None), (None, None), 24, svg.PAPER))
    assert svg.PAPER.edges[0] not in never
    assert 'x2="208"' in open_ended
    assert "Half gone: 30 hours or more; nine in ten gone: never or not known" in open_ended


def test_the_title_says_how_many_catalogs_keep_something() -> None:
    assert measured().latency_title == "Two catalogs do not let go of all access"
    rows = [row | {"left_over": 0} for row in whole.metrics()["revocation_latency"]]
    assert measured(revocation_latency=rows).latency_title == "Every catalog lets go of its access"
    none = [row | {"left_over": 0, "removed": 0} for row in rows]
    assert measured(revocation_latency=none).latency_title == "No access has gone after an end yet"


def test_the_flow_adds_up_line_by_line_and_in_sum() -> None:
    page = measured()
    for numbers in (*(one.numbers for one in page.flow), page.flow_total):
        opening, new, reopened, resolved, closing = map(int, numbers)
        assert opening + new + reopened - resolved == closing


def test_only_what_there_is_is_counted_as_set_aside() -> None:
    labels = [label for label, _ in measured().set_aside]
    assert "Grants whose end is so recent that removal may be under way" in labels
    assert not any("shared mailboxes" in label for label in labels)


def test_how_many_scopes_were_read_is_said_where_the_collections_are() -> None:
    audit: Audit = whole.audit()
    assert "Read one by one: 210 of 210 groups" in text_of(paper(audit), "coverage").replace("\u00a0", " ")
    assert "Read one by one" not in text_of(paper(replace(audit, metrics={})), "coverage")


def test_where_nothing_was_measured_the_section_says_so() -> None:
    empty = whole.audit((), metrics={name: () for name in whole.metrics()})
    assert "there is nothing to measure" in text_of(paper(empty), "measures")
