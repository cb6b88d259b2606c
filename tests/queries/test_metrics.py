"""Every metric on given rows: what it counts, and that it counts all of it exactly once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from driftaudit.audit.metrics import metrics
from driftaudit.bundled import folder
from driftaudit.store.database import rows, value
from driftaudit.store.model import build
from driftaudit.store.query_files import read_folder
from tests.queries.cases import Row, Tenant, world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

FILES = read_folder(folder("queries") / "metrics")
FOLDER = Path(__file__).with_name("metrics")
CASES = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
FINDINGS = ("findings", "check_runs", "unconfirmed")


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.fixture(scope="module")
def columns(database: Connection) -> dict[str, list[str]]:
    """Return the columns of every metric."""
    with filled(database, world()):
        build(database, 3, values())
        metrics(database)
        return {name: [row["column_name"] for row in rows(database, f"describe {name}")] for name in FILES}


@pytest.fixture(scope="module")
def of_nobody(database: Connection) -> dict[str, tuple[Row, ...]]:
    """Return the metrics of a tenant in which there is nothing at all."""
    return measured(database, {}, Tenant(world().snapshots, {}))


def measured(connection: Connection, case: Row, base: Tenant | None = None) -> dict[str, tuple[Row, ...]]:
    """Return the metrics of a case's tenant."""
    with filled(connection, tenant(case, base or world())):
        for table in FINDINGS:
            for row in case.get("history", {}).get(table, ()):
                record(connection, table, row)
        build(connection, case.get("at", 3), values() | case.get("parameters", {}))
        return metrics(connection)


def tenant(case: Row, base: Tenant) -> Tenant:
    """Return the world with the rows of a case."""
    given = case.get("rows", {})
    return Tenant(
        snapshots=base.snapshots,
        rows={name: (*base.rows.get(name, ()), *given.get(name, ())) for name in {**base.rows, **given}},
        coverage=tuple(case.get("coverage", ())),
        gaps=tuple(case.get("gaps", ())),
    )


def record(connection: Connection, table: str, row: Row) -> None:
    """Write one row of what was found into the history."""
    told = {"sql_sha256": "", "parameters": "{}", **row} if table == "check_runs" else row
    marks = ", ".join("?" for _ in told)
    connection.execute(f"insert into history.{table} ({', '.join(told)}) values ({marks})", list(told.values()))


@pytest.mark.parametrize(
    ("metric", "case"), [pytest.param(metric, case, id=f"{metric}: {case['name']}") for metric, case in CASES]
)
def test_case(database: Connection, metric: str, case: Row) -> None:
    found = [row for row in measured(database, case)[metric] if wanted(case, row)]
    names = sorted({name for row in case["expect"] for name in row})
    assert [{name: "" if row[name] is None else row[name] for name in names} for row in found] == case["expect"]


def wanted(case: Row, row: Row) -> bool:
    """Tell whether a case is about a row: about those that its `only` names, or about all."""
    return all(row[name] in allowed for name, allowed in case.get("only", {}).items())


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_metric_says_what_its_rows_are_and_how_they_add_up(columns: dict[str, list[str]], name: str) -> None:
    file = FILES[name]
    assert file.meaning.startswith("One row per ")
    assert list(file.named("column")) == columns[name]
    assert file.header["identity"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_at_all_adds_up_too(of_nobody: dict[str, tuple[Row, ...]], name: str) -> None:
    amounts = [v for row in of_nobody[name] for k, v in row.items() if isinstance(v, int) and k != "collections"]
    assert sum(amounts) == 0


def test_the_scopes_of_every_collection_are_known(database: Connection) -> None:
    with filled(database, world()):
        build(database, 3, values())
        metrics(database)
        told = {row["collection"] for row in rows(database, "select distinct collection from scopes")}
        groups = value(database, "select count(*) from scopes where collection = 'group_members'")
    assert told >= {"group_members", "group_owners", "app_role_assignments", "site_members", "package_roles"}
    assert groups == len(world().rows["groups"])


def test_the_sum_of_all_buckets_is_every_grant(database: Connection) -> None:
    case: dict[str, Any] = {
        "rows": {
            "group_members": [
                {"principal": p, "resource": r} for p in ("ann", "bob", "gus") for r in ("payroll", "loose", "staff")
            ],
            "group_owners": [{"principal": "ann", "resource": "vault"}],
        }
    }
    found = measured(database, case)["governed_share"]
    assert sum(row["grants"] for row in found) == 10
    assert {row["bucket"]: row["grants"] for row in found} == {"none": 4, "dynamic_rule": 3, "unpackaged": 3}
    assert sum(row["share"] for row in found) == pytest.approx(1)
