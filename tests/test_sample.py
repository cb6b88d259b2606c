"""The sample tenant, loaded and audited: exactly the findings that its stories declare, at every snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from driftaudit.audit.audit import Audit
from driftaudit.audit.loading import audit_snapshot
from driftaudit.bundled import folder
from driftaudit.errors import IntegrityError
from driftaudit.store.database import opened_for_writing, reading
from tests.kept_loads import NIGHTS, sample

CONTOSO = folder("sample_exports") / "contoso"
DATES = ("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-16", "2026-09-30")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that holds all five snapshots."""
    assert tuple(folder.name for folder in NIGHTS) == DATES
    return sample(tmp_path_factory)


def test_other_parameters_than_the_recorded_ones_are_compared_with_an_audit_of_their_own(database: Path) -> None:
    """What was recorded under another grace says nothing about what is new under this one."""
    with reading(database) as connection:
        same = audit_snapshot(connection, 5, configured={"grace_hours": 24})
        other = audit_snapshot(connection, 5, configured={"grace_hours": 25})

    assert "reopened" in {f.state for f in same.findings}
    assert {f.state for f in other.findings} <= {"new", "open", "resolved"}


def of_another_version(database: Path, folder: Path, *differences: str) -> Path:
    """Return a copy of the database as another version would have made it."""
    other = folder / "other.duckdb"
    copyfile(database, other)
    with opened_for_writing(other) as connection:
        for statement in ("update history.built set fingerprint = 'of another version'", *differences):
            connection.execute(statement)
    return other


def test_a_database_of_another_version_is_audited_with_the_views_of_this_one(database: Path, tmp_path: Path) -> None:
    """After an update the next audit is right, although nothing has been loaded since."""
    other = of_another_version(
        database,
        tmp_path,
        "drop macro dated",
        "create or replace view gaps as select 'x' as collection, 'y' as scope where false",
    )

    assert audited(other, 2).findings_sha256 == audited(database, 2).findings_sha256
    assert audited(other, 5).findings_sha256 == audited(database, 5).findings_sha256


def test_a_database_that_lacks_a_table_says_what_to_do(database: Path, tmp_path: Path) -> None:
    """What another version did not collect cannot be audited until something has been loaded by this one."""
    other = of_another_version(
        database, tmp_path, "drop view contacted_reviewers", "drop table history.contacted_reviewers"
    )

    with pytest.raises(IntegrityError, match=r"made by another version of driftaudit .* Load the next export"):
        audited(other, 5)


@cache
def audited(database: Path, snapshot_id: int) -> Audit:
    """Audit one snapshot of a database that nobody changes any more."""
    with reading(database) as connection:
        return audit_snapshot(connection, snapshot_id)


@pytest.mark.parametrize(("snapshot_id", "date"), list(enumerate(DATES, start=1)))
def test_findings_are_exactly_the_declared_ones(database: Path, snapshot_id: int, date: str) -> None:
    """Every declared finding is there with its state, severity and confidence, and no other."""
    declared = json.loads((CONTOSO / "expected.json").read_text("utf-8"))[date]
    audit = audited(database, snapshot_id)

    assert {c.id: c.status for c in audit.checks} == declared["checks"]
    assert _sorted(map(_told, audit.findings)) == _sorted(map(_declared, declared["findings"]))


def _sorted(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return findings in an order of their own."""
    return sorted(findings, key=lambda finding: json.dumps(finding, sort_keys=True))


def _told(finding: Any) -> dict[str, Any]:
    """Return a finding in the form of the declarations."""
    names = ("check", "state", "severity", "confidence", "principal_id", "kind", "resource_id", "role_id")
    told = {n: getattr(finding, n) for n in (*names, "package_id", "review_instance_id")}
    told |= {n: finding.data[n] for n in ("other_id",) if n in finding.data}
    grants = finding.data.get("grants", []) if finding.check == "grant_past_expiry" else []
    return told | {"principal": finding.principal_name, "grants": _grants(grants)}


def _grants(grants: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return the grants behind a finding in an order of their own."""
    return sorted((g["kind"], g["resource_id"], g["role_id"]) for g in grants)


def _declared(finding: dict[str, Any]) -> dict[str, Any]:
    """Return a declaration in the form that is compared."""
    # What was lost is known by its recorded columns alone, which name neither the grants nor the other half.
    lost = finding["state"] in ("resolved", "unconfirmed")
    stated = {name: value for name, value in finding.items() if name != "other_id" or not lost}
    return stated | {"grants": _grants([] if lost else finding.get("grants", []))}
