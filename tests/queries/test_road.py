"""Cases on the whole road: what the runner writes is what loading writes, and leads to the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from driftaudit.collectors import collections
from driftaudit.store.database import rows
from tests.queries.cases import Case, all_cases
from tests.queries.road import load_all
from tests.queries.runner import asked, empty_database, filled
from tests.queries.test_cases import judge

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

CASES = [case for case in all_cases() if case.asked.get("road")]
GRANTS = """
select g.kind::varchar as kind, re.id as resource, ro.id as role, pr.id as principal,
    g.granted_at, g.ends_at, g.valid_from, g.valid_to
from history.grants as g
join history.ids as re on re.key = g.resource
join history.ids as ro on ro.key = g.role
join history.ids as pr on pr.key = g.principal
"""
COVERAGE = "select snapshot_id, collection, status, missing_fields, whole from history.coverage"
GAPS = "select snapshot_id, collection, scope from history.gaps"


def history(connection: Connection) -> dict[str, list[Any]]:
    """Return everything that a history says, in words instead of keys."""
    plain = [name for name, collection in collections().items() if not collection.is_grants]
    queries = {name: f"from history.{name}" for name in plain} | {"grants": GRANTS, "coverage": COVERAGE, "gaps": GAPS}
    queries["ids"] = "select id from history.ids"
    queries["snapshots"] = "select id, taken_at from history.snapshots"
    return {name: sorted(map(str, map(dict.values, rows(connection, sql)))) for name, sql in queries.items()}


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.query}: {c.name}") for c in CASES])
def test_loading_a_case_writes_the_same_history_and_answers_the_same(case: Case) -> None:
    with empty_database() as connection:
        with filled(connection, case.tenant):
            written = history(connection)
        load_all(connection, case.tenant)
        assert history(connection) == written
        judge(case, *asked(connection, case))
