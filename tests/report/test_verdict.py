"""The verdict: every state, one and many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from driftaudit.audit.audit import Audit, CheckResult, Finding
from driftaudit.report.verdict import verdict
from tests.report import made_audit as made

NBSP = "\u00a0"


def drift(amount: int, **changes: Any) -> tuple[Finding, ...]:
    """Return findings of grants that should not be there."""
    return tuple(
        made.finding(made.PAST, f"Person {place}", made.FINANCE, "The package ended.", **changes)
        for place in range(amount)
    )


def reviews(amount: int, **changes: Any) -> tuple[Finding, ...]:
    """Return findings of reviews that nobody answered."""
    return tuple(
        made.finding(made.UNANSWERED, f"Person {place}", made.PARTNERS, "Nobody answered.", **changes)
        for place in range(amount)
    )


def incomplete(findings: tuple[Finding, ...], *statuses: str) -> Audit:
    """Return an audit whose checks have these states and which is not assured."""
    checks: tuple[CheckResult, ...] = tuple(
        replace(check, status=status) for check, status in zip(made.CHECKS, statuses, strict=True)
    )
    coverage = made.coverage()
    first = replace(coverage[4], status="failed", rows=None)
    return made.audit(
        findings, checks=made.counted(findings, checks), assured=False, coverage=(*coverage[:4], first, *coverage[5:])
    )


@pytest.mark.parametrize(
    ("findings", "mood", "sentence"),
    [
        ((), "assured", "All access has a reason today."),
        (drift(1), "drifted", "One grant should not be there."),
        (drift(3), "drifted", "3 grants should not be there."),
        (reviews(1), "drifted", "No access is out of place; one review went unanswered."),
        (reviews(2), "drifted", "No access is out of place; 2 reviews went unanswered."),
        (drift(1, severity="medium"), "drifted", "No access is out of place; 1 safeguard is missing."),
        (drift(2, severity="low"), "drifted", "No access is out of place; 2 safeguards are missing."),
        (reviews(2, severity="info"), "assured", "All access has a reason today."),
        (drift(2, state="resolved"), "assured", "All access has a reason today."),
        ((*drift(2), *reviews(5)), "drifted", "2 grants should not be there."),
    ],
)
def test_an_assured_audit(findings: tuple[Finding, ...], mood: str, sentence: str) -> None:
    given = verdict(made.audit(findings))
    assert (given.mood, given.sentence.replace(NBSP, " ")) == (mood, sentence)
    assert given.chip.startswith("Assured")


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ((), "We found nothing, but could not look everywhere."),
        (drift(1), "At least one grant should not be there."),
        (drift(46), "At least 46 grants should not be there."),
        (reviews(1), "At least one review went unanswered."),
        (drift(1, severity="medium"), "At least one safeguard is missing."),
        (drift(3, severity="medium"), "At least 3 safeguards are missing."),
        (drift(1, state="unconfirmed"), "One finding could not be confirmed."),
        (drift(4, state="unconfirmed"), "4 findings could not be confirmed."),
    ],
)
def test_an_incomplete_audit_never_sounds_complete(findings: tuple[Finding, ...], sentence: str) -> None:
    given = verdict(incomplete(findings, "partial", "assessed", "not_assessed"))
    assert given.sentence.replace(NBSP, " ") == sentence
    assert (given.mood, given.chip) == ("incomplete", "Not assured: incomplete")


def test_an_incomplete_audit_says_how_many_numbers_are_unknown() -> None:
    one = verdict(incomplete(drift(2), "assessed", "assessed", "not_assessed"))
    two = verdict(incomplete(drift(2), "not_assessed", "assessed", "not_assessed"))
    none = verdict(incomplete(drift(2), "partial", "assessed", "assessed"))
    assert "and one is unknown." in one.ground
    assert "and two are unknown." in two.ground
    assert "unknown" not in none.ground


def test_an_incomplete_audit_names_what_could_not_be_read() -> None:
    assert verdict(incomplete((), "partial", "assessed", "assessed")).ground == (
        "Group members could not be read. It may hide findings."
    )


def test_nothing_assessed_is_no_verdict() -> None:
    given = verdict(incomplete(drift(1, state="unconfirmed"), "not_assessed", "not_assessed", "not_assessed"))
    assert (given.chip, given.sentence) == ("Not assured: nothing read", "We could not look.")
    assert given.ground.replace(NBSP, " ").endswith("Section 5 says what was refused and why.")


def test_the_ground_explains_when_grants_and_findings_differ() -> None:
    held = [{"kind": "member", "resource_id": f"g-{place}", "role_id": ""} for place in (2, 7)]
    given = verdict(made.audit((*drift(1, grants=held), *drift(1, state="resolved"))))
    assert given.sentence == f"2{NBSP}grants should not be there."
    assert given.ground.endswith(f"The 2{NBSP}grants make 1{NBSP}finding.")


def test_the_same_grant_in_two_findings_counts_once() -> None:
    twice = (
        made.finding(made.PAST, "Ana", made.FINANCE, "Ended.", package_id="p-1"),
        made.finding(made.OUTSIDE, "Ana", made.FINANCE, "No package.", resource_id="G-2"),
    )
    given = verdict(made.audit(twice))
    assert given.sentence.replace(NBSP, " ") == "One grant should not be there."
    assert given.ground.replace(NBSP, " ").endswith("The 1 grant makes 2 findings.")


def test_high_findings_of_another_family_are_not_passed_over() -> None:
    leaver = replace(made.PAST, id="leaver_with_access", family="people", headline="")
    found = made.finding(leaver, "Ana", made.FINANCE, "The account is disabled.")
    assert "should not be there" in verdict(made.audit((found,), checks=made.counted((found,), (leaver,)))).sentence
