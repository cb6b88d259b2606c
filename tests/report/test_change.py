"""What changed: a sum that adds up, also when part of it could not be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftaudit.audit.audit import Audit
from driftaudit.report.change import FIRST_AUDIT, Change, change
from tests.report import made_audit as made
from tests.report.pages import text_of
from tests.report.test_page_one import paper


def sums(page: Change) -> tuple[int, int]:
    """Return what the terms before the equals sign add up to, and what stands after it."""
    numbers = [int(term.number) * (-1 if term.sign == "−" else 1) for term in page.terms]
    return sum(numbers[:-1]), numbers[-1]


@pytest.mark.parametrize("audit", [made.audit(), made.incomplete(), made.audit(())], ids=["whole", "partial", "empty"])
def test_the_sum_adds_up_to_what_stands(audit: Audit) -> None:
    added, stated = sums(change(audit, 12))
    assert added == stated == len(audit.open_findings)


def test_a_checks_first_run_is_not_new() -> None:
    first = tuple(replace(one, state="first_assessed") for one in made.audit().findings if one.state != "resolved")
    page = change(made.audit(first), 12)
    assert [term.number for term in page.terms if term.label == "first assessed"] == ["23"]
    assert [term.number for term in page.terms if term.label == "new"] == ["0"]
    assert sums(page) == (23, 23)


def test_a_first_audit_has_nothing_to_compare_with() -> None:
    page = change(made.audit(previous=None), 12)
    assert (page.lead, page.terms) == (FIRST_AUDIT, ())
    assert FIRST_AUDIT in text_of(paper(made.audit(previous=None)), "changed")


@pytest.mark.parametrize(
    ("states", "lead"),
    [
        (("new", "open"), "Open findings rose by one: more appeared than was resolved."),
        (("resolved", "open"), "Open findings fell by one: more was resolved than appeared."),
        (("open", "open"), "As many findings are open as before: none appeared, none was resolved."),
        (("new", "resolved"), "As many findings are open as before: as many were resolved as appeared."),
        (
            ("open", "unconfirmed"),
            "As many findings are open as before: none appeared, none was resolved."
            " One of them could not be looked at this time and was not confirmed.",
        ),
    ],
)
def test_the_lead_says_which_way_it_went(states: tuple[str, ...], lead: str) -> None:
    found = tuple(replace(one, state=state) for one, state in zip(made.many(2), states, strict=True))
    assert change(made.audit(found), 12).lead == lead


def test_unconfirmed_findings_are_named() -> None:
    text = text_of(paper(made.incomplete()), "changed")
    assert "Not confirmed this time" in text
    assert "Trần Văn Bình" in text
    assert "6 not confirmed" in text.replace("\u00a0", " ")


def test_long_lists_are_cut_and_counted() -> None:
    page = change(made.audit(made.many(30, state="resolved")), 12)
    assert (len(page.resolved), page.resolved_more) == (12, 18)


def test_open_longest_names_the_oldest_first_and_nothing_of_today() -> None:
    days = [int(row.fact) for row in change(made.audit(), 12).longest]
    assert days == sorted(days, reverse=True)
    assert len(days) == 5
    assert min(days) > 0


def test_a_snapshot_alone_makes_no_chart() -> None:
    audit = made.audit()
    alone = tuple(point for point in audit.history if point.snapshot_id == 5)
    assert change(replace(audit, history=alone), 12).columns == ()
