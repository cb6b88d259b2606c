"""Running an audit: checks on one snapshot, gated by coverage, compared with what was open before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from driftaudit import TOOL
from driftaudit.audit.audit import SEVERITIES, Audit, CheckResult, Finding, Point, Snapshot, Tenant
from driftaudit.audit.formats import finding_dict
from driftaudit.audit.gate import Assessment, Gate, assess, may_hide, read_gate
from driftaudit.errors import UsageError
from driftaudit.store import findings as store_findings
from driftaudit.store.database import rows
from driftaudit.store.findings import Prior
from driftaudit.store.model import build

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

COMMON = (
    "severity",
    "confidence",
    "principal_id",
    "resource_id",
    "kind",
    "role_id",
    "path",
    "package_id",
    "policy_id",
    "catalog_id",
    "assignment_id",
    "request_id",
    "review_instance_id",
    "owner_id",
    "since",
    "since_exact",
    "reason",
    "fix",
)
"""The columns that every check has; further ones go to `data`."""

_NAMED = """
select f.*, p.name as "principal.name", p.type as "principal.type", 
    coalesce(r.name, case when f.resource_id = f.package_id then k.name end) as "resource.name",
    role_label(n.name, f.kind, f.role_id) as "role.name", k.name as "package.name", o.name as "owner.name"
from ({sql}) as f
left join principals as p on p.id = f.principal_id
left join resources as r on r.id = f.resource_id
left join role_names as n on n.kind = f.kind and n.resource_id = f.resource_id and n.role_id = f.role_id
left join package_names as k on k.id = f.package_id
left join principals as o on o.id = f.owner_id
"""


@dataclass(frozen=True, slots=True)
class Before:
    """What an audit compares with."""

    prior: dict[str, Prior]
    assessed: set[str]
    """Checks that were assessed before; a check's first run finds nothing new."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check's result on one snapshot."""

    check: Check
    assessment: Assessment
    found: dict[str, dict[str, Any]]
    """Rows by the key of their finding."""


def run(
    connection: Connection,
    snapshot_id: int,
    checks: Mapping[str, Check],
    parameters: Mapping[str, Any],
    *,
    recorded: bool = True,
) -> Audit:
    """Audit one snapshot; `recorded` compares with the recorded findings, else the snapshot before is audited too."""
    before = _recorded(connection, snapshot_id) if recorded else _computed(connection, snapshot_id, checks, parameters)
    build(connection, snapshot_id, parameters)
    gate = read_gate(connection)
    outcomes = [_outcome(connection, check, gate) for check in checks.values()]
    found = [f for o in outcomes for f in _findings(connection, o, before, gate, snapshot_id)]
    found.sort(key=lambda f: (SEVERITIES.index(f.severity), f.check, f.key))
    results = tuple(_result(o) for o in outcomes)
    snapshot, previous = _snapshots(connection, snapshot_id)
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
        explanations=_explanations(connection),
        findings_sha256=_digest(found),
    )


def _recorded(connection: Connection, snapshot_id: int) -> Before:
    """Return what was recorded before the snapshot."""
    return Before(
        store_findings.prior(connection, snapshot_id), store_findings.assessed_before(connection, snapshot_id)
    )


def _computed(
    connection: Connection, snapshot_id: int, checks: Mapping[str, Check], parameters: Mapping[str, Any]
) -> Before:
    """Return what the same checks find on the snapshot before, for checks or parameters that are not recorded."""
    earlier = rows(
        connection,
        "select id, taken_at from history.snapshots where id < ? order by id desc limit 1",
        [snapshot_id],
    )
    if not earlier:
        return Before({}, set())
    build(connection, earlier[0]["id"], parameters)
    gate = read_gate(connection)
    outcomes = [_outcome(connection, check, gate) for check in checks.values()]
    prior = {
        key: Prior(earlier[0]["taken_at"], True, row | {"key": key, "check_id": o.check.id})
        for o in outcomes
        for key, row in o.found.items()
    }
    return Before(prior, {o.check.id for o in outcomes if o.assessment.status != "not_assessed"})


def _outcome(connection: Connection, check: Check, gate: Gate) -> Outcome:
    """Run one check if its data is there."""
    assessment = assess(check, gate)
    if assessment.status == "not_assessed":
        return Outcome(check, assessment, {})
    found = rows(connection, _NAMED.format(sql=check.file.sql))
    lacking = [c for c in (*COMMON, *check.key) if found and c not in found[0]]
    if lacking:
        raise UsageError(f"{check.file.path} does not select {lacking[0]}.", "See CONTRIBUTING for a check's columns.")
    return Outcome(check, assessment, {finding_key(check, row): row for row in found})


def finding_key(check: Check, row: Mapping[str, Any]) -> str:
    """Return a finding's identity: the check and a hash over the values of its key, ids in lower case."""
    values = "\x1f".join("" if row[c] is None else str(row[c]).lower() for c in check.key)
    return f"{check.id}/{sha256(values.encode()).hexdigest()[:12]}"


def _findings(
    connection: Connection, outcome: Outcome, before: Before, gate: Gate, snapshot_id: int
) -> Iterable[Finding]:
    """Yield a check's findings with their states: those found, then those that were open and are not found now."""
    first = outcome.check.id not in before.assessed
    now = _taken_at(connection, snapshot_id)
    for key, row in outcome.found.items():
        yield _found(outcome.check, key, row, before.prior.get(key), first=first, now=now)
    for key, known in before.prior.items():
        if known.open and known.row["check_id"] == outcome.check.id and key not in outcome.found:
            hidden = outcome.assessment.status == "not_assessed" or may_hide(
                outcome.assessment, gate, outcome.check, known.row
            )
            yield _lost(connection, key, known, resolved_at=None if hidden else now)


def _found(
    check: Check, key: str, row: Mapping[str, Any], known: Prior | None, *, first: bool, now: datetime
) -> Finding:
    """Return a finding that the check selected."""
    state = "first_assessed" if first and known is None else "new"
    if known is not None:
        state = "open" if known.open else "reopened"
    opened_at = known.opened_at if known is not None and known.open else now
    extra = {c: v for c, v in row.items() if c not in COMMON and "." not in c and v is not None}
    return _finding(row, key=key, check=check.id, state=state, opened_at=opened_at, resolved_at=None, data=extra)


def _lost(connection: Connection, key: str, known: Prior, *, resolved_at: datetime | None) -> Finding:
    """Return a finding that was open and was not found now: resolved, or not confirmed."""
    return _finding(
        known.row | _names(connection, known.row),
        key=key,
        check=known.row["check_id"],
        state="unconfirmed" if resolved_at is None else "resolved",
        opened_at=known.opened_at,
        resolved_at=resolved_at,
        data={},
    )


def _finding(row: Mapping[str, Any], **state: Any) -> Finding:
    """Return a row of a check with names as a finding."""
    return Finding(
        exception=None,
        principal_name=row["principal.name"],
        principal_type=row["principal.type"],
        resource_name=row["resource.name"],
        role_name=row["role.name"],
        package_name=row["package.name"],
        owner_name=row["owner.name"],
        **{c: row[c] for c in COMMON},
        **state,
    )


def _names(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of a recorded finding as they are known now."""
    values = ", ".join(f"?::varchar as {c}" for c in ("principal_id", "resource_id", "kind", "role_id", "package_id"))
    sql = _NAMED.format(sql=f"select {values}, ?::varchar as owner_id")
    given = [row[c] for c in ("principal_id", "resource_id", "kind", "role_id", "package_id", "owner_id")]
    return {c: v for c, v in rows(connection, sql, given)[0].items() if "." in c}


def _result(outcome: Outcome) -> CheckResult:
    """Return what an audit says of a check."""
    check = outcome.check
    return CheckResult(
        id=check.id,
        family=check.family,
        title=check.said("title"),
        headline=check.said("headline"),
        severity=check.severity,
        status=outcome.assessment.status,
        reason=outcome.assessment.reason,
        finding_count=len(outcome.found),
        sql_sha256=check.file.sha256,
        means=check.said("means"),
        why=check.said("why"),
        fix=check.said("fix"),
        controls=check.controls,
    )


def _history(connection: Connection, snapshot: Snapshot, results: Iterable[CheckResult]) -> tuple[Point, ...]:
    """Return the counts of these checks in every snapshot up to this one."""
    results = tuple(results)
    ids = {r.id for r in results}
    told = [r for r in store_findings.runs(connection, snapshot.id) if r["snapshot_id"] < snapshot.id]
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
        "select id, taken_at, finished_at, export_sha256 from history.snapshots "
        "where id <= ? order by id desc limit 2",
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


def _taken_at(connection: Connection, snapshot_id: int) -> datetime:
    """Return the instant of a snapshot."""
    return rows(connection, "select taken_at from history.snapshots where id = ?", [snapshot_id])[0]["taken_at"]


def _explanations(connection: Connection) -> dict[str, int]:
    """Return how many grants on packaged roles each explanation holds."""
    found = rows(
        connection,
        "select explanation, count(*) as n from explained_grants where in_package or explanation <> 'none' "
        "group by all order by all",
    )
    return {f["explanation"]: f["n"] for f in found}


def _digest(found: Iterable[Finding]) -> str:
    """Return the SHA-256 of findings as JSON."""
    text = json.dumps([finding_dict(f) for f in found], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
