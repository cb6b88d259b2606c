"""Running an audit: checks on one snapshot, gated by coverage, compared with what was open before."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from driftaudit import TOOL
from driftaudit.audit.audit import SEVERITIES, Audit, CheckResult, Finding, Point, Snapshot, Tenant
from driftaudit.audit.formats import findings_digest
from driftaudit.audit.metrics import metrics
from driftaudit.audit.outcome import Outcome, outcomes
from driftaudit.audit.states import before_computed, before_recorded, findings
from driftaudit.store.database import rows
from driftaudit.store.findings import runs

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection


def run(
    connection: Connection,
    snapshot_id: int,
    checks: Mapping[str, Check],
    parameters: Mapping[str, Any],
    *,
    recorded: bool = True,
    measured: bool = True,
) -> Audit:
    """Audit one snapshot; `recorded` compares with the recorded findings, else the snapshot before is audited too.

    What is not `measured` has no metrics and does not say what explains the grants.
    """
    before = (
        before_recorded(connection, snapshot_id)
        if recorded
        else before_computed(connection, snapshot_id, checks, parameters)
    )
    gate, told = outcomes(connection, snapshot_id, checks.values(), parameters, whole=measured)
    snapshot, previous = _snapshots(connection, snapshot_id)
    found = [f for o in told for f in findings(connection, o, before, gate, snapshot.taken_at)]
    found = [_with_proof(f, checks[f.check], snapshot_id) for f in found]
    found.sort(key=lambda f: (SEVERITIES.index(f.severity), f.check, f.key))
    results = tuple(map(_result, told))
    return Audit(
        tool=TOOL,
        tenant=_tenant(connection),
        snapshot=snapshot,
        previous=previous,
        assured=all(r.status == "assessed" for r in results),
        parameters=dict(parameters),
        coverage=tuple(gate.coverage.values()),
        checks=results,
        findings=tuple(found),
        history=_history(connection, snapshot, results),
        explanations=_explanations(connection) if measured else {},
        metrics=metrics(connection) if measured else {},
        findings_sha256=findings_digest(found),
    )


def _with_proof(finding: Finding, check: Check, snapshot_id: int) -> Finding:
    """Return the finding with the command that shows what it rests on, ready to be typed."""
    proof = _query(finding, check) if finding.principal_id is None else _explain(finding, snapshot_id)
    return replace(finding, data={**finding.data, "explain": proof})


def _explain(finding: Finding, snapshot_id: int) -> str:
    """Return the command that tells what somebody holds and why."""
    about = [i for i in (finding.principal_id, finding.resource_id) if i is not None]
    return shlex.join(["driftaudit", "explain", *about, "--at", str(snapshot_id)])


def _query(finding: Finding, check: Check) -> str:
    """Return the command that shows a round of a review or a thing; an odd id is quoted for the shell."""
    view = check.said("proof") or ("reviews" if finding.review_instance_id else "resources")
    id_ = finding.review_instance_id or finding.resource_id or ""
    query = "from {} where id = '{}'".format(view, id_.replace("'", "''"))
    plain = id_.replace("-", "").isalnum()
    return f'driftaudit sql "{query}"' if plain else shlex.join(["driftaudit", "sql", query])


def _result(result: Outcome) -> CheckResult:
    """Return what an audit says of a check."""
    check = result.check
    return CheckResult(
        id=check.id,
        family=check.family,
        title=check.said("title"),
        headline=check.said("headline"),
        severity=check.severity,
        status=result.assessment.status,
        reason=result.assessment.reason,
        finding_count=len(result.found),
        sql_sha256=check.file.sha256,
        means=check.said("means"),
        why=check.said("why"),
        fix=check.said("fix"),
        controls=check.controls,
        reads=check.needs.all,
    )


def _history(connection: Connection, snapshot: Snapshot, results: Iterable[CheckResult]) -> tuple[Point, ...]:
    """Return the counts of these checks in every snapshot up to this one."""
    results = tuple(results)
    ids = {r.id for r in results}
    told = [r for r in runs(connection, snapshot.id) if r["snapshot_id"] < snapshot.id]
    earlier = [_point(r["check_id"], r["snapshot_id"], r["taken_at"], r) for r in told if r["check_id"] in ids]
    now = [
        _point(r.id, snapshot.id, snapshot.taken_at, {"status": r.status, "finding_count": r.finding_count})
        for r in results
    ]
    return (*earlier, *now)


def _point(check: str, snapshot_id: int, taken_at: datetime, told: Mapping[str, Any]) -> Point:
    """Return one count; what was not assessed has none."""
    count = None if told["status"] == "not_assessed" else told["finding_count"]
    return Point(check, snapshot_id, taken_at, count, told["status"] == "partial")


def _snapshots(connection: Connection, snapshot_id: int) -> tuple[Snapshot, Snapshot | None]:
    """Return the snapshot and the one before it."""
    found = rows(
        connection,
        "select id, taken_at, finished_at, export_sha256 from history.snapshots where id <= ? order by id desc limit 2",
        [snapshot_id],
    )
    snapshots = [Snapshot(**s) for s in found]
    return snapshots[0], snapshots[1] if len(snapshots) > 1 else None


def _tenant(connection: Connection) -> Tenant:
    """Return whose directory it is, by its newest name."""
    (found,) = rows(
        connection,
        "select t.id, coalesce((select o.name from organization as o where o.id = t.id), t.name, t.id) as name "
        "from history.tenant as t",
    )
    return Tenant(**found)


def _explanations(connection: Connection) -> dict[str, int]:
    """Return how many grants on packaged roles each explanation holds."""
    found = rows(
        connection,
        "select explanation, count(*) as n from explained_grants where in_package or explanation <> 'none' "
        "group by all order by all",
    )
    return {f["explanation"]: f["n"] for f in found}
