"""Which findings and grants the numbers of the report count, and in which order its checks stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from driftaudit.audit.audit import SEVERITIES, Audit, CheckResult, Finding

Grant = tuple[str, str, str, str]
"""Principal, kind, resource, role; ids in lower case."""

MAX_TILES = 4
_FAMILIES = ("drift", "reviews", "people")
_FIRST = ("grant_outside_package", "grant_past_expiry", "review_unanswered", "leaver_with_access")
"""The numbers of page 1, at least one of each family; where one is not there, the next check takes its place."""
_SAME_OFFENCE = {"bundle_partly_removed": "grant_past_expiry"}
"""Checks that always fire together with another about the same person and package."""


def report_order(audit: Audit) -> tuple[CheckResult, ...]:
    """Return the checks as the report tells of them: by family, first those of page 1, then the gravest."""
    return tuple(sorted(audit.checks, key=lambda check: (*_family_place(check), *_place(check))))


def headline_checks(audit: Audit) -> tuple[CheckResult, ...]:
    """Return the checks whose numbers stand on page 1, in the order of the report."""
    told = [check for check in report_order(audit) if check.headline]
    chosen = sorted(told, key=lambda check: check.id not in _FIRST)[:MAX_TILES]
    return tuple(check for check in told if check in chosen)


def _family_place(check: CheckResult) -> tuple[int, str]:
    known = check.family in _FAMILIES
    return (_FAMILIES.index(check.family), "") if known else (len(_FAMILIES), check.family)


def _place(check: CheckResult) -> tuple[int, int, str]:
    first = _FIRST.index(check.id) if check.id in _FIRST else len(_FIRST)
    return first, gravity(check.severity), check.id


def is_confirmed(finding: Finding) -> bool:
    """Tell whether this snapshot showed the finding; what could not be looked at is counted apart."""
    return finding.state not in ("resolved", "unconfirmed")


def is_accepted(finding: Finding) -> bool:
    """Tell whether somebody accepts the finding for now; it stays listed and counted."""
    return finding.exception is not None


def confirmed(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that this snapshot showed."""
    return tuple(finding for finding in audit.findings if is_confirmed(finding))


def wanting(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that this snapshot showed and nobody accepts, of those that come in pairs the main one."""
    found = tuple(finding for finding in confirmed(audit) if not is_accepted(finding))
    told = {(finding.check, *_about(finding)) for finding in found}
    return tuple(one for one in found if (_SAME_OFFENCE.get(one.check), *_about(one)) not in told)


def accepted(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that stand and that somebody accepts for now."""
    return tuple(finding for finding in audit.open_findings if is_accepted(finding))


def unconfirmed(audit: Audit) -> tuple[Finding, ...]:
    """Return the findings that were open before and could not be looked at this time."""
    return tuple(finding for finding in audit.findings if finding.state == "unconfirmed")


def family_of(audit: Audit) -> dict[str, str]:
    """Map each check to its family."""
    return {check.id: check.family for check in audit.checks}


def names_grants(finding: Finding) -> bool:
    """Tell whether a finding is about grants that it names, and not about a person or a round as a whole."""
    return finding.kind is not None or bool(listed_grants(finding))


def listed_grants(finding: Finding) -> list[Mapping[str, str | None]]:
    """Return the grants that a finding lists; some checks only count them."""
    listed = finding.data.get("grants")
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list | tuple) else []


def grants(findings: Iterable[Finding]) -> set[Grant]:
    """Return the distinct grants that stand behind findings, each counted once."""
    found = {grant for finding in findings for grant in _grants_of(finding)}
    named = {(principal, resource) for principal, kind, resource, _ in found if kind}
    # A refusal in a review names the resource only: what another finding names in full is the same access.
    return {grant for grant in found if grant[1] or (grant[0], grant[2]) not in named}


def gravity(severity: str) -> int:
    """Rank a severity, gravest lowest."""
    return [*SEVERITIES].index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _about(finding: Finding) -> tuple[str | None, str | None]:
    return finding.principal_id, finding.package_id


def _grants_of(finding: Finding) -> set[Grant]:
    found = {
        _grant(finding.principal_id, entry.get("kind"), entry.get("resource_id"), entry.get("role_id"))
        for entry in listed_grants(finding)
    }
    if finding.resource_id or not found:
        found.add(_grant(finding.principal_id, finding.kind, finding.resource_id, finding.role_id))
    return found


def _grant(*parts: str | None) -> Grant:
    principal, kind, resource, role = ((part or "").lower() for part in parts)
    return principal, kind, resource, role
