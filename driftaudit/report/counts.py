"""Which findings and grants the numbers of the report count."""

from __future__ import annotations

from collections.abc import Iterable

from driftaudit.audit.audit import SEVERITIES, Audit, CheckResult, Finding

Grant = tuple[str, str, str, str]
"""Principal, kind, resource, role; ids in lower case."""

MAX_TILES = 4


def is_confirmed(finding: Finding) -> bool:
    """Tell whether this snapshot showed the finding; what could not be looked at is counted apart."""
    return finding.state not in ("resolved", "unconfirmed")


def confirmed(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that this snapshot showed."""
    return tuple(finding for finding in audit.findings if is_confirmed(finding))


def unconfirmed(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that were open before and could not be looked at this time."""
    return tuple(finding for finding in audit.findings if finding.state == "unconfirmed")


def family_of(audit: Audit) -> dict[str, str]:
    """Map each check to its family."""
    return {check.id: check.family for check in audit.checks}


def grants(findings: Iterable[Finding]) -> set[Grant]:
    """Return the distinct grants that stand behind findings, each counted once."""
    return {grant for finding in findings for grant in _grants_of(finding)}


def headline_checks(audit: Audit) -> tuple[CheckResult, ...]:
    """Return the checks whose numbers stand on page 1."""
    return tuple(check for check in audit.checks if check.headline)[:MAX_TILES]


def gravity(severity: str) -> int:
    """Rank a severity, gravest lowest."""
    return [*SEVERITIES].index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _grants_of(finding: Finding) -> set[Grant]:
    listed = finding.data.get("grants") or []
    found = {
        _grant(finding.principal_id, entry.get("kind"), entry.get("resource_id"), entry.get("role_id"))
        for entry in listed
    }
    if finding.resource_id or not found:
        found.add(_grant(finding.principal_id, finding.kind, finding.resource_id, finding.role_id))
    return found


def _grant(*parts: str | None) -> Grant:
    principal, kind, resource, role = ((part or "").lower() for part in parts)
    return principal, kind, resource, role
