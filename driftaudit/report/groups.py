"""The findings of one check as the report lists them: by resource, then by person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from driftaudit.audit.audit import CheckResult, Finding
from driftaudit.report import words
from driftaudit.report.acting import deadline, owner_name
from driftaudit.report.counts import gravity

_SORTS = {
    "member": "Group",
    "owner": "Group",
    "eligible_member": "Group",
    "eligible_owner": "Group",
    "app_role": "Application",
    "site_group": "SharePoint site",
    "directory_role": "Directory role",
    "eligible_directory_role": "Directory role",
}
_HOLDERS = {
    "service_principal": ("application", "applications"),
    "group": ("group", "groups"),
    "unknown": ("unknown holder", "unknown holders"),
}
_TYPES = {"guest": "Guest", "service_principal": "Application", "group": "Group", "unknown": "Unknown"}
_STATES = {"new": "New", "first_assessed": "First assessed", "reopened": "Reopened", "unconfirmed": "Not confirmed"}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as a line of a table."""

    anchor: str
    digits: str
    check: str
    severity: str
    mark: bool
    """The severity differs from the check's and stands in the row."""
    confidence: str
    state: str
    state_words: str
    who: str
    who_type: str
    upn: str
    resource: str
    holds: str
    also: tuple[str, ...]
    since: str
    reason: str
    overdue: str
    days: str
    fix: str
    owner: str
    names: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings on one resource."""

    title: str
    sort: str
    package: str
    holders: str
    owner: str
    until: str
    fix: str
    """What to do, when it is the same for all of them."""
    rows: tuple[Row, ...]
    """Shown in full."""
    compact: tuple[Row, ...] = ()
    """Shown on one or two lines each, after the full ones."""

    @property
    def shows_days(self) -> bool:
        """A column that says the same in every row is left out."""
        return any(row.overdue for row in self.compact)


def grouped(
    check: CheckResult, findings: Iterable[Finding], anchors: Mapping[str, str], as_of: datetime
) -> list[Group]:
    """Return the findings of a check by resource, the gravest resource first."""
    by_resource: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_resource[(finding.resource_name or "", finding.resource_id or "")].append(finding)
    ordered = sorted(by_resource.items(), key=lambda item: (_gravest(item[1]), item[0][0].casefold(), item[0]))
    return [_group(check, found, anchors, as_of) for _, found in ordered]


def state_words(finding: Finding, as_of: datetime) -> str:
    """Say what a finding's state is, and for how many days an old one has been open."""
    if finding.state != "open":
        return _STATES.get(finding.state, finding.state)
    days = (as_of - finding.opened_at).days if finding.opened_at else 0
    return f"Open {words.count(days, 'day')}" if days else "Open"


def _group(check: CheckResult, findings: list[Finding], anchors: Mapping[str, str], as_of: datetime) -> Group:
    findings = sorted(findings, key=_by_person)
    first = findings[0]
    until = deadline(as_of, min((finding.severity for finding in findings), key=gravity))
    return Group(
        title=first.resource_name or first.resource_id or "No resource named",
        sort=_SORTS.get(first.kind or "", ""),
        package=_common([finding.package_name for finding in findings]),
        holders=_holders(findings),
        owner=_common([owner_name(finding) for finding in findings]),
        until=words.day_month(until) if until else "",
        fix=_common([finding.fix for finding in findings]),
        rows=tuple(_row(check, finding, anchors[finding.key], as_of) for finding in findings),
    )


def _by_person(finding: Finding) -> tuple[int, bool, int, datetime, str, str]:
    """Owners first, for they can let others in; then the oldest end, then the oldest grant."""
    overdue = finding.data.get("days_overdue") or 0
    is_member = finding.kind not in ("owner", "eligible_owner")
    who = (finding.principal_name or "").casefold()
    return gravity(finding.severity), is_member, -overdue, finding.since or datetime.max, who, finding.key


def _gravest(findings: Sequence[Finding]) -> int:
    return min(gravity(finding.severity) for finding in findings)


def _common(values: Sequence[str | None]) -> str:
    return values[0] or "" if len(set(values)) == 1 else ""


def _holders(findings: Sequence[Finding]) -> str:
    """Count the holders by what they are: 4 people and 1 application."""
    seen = {finding.principal_id: finding.principal_type or "user" for finding in findings}
    nouns = Counter(_HOLDERS.get(kind, ("person", "people")) for kind in seen.values())
    return words.listing([words.count(amount, *noun) for noun, amount in nouns.most_common()])


def _row(check: CheckResult, finding: Finding, anchor: str, as_of: datetime) -> Row:
    overdue = finding.data.get("days_overdue")
    return Row(
        anchor=anchor,
        digits=finding.key.rpartition("/")[2],
        check=check.id,
        severity=finding.severity,
        mark=finding.severity != check.severity,
        confidence=finding.confidence,
        state=finding.state,
        state_words=state_words(finding, as_of),
        who=finding.principal_name or finding.principal_id or "No name",
        who_type=_TYPES.get(finding.principal_type or "", ""),
        upn=str(finding.data.get("principal_upn") or ""),
        resource=finding.resource_name or finding.resource_id or "",
        holds=_holds(finding.kind, finding.role_name),
        also=_also(finding),
        since=_since(finding),
        reason=finding.reason,
        overdue=f"{words.count(overdue, 'day')} overdue" if overdue else "",
        days=words.number(overdue) if overdue else "–",
        fix=finding.fix,
        owner=owner_name(finding),
        names=(finding.principal_name, finding.resource_name, finding.package_name, finding.owner_name),
    )


def _holds(kind: str | None, role_name: str | None) -> str:
    return role_name or words.capitalised((kind or "–").replace("_", " "))


def _also(finding: Finding) -> tuple[str, ...]:
    """Name the further grants that the same finding covers."""
    own = (finding.kind, finding.resource_id, finding.role_id or "")
    return tuple(
        _held_there(entry)
        for entry in finding.data.get("grants") or []
        if (entry.get("kind"), entry.get("resource_id"), entry.get("role_id") or "") != own
    )


def _held_there(entry: Mapping[str, str | None]) -> str:
    kind, place = entry.get("kind"), entry.get("resource_name") or entry.get("resource_id") or "an unnamed resource"
    preposition = "of" if kind and kind.endswith(("member", "owner")) else "in"
    return f"{_holds(kind, entry.get('role_name'))} {preposition} {place}"


def _since(finding: Finding) -> str:
    if finding.since is None:
        return "–"
    return f"{'' if finding.since_exact else '≤ '}{words.iso_date(finding.since)}"
