"""Every case of every query: given rows, expected rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.queries.cases import Case, Row, all_cases, matches
from tests.queries.runner import Answer, asked, asked_together, empty_database, filled
from tests.queries.together import groups, shares

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

TOGETHER = [case for case in all_cases() if shares(case)]
ALONE = [case for case in all_cases() if not shares(case)]


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.fixture(scope="module")
def answers(database: Connection) -> dict[tuple[str, str], Answer]:
    """Return the answer to each case that may be asked together with others."""
    told = (answer for cases in groups(TOGETHER) for answer in asked_together(database, cases))
    return {(case.query, case.name): answer for case, answer in told}


def named(cases: list[Case]) -> list[Any]:
    """Return cases as parameters that are called as the cases are."""
    return [pytest.param(case, id=f"{case.query}: {case.name}") for case in cases]


@pytest.mark.parametrize("case", named(TOGETHER))
def test_case(answers: dict[tuple[str, str], Answer], case: Case) -> None:
    judge(case, *answers[case.query, case.name])


@pytest.mark.parametrize("case", named(ALONE))
def test_case_alone(database: Connection, case: Case) -> None:
    with filled(database, case.tenant):
        judge(case, *asked(database, case))


def judge(case: Case, status: str | None, reason: str | None, found: list[Row]) -> None:
    """Compare what was found with what a case expects, in the columns that it names."""
    expected = case.asked.get("expect", [])
    only = [row for row in found if matches(row, case.asked.get("only", {}))]
    assert told(only, expected) == sorted_rows(expected)
    if status is not None:
        wanted = (case.asked.get("expect_status", "assessed"), case.asked.get("expect_reason", reason))
        assert (status, reason) == wanted


def told(found: list[Row], expected: list[Row]) -> list[Row]:
    """Return the rows found in the columns that the expected rows name, null as an empty text: TOML has no null."""
    names = sorted({name for row in expected for name in row}) or ["principal_id", "resource_id", "explanation"]
    return sorted_rows([{name: "" if row.get(name) is None else row[name] for name in names} for row in found])


def sorted_rows(rows: list[Row]) -> list[Row]:
    """Return rows in an order of their own."""

    def order(row: Row) -> list[tuple[str, Any]]:
        return sorted((key, str(value)) for key, value in row.items())

    return sorted(rows, key=order)
