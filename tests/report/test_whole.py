"""The report with all checks: one page of verdict, one section each, and nothing subtracted in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from driftaudit.audit.audit import Audit, Finding
from driftaudit.report.change import change
from driftaudit.report.counts import grants, headline_checks, report_order, wanting
from driftaudit.report.details import who
from driftaudit.report.html import render_html
from driftaudit.report.pdf import render_pdf
from driftaudit.report.settings import ReportSettings
from driftaudit.report.tiles import further, tiles
from driftaudit.report.todo import todo
from driftaudit.report.verdict import verdict
from tests.report import made_audit as made
from tests.report import made_whole as whole
from tests.report.hostile import hostile
from tests.report.pages import text_of, texts_of_pdf, words_of
from tests.report.test_page_one import LONG, long_names, many_collections, paper

CHECKS = whole.results()
OF = {check.id: tuple(f for f in whole.findings() if f.check == check.id and f.exception is None) for check in CHECKS}


def nothing_read() -> Audit:
    """Return an audit in which no check could be assessed."""
    blind = tuple(replace(check, status="not_assessed", reason="Graph answered 403") for check in CHECKS)
    found = tuple(replace(one, state="unconfirmed") for one in whole.findings())
    return whole.audit(found, checks=blind, assured=False, metrics={}, coverage=made.incomplete().coverage)


STATES = {
    "whole": whole.audit(),
    "incomplete": whole.incomplete(),
    "nothing read": nothing_read(),
    "clean": whole.audit((), exceptions=()),
    "hostile": hostile(whole.audit()),
    "first": whole.audit(previous=None),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("longer", [False, True])
def test_page_one_has_at_most_120_words(name: str, longer: bool) -> None:
    audit = many_collections(long_names(STATES[name])) if longer else STATES[name]
    counted = words_of(
        paper(audit, ReportSettings(LONG if longer else "", "Strictly confidential, for two pairs of eyes only")),
        "verdict",
    )
    assert len(counted) <= 120, " ".join(counted)


def test_the_checks_stand_by_family_and_those_of_page_one_first() -> None:
    order = report_order(whole.audit())
    assert [check.family for check in order] == ["drift"] * 9 + ["reviews"] * 3 + ["people"] * 3
    first = [check.id for check in order if check.family == "drift"][:2]
    assert first == ["grant_outside_package", "grant_past_expiry"]


def test_page_one_has_a_number_of_every_family() -> None:
    chosen = headline_checks(whole.audit())
    assert len(chosen) == 4
    assert {check.family for check in chosen} == {"drift", "reviews", "people"}


def test_a_check_of_ones_own_takes_the_place_of_one_that_is_not_there() -> None:
    own = replace(made.OUTSIDE, id="our_check", family="ours", headline="of our own")
    chosen = headline_checks(made.audit(checks=(*made.CHECKS, own)))
    assert [check.id for check in chosen][-1] == "our_check"


def test_what_the_other_checks_found_stands_below_the_numbers() -> None:
    assert further(whole.audit()).replace("\u00a0", " ") == "11 more checks: 14 findings. Accepted: 1."
    assert further(whole.incomplete()).replace("\u00a0", " ").startswith("11 more checks: at least 12 findings")
    assert further(nothing_read()).replace("\u00a0", " ") == "11 more checks: not assessed."
    assert further(made.audit()) == ""


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("bundle_partly_removed", "One grant should not be there."),
        ("nested_group_opens_package", "One grant should not be there."),
        ("grant_of_removed_role", "No access is out of place; 2 safeguards are missing."),
        ("assignment_without_access", "No access is out of place; 1 safeguard is missing."),
        ("review_denied_access_present", "One grant should not be there."),
        ("review_overdue", "No access is out of place; 2 safeguards are missing."),
        ("leaver_with_access", "2 leavers still hold access."),
        ("guest_without_assignment", "No access is out of place; 1 safeguard is missing."),
        ("pim_mismatch", "No access is out of place; 1 safeguard is missing."),
        ("site_open_to_everyone", "One grant should not be there."),
        ("app_open_to_everyone", "One application is open to everybody."),
        ("incompatible_packages_held", "One person holds packages that exclude each other."),
    ],
)
def test_the_verdict_on_the_findings_of_one_check(check: str, sentence: str) -> None:
    given = verdict(whole.audit(OF[check], exceptions=()))
    assert given.sentence.replace("\u00a0", " ") == sentence
    assert given.mood == "drifted"


def test_an_application_that_anybody_may_use_is_nobodys_in_particular() -> None:
    (found,) = OF["app_open_to_everyone"]
    assert who(found) == "Everybody"
    assert who(replace(found, data={})) == "Nobody named"


def test_a_refusal_is_named_as_a_ground_only_where_there_is_one() -> None:
    refused = verdict(whole.audit(OF["review_denied_access_present"], exceptions=()))
    assert "or a reviewer refused it" in refused.ground
    assert "refused" not in verdict(whole.audit(OF["nested_group_opens_package"], exceptions=())).ground


def pair() -> tuple[Finding, Finding]:
    """Return a left-over and the half-done removal that always comes with it."""
    past = replace(made.finding(made.PAST, "Ana", made.FINANCE, "Ended."), package_id="p-1")
    half = next(check for check in CHECKS if check.id == "bundle_partly_removed")
    return past, replace(made.finding(half, "Ana", made.FINANCE, "Half."), package_id="p-1")


def test_a_half_done_removal_and_its_left_over_count_once() -> None:
    given = verdict(whole.audit(pair(), exceptions=()))
    assert given.sentence.replace("\u00a0", " ") == "One grant should not be there."
    assert "findings" not in given.ground
    assert [one.check for one in wanting(whole.audit(pair()))] == ["grant_past_expiry"]


def test_a_half_done_removal_of_another_package_counts_for_itself() -> None:
    past, half = pair()
    other = replace(half, package_id="p-2", resource_id="g-9")
    assert verdict(whole.audit((past, other), exceptions=())).sentence.startswith("2")


def test_a_refusal_and_another_finding_about_the_same_resource_are_one_grant() -> None:
    past = made.finding(made.PAST, "Ana", made.FINANCE, "Ended.")
    refused = replace(past, check="review_denied_access_present", kind=None, role_id=None)
    assert len(grants((past, refused))) == 1
    assert len(grants((past, replace(refused, resource_id="g-9")))) == 2


def accepted_only() -> Audit:
    """Return an audit in which every finding that stands is accepted."""
    return whole.audit(tuple(one for one in whole.findings() if one.exception))


def test_accepted_findings_alone_leave_the_verdict_assured_and_are_told() -> None:
    given = verdict(accepted_only())
    assert (given.mood, given.chip) == ("assured", "Assured")
    assert given.ground.replace("\u00a0", " ").endswith("One finding is accepted for now.")
    assert tiles(accepted_only())[0].number == "1"
    assert further(accepted_only()).endswith("Accepted: 1.")


def test_who_answers_for_an_exception_is_told_when_it_ends() -> None:
    (task,) = todo(accepted_only(), 8)
    assert (task.who, task.until.replace("\u00a0", " ")) == ("Nadia Haddad", "31 December")
    assert task.what.replace("\u00a0", " ") == "Renew or end 1 accepted exception"


def test_an_accepted_finding_is_nobodys_task_but_stays_in_every_sum() -> None:
    audit = whole.audit()
    left = [one for one in audit.open_findings if not one.exception and one.check != "bundle_partly_removed"]
    assert len(wanting(audit)) == len(left)
    assert change(audit, 12).terms[-1].number == str(len(audit.open_findings))
    assert further(audit).replace("\u00a0", " ") == "11 more checks: 14 findings. Accepted: 1."


def test_to_do_says_what_to_do_about_each_kind_of_finding() -> None:
    found = tuple(replace(one, owner_name="Ada") for check in OF.values() for one in check)
    (task,) = todo(whole.audit(found, exceptions=()), 0)
    assert task.what.replace("\u00a0", " ") == "Remove 24 grants; answer 4 reviews; 10 more"
    leavers = tuple(replace(one, owner_name="Ada") for one in OF["leaver_with_access"])
    assert todo(whole.audit(leavers, exceptions=()), 0)[0].what.replace("\u00a0", " ") == "Clear 2 leavers"


@pytest.fixture(scope="module")
def page() -> str:
    return render_html(whole.audit(), ReportSettings())


def test_every_check_has_a_section_and_a_line_in_the_contents(page: str) -> None:
    contents = text_of(page, "contents")
    for check in CHECKS:
        assert check.title in text_of(page, f"check-{check.id}")
        assert check.title in contents
        assert f'href="#check-{check.id}"' in page
    assert [part in contents for part in ("Access and packages", "Reviews", "People")] == [True] * 3


def test_every_finding_has_the_command_that_proves_or_disputes_it(page: str) -> None:
    explained = [one.data["explain"] for one in whole.audit().open_findings if "explain" in one.data]
    assert page.count("<details><summary>Prove or dispute it</summary>") == len(explained) > 30


def test_an_accepted_finding_is_marked_where_it_is_listed(page: str) -> None:
    text = text_of(page, "check-grant_outside_package").replace("\u00a0", " ")
    assert "Accepted until 31 December 2026 by Lena Fischer: The export moves to a package" in text
    assert "7 findings, 1 accepted" in text
    assert 'data-state="accepted"' in page


def test_every_exception_is_listed_with_who_answers_for_it(page: str) -> None:
    text = text_of(page.replace("<wbr>", ""), "evidence").replace("\u00a0", " ")
    assert "1 finding accepted for now; each is listed and marked in its section." in text
    assert "1 exception expired: what it covered is open again." in text
    for one in whole.exceptions():
        assert all(told in text for told in (one.what, one.owner, one.approver, one.reason, one.expires.isoformat()))
    assert "Expired" in text
    assert "Unused" in text


def test_findings_about_no_resource_and_about_no_person_are_readable(page: str) -> None:
    overdue = text_of(page, "check-review_overdue")
    assert "Tom Okafor and Lena Fischer" in overdue
    assert "All guests" in overdue
    leavers = text_of(page, "check-leaver_with_access").replace("\u00a0", " ")
    assert "4 grants and 1 package" in leavers
    assert "Ledger approval and Ledger posting" in text_of(page, "check-incompatible_packages_held")
    assert "Path: Jörg Weiß → Northwind drivers → Partner portal guests" in text_of(
        page, "check-review_denied_access_present"
    )
    assert "It opens this to 41 people" in text_of(page, "check-nested_group_opens_package").replace("\u00a0", " ")
    nameless = ("No resource named", "No name", "None")
    assert not any(f">{word}" in page for word in nameless)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """Return the pages of an incomplete audit with long names, few findings and all sections."""
    one_each = tuple(next(one for one in whole.incomplete().findings if one.check == check.id) for check in CHECKS)
    audit = replace(long_names(whole.incomplete()), findings=one_each)
    return texts_of_pdf(render_pdf(audit, ReportSettings(LONG, "Strictly confidential")))


def test_page_one_stays_one_page_and_the_contents_follow(printed: list[str]) -> None:
    assert "Not assured: incomplete" in printed[0]
    assert "Not assessed" in printed[0]
    assert "In this report" in printed[1]
    assert "What changed since" in printed[2]


def test_the_contents_name_the_page_of_each_section(printed: list[str]) -> None:
    number = next(n for n, text in enumerate(printed, 1) if "The proof and the method" in text and n > 2)
    assert f"The proof and the method {number}" in printed[1]


def test_the_command_is_printed_under_its_finding(printed: list[str]) -> None:
    assert sum(text.count("driftaudit explain") for text in printed) >= 11
