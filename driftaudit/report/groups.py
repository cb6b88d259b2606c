"""The findings of one check as the report lists them: by resource, then by person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from driftaudit.audit.audit import Accepted, CheckResult, Finding
from driftaudit.report import words
from driftaudit.report.acting import deadline, owner_name
from driftaudit.report.counts import gravity, is_accepted, is_confirmed
from driftaudit.report.details import details, holds, who

_SORTS = {
    "member": "Group",
    "owner": "Group",
    "eligible_member": "Group",
    "eligible_owner": "Group",
    "app_role": "Application",
    "site_group": "SharePoint site",
    "site_role": "SharePoint site",
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
    details: tuple[str, ...]
    """Further facts, each a line under the reason."""
    since: str
    reason: str
    accepted: str
    """Until when, by whom and why it is accepted; empty if it is not."""
    explain: str
    """The command that proves or disputes it."""
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
    def why(self) -> str:
        """Head the reasons: what is there, or what is wrong where nothing is named."""
        return "Why it is here" if self.sort and self.shows_holds else "What is wrong"

    @property
    def shows_holds(self) -> bool:
        """Tell whether anything is held by name or number."""
        return any(row.holds != "–" for row in (*self.rows, *self.compact))

    @property
    def shows_days(self) -> bool:
        """A column that says the same in every row is left out."""
        return any(row.overdue for row in self.compact)


def grouped(
    check: CheckResult,
    findings: Iterable[Finding],
    anchors: Mapping[str, str],
    as_of: datetime,
    exceptions: Iterable[Accepted] = (),
) -> list[Group]:
    """Return the findings of a check by resource, the gravest resource first."""
    about = {one.what: one for one in exceptions}
    by_resource: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_resource[(_title(finding), finding.resource_id or "")].append(finding)
    ordered = sorted(by_resource.items(), key=lambda item: (_gravest(item[1]), item[0][0].casefold(), item[0]))
    return [_group(check, found, anchors, as_of, about) for _, found in ordered]


def state_words(finding: Finding, as_of: datetime) -> str:
    """Say what a finding's state is, and for how many days an old one has been open."""
    if finding.state != "open":
        return _STATES.get(finding.state, finding.state)
    days = (as_of - finding.opened_at).days if finding.opened_at else 0
    return f"Open {words.count(days, 'day')}" if days else "Open"


def _title(finding: Finding) -> str:
    """Name what the access is to: the resource, or the packages where it is about whole packages."""
    if finding.resource_name:
        return finding.resource_name
    packages = [name for name in (finding.package_name, finding.data.get("other_name")) if name]
    return words.listing(packages) or str(finding.data.get("review_name") or finding.resource_id or "")


def _group(
    check: CheckResult,
    findings: list[Finding],
    anchors: Mapping[str, str],
    as_of: datetime,
    exceptions: Mapping[str, Accepted],
) -> Group:
    findings = sorted(findings, key=_by_person)
    first = findings[0]
    until = deadline(as_of, min((finding.severity for finding in findings), key=gravity))
    return Group(
        title=_title(first),
        sort=_SORTS.get(first.kind or "", ""),
        package=_common([finding.package_name for finding in findings]) if first.resource_name else "",
        holders=_holders(findings),
        owner=_common([owner_name(finding) for finding in findings]),
        until=words.day_month(until) if until else "",
        fix=_common([finding.fix for finding in findings]),
        rows=tuple(_row(check, finding, anchors[finding.key], as_of, exceptions) for finding in findings),
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
    seen = {f.principal_id: f.principal_type or "user" for f in findings if f.principal_id or f.principal_name}
    if not seen:
        return words.count(len(findings), "round" if findings[0].review_instance_id else "finding")
    nouns = Counter(_HOLDERS.get(kind, ("person", "people")) for kind in seen.values())
    return words.listing([words.count(amount, *noun) for noun, amount in nouns.most_common()])


def _row(check: CheckResult, finding: Finding, anchor: str, as_of: datetime, exceptions: Mapping[str, Accepted]) -> Row:
    overdue = finding.data.get("days_overdue")
    said = state_words(finding, as_of)
    return Row(
        anchor=anchor,
        digits=finding.key.rpartition("/")[2],
        check=check.id,
        severity=finding.severity,
        mark=finding.severity != check.severity,
        confidence=finding.confidence,
        state="accepted" if is_accepted(finding) and is_confirmed(finding) else finding.state,
        state_words=f"{said}, accepted" if is_accepted(finding) else said,
        who=who(finding),
        who_type=_TYPES.get(finding.principal_type or "", ""),
        upn=str(finding.data.get("principal_upn") or ""),
        resource=_title(finding),
        holds=holds(finding),
        details=details(finding),
        since=_since(finding),
        reason=finding.reason,
        accepted=_accepted(finding, exceptions),
        explain=str(finding.data.get("explain") or ""),
        overdue=f"{words.count(overdue, 'day')} overdue" if overdue else "",
        days=words.number(overdue) if overdue else "–",
        fix=finding.fix,
        owner=owner_name(finding),
        names=(finding.principal_name, finding.resource_name, finding.package_name, finding.owner_name),
    )


def _accepted(finding: Finding, exceptions: Mapping[str, Accepted]) -> str:
    """Say until when, by whom and why a finding is accepted."""
    if finding.exception is None:
        return ""
    one = exceptions.get(finding.exception)
    if one is None:
        return f"Accepted: {finding.exception}"
    return f"Accepted until {words.long_date(one.expires)} by {one.approver}: {one.reason}"


def _since(finding: Finding) -> str:
    if finding.since is None:
        return "–"
    return f"{'' if finding.since_exact else '≤ '}{words.iso_date(finding.since)}"
