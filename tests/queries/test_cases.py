"""Every case of every query: given rows, expected rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.queries.cases import Case, Row, all_cases, matches
from tests.queries.recorded import lines, recorded
from tests.queries.runner import Answer, Together, asked, asked_together, empty_database, filled
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
def asked_at_once(database: Connection) -> list[Together]:
    """Return what was found for the cases that may be asked together with others."""
    return [asked_together(database, cases) for cases in groups(TOGETHER)]


@pytest.fixture(scope="module")
def answers(asked_at_once: list[Together]) -> dict[tuple[str, str], Answer]:
    """Return the answer to each of those cases."""
    return {(case.query, case.name): answer for together in asked_at_once for case, answer in together.answers()}


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


def test_every_value_is_as_it_was_read_and_recorded(asked_at_once: list[Together]) -> None:
    now = lines(asked_at_once)
    assert now.keys() == recorded().keys()
    for query, told in now.items():
        assert told == recorded()[query], "if meant: python -m tests.queries.recorded, and read the difference"


def test_what_came_later_changes_no_earlier_answer(database: Connection, asked_at_once: list[Together]) -> None:
    largest = asked_at_once[0]
    later = asked_together(database, largest.cases, later=True)
    assert lines([later]) == lines([largest])


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
