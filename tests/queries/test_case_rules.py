"""What every check owes: a case that fires, a silent twin that differs in one field, and one that is not assessed."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from driftaudit.audit.checks import checks
from driftaudit.store.schema import view_files
from tests.queries.cases import Case, all_cases, cases, differences, queries


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
