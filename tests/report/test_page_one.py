"""Page 1: at most 120 words whatever happens, and numbers that never say more than was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftaudit.audit.audit import Audit, Coverage
from driftaudit.report import svg
from driftaudit.report.ration import PAPER
from driftaudit.report.render import render
from driftaudit.report.settings import ReportSettings
from driftaudit.report.tiles import tiles
from driftaudit.report.todo import todo
from driftaudit.report.unread import unread
from driftaudit.report.view import view
from tests.report import made_audit as made
from tests.report.pages import text_of, words_of

LONG = "Maria Theresia Anna Josefa von und zu Hohenberg Schwarzenfels Brzęczyszczykiewicz de la Cruz y Ibáñez"
WORDY = " ".join(["a b c d e f g"] * 30)


def paper(audit: Audit, settings: ReportSettings | None = None) -> str:
    """Return the HTML that becomes the PDF."""
    page = view(audit, settings or ReportSettings(), PAPER, 12)
    return render("quarterly/paper.html.j2", {"view": page, "medium": "paper", "palette": svg.PAPER}, embed_fonts=False)


def long_names(audit: Audit) -> Audit:
    """Return the audit with every name, title and reason as long as people make them."""
    owners = {None: LONG} | {name: f"{name} {LONG}" for name in ("Nadia Haddad", "Tom Okafor", "Lena Fischer")}
    findings = tuple(
        replace(
            one,
            principal_name=LONG,
            resource_name=f"{one.resource_name} {WORDY}",
            owner_name=owners.get(one.owner_name, LONG),
        )
        for one in audit.findings
    )
    checks = tuple(replace(one, reason=WORDY if one.reason else None) for one in audit.checks)
    read = tuple(replace(one, reason=WORDY if one.reason else None) for one in audit.coverage)
    return replace(audit, findings=findings, checks=checks, coverage=read, tenant=replace(audit.tenant, name=WORDY))


def many_collections(audit: Audit) -> Audit:
    """Return the audit with many more collections that failed or were left out."""
    failed = [Coverage(f"some_long_collection_name_{place}", "failed", WORDY, None, 3, ()) for place in range(9)]
    left = [Coverage(f"left_out_collection_{place}", "skipped", "by configuration", None, 0, ()) for place in range(9)]
    return replace(audit, coverage=(*audit.coverage, *failed, *left))


def nothing_read() -> Audit:
    """Return an audit in which every check failed and every finding is unconfirmed."""
    whole = made.incomplete()
    checks = tuple(replace(one, status="not_assessed", reason="refused") for one in whole.checks)
    findings = tuple(replace(one, state="unconfirmed") for one in whole.findings)
    return replace(whole, checks=checks, findings=findings)


STATES = {
    "sample": made.audit(),
    "incomplete": made.incomplete(),
    "clean": made.audit(()),
    "first": made.audit(previous=None),
    "large": made.audit(made.many(1200)),
    "nothing read": nothing_read(),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("longer", [False, True])
def test_page_one_has_at_most_120_words(name: str, longer: bool) -> None:
    audit = many_collections(long_names(STATES[name])) if longer else STATES[name]
    counted = words_of(paper(audit, ReportSettings(LONG if longer else "", "Strictly confidential")), "verdict")
    assert len(counted) <= 120, " ".join(counted)


def test_page_one_of_the_sample() -> None:
    text = text_of(paper(made.audit()), "verdict")
    assert "20 grants should not be there." in text
    assert "The 20 grants make 18 findings." in text
    assert "Nothing: all 3 checks were assessed." in text
    assert "Left out on purpose: sign-ins and terms of use." in text


def test_a_partial_number_is_a_lower_bound_without_an_arrow() -> None:
    outside, past, unanswered = tiles(made.incomplete())
    assert (outside.at_least, outside.trend, outside.change) == (True, "none", "16\u00a0September: 5")
    assert (past.at_least, past.trend, past.change) == (False, "worse", "4 since 16\u00a0September")
    assert (unanswered.number, unanswered.assessed, unanswered.trend) == ("–", False, "unknown")


def test_a_number_is_not_compared_with_one_that_was_not_assessed() -> None:
    audit = made.audit()
    before = replace(audit, previous=replace(audit.previous or audit.snapshot, id=3))
    assert tiles(before)[2].change == "16\u00a0September: not assessed"


@pytest.mark.parametrize(("earlier", "trend", "change"), [(7, "same", "as on"), (9, "better", "2 since")])
def test_a_number_that_fell_or_stayed(earlier: int, trend: str, change: str) -> None:
    audit = made.audit()
    points = tuple(replace(one, count=earlier) if one.snapshot_id == 4 else one for one in audit.history)
    tile = tiles(replace(audit, history=points))[0]
    assert (tile.trend, tile.change.startswith(change)) == (trend, True)


def test_a_first_audit_has_no_change() -> None:
    assert {tile.change for tile in tiles(made.audit(previous=None))} == {"first audit"}


def test_to_do_names_at_most_three_and_counts_the_rest() -> None:
    rows = todo(made.audit(), 8)
    assert [row.who.replace("\u00a0", " ") for row in rows] == ["Nadia Haddad", "Tom Okafor", "2 more owners"]
    assert rows[1].what.replace("\u00a0", " ").endswith("answer 3 reviews")
    assert {row.until for row in rows} == {"14\u00a0October"}


def test_repairing_comes_first_and_soonest() -> None:
    first = todo(made.incomplete(), 8)[0]
    assert first.what == "Let driftaudit read group members and review decisions; run again"
    assert (first.who, first.until) == ("Identity team", "2\u00a0October")


def test_a_note_is_nobodys_task() -> None:
    noted = made.finding(made.UNANSWERED, "Ana", made.PARTNERS, "Denied by silence.", severity="info")
    assert todo(made.audit((noted,)), 8) == ()


def test_what_nobody_asked_for_is_not_left_out_on_purpose() -> None:
    assert "role" not in unread(made.audit(), 9).left_out


def test_unconfirmed_findings_are_counted_apart() -> None:
    assert "6\u00a0earlier findings could not be confirmed." in unread(made.incomplete(), 9).lines


def test_when_every_check_saw_only_part_the_cause_is_named_instead() -> None:
    checks = tuple(replace(one, status="partial", reason="in part") for one in made.CHECKS)
    audit = replace(made.incomplete(), checks=checks)
    lines = [line.replace("\u00a0", " ") for line in unread(audit, 22).lines]
    assert lines[0] == "3 of 3 checks in part; section 5 says why."
    assert lines[1] == "Group members: 1 of 25 groups refused (403)."
