"""Histories of the cases: those that share their snapshots in one, the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from driftaudit.audit.checks import checks
from tests.mutations.histories import Answer, Look, Past, Sitting
from tests.queries.cases import Case, Row, Tenant, all_cases, matches
from tests.queries.runner import values
from tests.queries.tables import fill
from tests.queries.test_cases import sorted_rows, told
from tests.queries.together import merged, of, shares

_STATES = {"state", "opened_at", "resolved_at", "exception"}
"""What an audit finds by comparing with earlier ones, which is no query's doing."""


def together() -> Iterator[Past]:
    """Yield the histories of cases that may be asked with others, the largest first."""
    groups: dict[str, list[Case]] = {}
    for case in filter(shares, all_cases()):
        groups.setdefault(repr((case.tenant.snapshots, case.tenant.finished)), []).append(case)
    for cases in sorted(groups.values(), key=len, reverse=True):
        yield _past(f"{len(cases)} cases, {cases[0].name}", merged(cases).tenant, list(enumerate(cases)))


def alone() -> Iterator[Past]:
    """Yield the history of each case that stands alone."""
    for case in all_cases():
        if not shares(case):
            yield _past(case.name, case.tenant, [(None, case)])


def _past(name: str, tenant: Tenant, cases: list[tuple[int | None, Case]]) -> Past:
    """Return a tenant's history with a sitting for every snapshot and parameters that a case asks about."""
    asked: dict[str, list[tuple[int | None, Case]]] = {}
    for number, case in cases:
        asked.setdefault(repr((case.at, case.asked.get("parameters"))), []).append((number, case))
    return Past(name, lambda connection: fill(connection, tenant), tuple(map(_sitting, asked.values())))


def _sitting(cases: list[tuple[int | None, Case]]) -> Sitting:
    first = cases[0][1]
    given = values() | first.asked.get("parameters", {})
    return Sitting(first.at, given, tuple(look(case, number) for number, case in cases))


def look(case: Case, number: int | None = None) -> Look:
    """Return a case's look: at the rows that are its own, in the columns that it expects."""
    expected: list[Row] = case.asked.get("expect", [])
    columns = [{name: value for name, value in row.items() if name not in _STATES} for row in expected]

    def see(answer: Answer) -> Any:
        mine = answer.rows if number is None else of(number, answer.rows)
        only = [row for row in mine if matches(row, case.asked.get("only", {}))]
        return told(only, columns), answer.status, answer.reason if "expect_reason" in case.asked else None

    status = case.asked.get("expect_status", "assessed") if case.query in checks() else None
    wanted = sorted_rows(columns), status, case.asked.get("expect_reason")
    return Look(case.query, case.name, see, None if "compare" in case.asked else wanted)
