"""One audit: what was read, what was checked, what was found. Reports and JSON are made from it alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Severity = Literal["high", "medium", "low", "info"]
State = Literal["first_assessed", "new", "open", "reopened", "resolved", "unconfirmed"]
CheckStatus = Literal["assessed", "partial", "not_assessed"]
CollectionStatus = Literal["complete", "partial", "failed", "skipped"]
ExceptionStatus = Literal["active", "expired", "not yet", "unused"]

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")
"""Gravest first."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """The directory under audit."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One collected state of the tenant; instants are UTC and naive."""

    id: int
    taken_at: datetime
    finished_at: datetime | None = None
    export_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one collection was read."""

    collection: str
    status: CollectionStatus
    reason: str | None
    rows: int | None
    gaps: int
    missing_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check, what it means, whether it could be assessed, and how many open findings it has."""

    id: str
    family: str
    title: str
    headline: str
    """What its number is called on page 1: "past their end"."""
    severity: Severity
    status: CheckStatus
    reason: str | None
    """What was not read and what follows from it; null when assessed."""
    finding_count: int
    """Open findings; a lower bound when partial, 0 and meaningless when not assessed."""
    sql_sha256: str
    means: str
    why: str
    fix: str
    controls: tuple[str, ...]
    reads: tuple[str, ...] = ()
    """The collections that its number rests on."""
    accepted_count: int = 0
    """How many of its open findings an exception accepts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One offender of one check, in the order of the columns that JSON and CSV print."""

    key: str
    check: str
    severity: Severity
    confidence: Literal["high", "medium"]
    state: State
    opened_at: datetime | None
    resolved_at: datetime | None
    exception: str | None
    principal_id: str | None
    principal_name: str | None
    principal_type: str | None
    resource_id: str | None
    resource_name: str | None
    kind: str | None
    role_id: str | None
    role_name: str | None
    path: str | None
    package_id: str | None
    package_name: str | None
    policy_id: str | None
    catalog_id: str | None
    assignment_id: str | None
    request_id: str | None
    review_instance_id: str | None
    owner_id: str | None
    owner_name: str | None
    since: datetime | None
    since_exact: bool | None
    reason: str
    fix: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One exception: findings that somebody accepts until a date, with who answers for it."""

    what: str
    """The finding's key, or the check with the patterns that it is about."""
    owner: str
    approver: str
    reason: str
    created: date
    expires: date
    """The last day on which it holds."""
    line: int
    """Where it stands in its file."""
    status: ExceptionStatus
    """Expired: its findings are open again. Unused: it holds and accepts nothing that is there."""
    finding_count: int
    """Findings that it accepts; where it does not hold, those that it would and that no other one accepts."""
    self_approved: tuple[str, ...] = ()
    """Keys of findings that it does not accept, because its approver is their subject."""


@dataclass(frozen=True, slots=True)
class Point:
    """How many findings of one check were open at one snapshot; null count when it was not assessed."""

    check: str
    snapshot_id: int
    taken_at: datetime
    count: int | None
    lower_bound: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything an audit of one snapshot says."""

    tool: str
    tenant: Tenant
    snapshot: Snapshot
    previous: Snapshot | None
    assured: bool
    """Every headline check was assessed on everything it needs."""
    parameters: dict[str, Any]
    coverage: tuple[Coverage, ...]
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    """Gravest first, then by check and key; resolved and unconfirmed ones included."""
    history: tuple[Point, ...] = ()
    """Counts per check and snapshot, oldest first, this snapshot last."""
    explanations: dict[str, int] = field(default_factory=dict)
    """Grants on packaged roles by what explains them (assignment, grace, ...); adds up to all of them."""
    exceptions: tuple[Accepted, ...] = ()
    """Every exception of the file, in its order."""
    metrics: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Rows of each file in queries/metrics, by its name."""
    findings_sha256: str = ""
    """SHA-256 of the findings as JSON, so that a printed report can be compared with a new audit."""

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Return what stands today: all but the resolved."""
        return tuple(finding for finding in self.findings if finding.state != "resolved")

    @property
    def accepted_findings(self) -> tuple[Finding, ...]:
        """Return what stands today and an exception accepts."""
        return tuple(finding for finding in self.open_findings if finding.exception is not None)
