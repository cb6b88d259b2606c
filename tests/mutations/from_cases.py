"""Histories of the cases: those that share their snapshots in one, the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from driftaudit.audit.checks import checks
from tests.mutations.histories import Answer, Look, Past, Sitting
from tests.queries.cases import Case, Row, all_cases, matches
from tests.queries.later import with_later
from tests.queries.recorded import line
from tests.queries.runner import values
from tests.queries.tables import fill
from tests.queries.test_cases import sorted_rows, told
from tests.queries.together import by_case, groups, merged, of, shares

_STATES = {"state", "opened_at", "resolved_at", "exception"}
"""What an audit finds by comparing with earlier ones, which is no query's doing."""


def together() -> Iterator[Past]:
    """Yield the histories of cases that their tests ask at once, the largest first, then that with what came later."""
    first, *others = groups(filter(shares, all_cases()))
    yield _at_once(first)
    yield _at_once(first, later=True)
    yield from map(_at_once, others)


def _at_once(cases: list[Case], *, later: bool = False) -> Past:
    """Return the history of cases that are asked at once, with a sitting at what they ask about."""
    whole, name = merged(cases), f"{len(cases)} cases, {cases[0].name}"
    looks = [look(case, number) for number, case in enumerate(cases)]
    looks += [_recording(query, cases) for query in dict.fromkeys(case.query for case in cases)]
    if later:
        whole, name = replace(whole, asked=whole.asked | {"at": whole.at}), f"{name}, and what came later"
        whole = replace(whole, tenant=with_later(whole.tenant))
    return _past(name, whole, tuple(looks))


def alone() -> Iterator[Past]:
    """Yield the history of each case that stands alone."""
    for case in all_cases():
        if not shares(case):
            yield _past(case.name, case, (look(case),))


def _recording(query: str, cases: list[Case]) -> Look:
    """Return the look of what was recorded: at every column of every row, of a view in the cases that ask it."""
    asking = {number for number, case in enumerate(cases) if query in checks() or case.query == query}

    def see(answer: Answer) -> Any:
        return sorted(line("", row) for rows in by_case(answer.rows, asking).values() for row in rows)

    return Look(query, "as recorded", see, None)


def _past(name: str, case: Case, looks: tuple[Look, ...]) -> Past:
    """Return a case's history with a sitting at what it asks about."""
    sitting = Sitting(case.at, values() | case.asked.get("parameters", {}), looks)
    return Past(name, lambda connection: fill(connection, case.tenant), (sitting,))


def look(case: Case, number: int | None = None) -> Look:
    """Return a case's look: at the rows that are its own, in the columns that it expects."""
    expected: list[Row] = case.asked.get("expect", [])
    compared = _STATES if case.query in checks() else set[str]()
    columns = [{name: value for name, value in row.items() if name not in compared} for row in expected]

    def see(answer: Answer) -> Any:
        mine = answer.rows if number is None else of(number, answer.rows)
        only = [row for row in mine if matches(row, case.asked.get("only", {}))]
        return told(only, columns), answer.status, answer.reason if "expect_reason" in case.asked else None

    status = case.asked.get("expect_status", "assessed") if case.query in checks() else None
    wanted = sorted_rows(columns), status, case.asked.get("expect_reason")
    return Look(case.query, case.name, see, None if "compare" in case.asked else wanted)
