"""What every check owes: a case that fires, a silent twin that differs in one field, and one that is not assessed."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from driftaudit.audit.checks import checks
from driftaudit.store.schema import view_files
from tests.queries.cases import Case, all_cases, cases, differences, queries

SCENARIOS = (
    "one snapshot a quarter, the assignment began and ended in between, access never left",
    "one snapshot a quarter, the assignment vanished in between",
    "one snapshot a quarter, the role left the package in between",
    "a left-over is missing from ONE nightly snapshot",
    "user soft-deleted, assignment ended meanwhile, user restored with the access",
    "deliveryFailed, though this role was delivered",
    "assignment scheduled for next week, grant added by hand today",
    "one role of the bundle never delivered, the rest left over",
    "NotReviewed, person had lost the access during the round",
    "NotReviewed in an old round, answered in the newest",
    "disabled account whose only grant is a dynamic group of everybody",
    "guest inside grace",
    "guest being delivered",
    "an update rewrote the assignment's start",
    "a new request is delivering over a 40-day-old left-over",
    "auto-assignment policy without approval, justification, expiry",
    "empty target, principal holds the role: not assessable for that package while pending",
    "role moved from one package to another, the first one's assignee keeps it",
    "the same group in two packages, both ended: one finding, the later end; the other in data",
    "site URL changed, the package still holds the old one",
    "GUIDs in another letter case",
    "guest re-invited with a new object id: the old finding is resolved, a new one opens",
)
"""What a first reading gets wrong, as far as the checks that there are touch it."""


def lacking(found: Collection[Case]) -> set[str]:
    """Return which of the three duties a check's cases do not fulfil."""
    fires = [c for c in found if c.asked.get("expect") and "expect_status" not in c.asked]
    twins = [c for c in found if c.twin_of and not c.asked.get("expect")]
    unread = [c for c in found if c.asked.get("expect_status") == "not_assessed"]
    return {name for name, there in (("fires", fires), ("twin", twins), ("not assessed", unread)) if not there}


@pytest.mark.parametrize("check", sorted(checks()))
def test_every_check_has_its_three_cases(check: str) -> None:
    assert check in queries()
    assert lacking(cases(check).values()) == set()


@pytest.mark.parametrize("duty", ["fires", "twin", "not assessed"])
def test_a_missing_duty_is_noticed(duty: str) -> None:
    idle = [case for case in cases("grant_past_expiry").values() if duty in lacking([case])]
    assert lacking(idle) == {duty}


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=f"{c.query}: {c.name}") for c in all_cases() if c.twin_of is not None]
)
def test_a_twin_is_silent_and_differs_in_one_field(case: Case) -> None:
    firing = cases(case.query)[str(case.twin_of)]
    assert firing.asked["expect"]
    assert case.asked["expect"] == []
    assert firing.at == case.at
    assert len(differences(firing.tenant, case.tenant)) == 1


def test_every_case_says_what_it_expects() -> None:
    silent = [c.name for c in all_cases() if "expect" not in c.asked and c.asked.get("expect_status") != "not_assessed"]
    assert silent == []


def test_cases_are_of_a_query_that_exists() -> None:
    assert set(queries()) <= checks().keys() | view_files().keys()


def test_every_rung_of_the_ladder_has_a_case() -> None:
    told = view_files()["explained_grants"].named("column")["explanation"].rstrip(".")
    rungs = set(told.replace(" or ", ", ").split(", "))
    expected = {row.get("explanation") for case in cases("explained_grants").values() for row in case.asked["expect"]}
    assert rungs <= expected


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_has_a_case(scenario: str) -> None:
    assert any(case.name == f"scenario: {scenario}" for case in all_cases())
