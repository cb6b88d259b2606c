"""One section per check: its facts, its words, its findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from driftaudit.audit.audit import Audit, CheckResult, Finding
from driftaudit.report import words
from driftaudit.report.counts import is_accepted, report_order
from driftaudit.report.groups import Group, grouped
from driftaudit.report.ration import Ration, rationed

_SMALL = 4
Outcome = Literal["found", "passed", "nothing_seen", "not_assessed"]
_FRAMEWORKS = {
    "nist-800-53r5": "NIST 800-53",
    "nist-csf-2.0": "NIST CSF",
    "iso-27001": "ISO 27001",
    "pci-dss-4.0.1": "PCI DSS",
    "soc-2": "SOC 2",
    "cis-8.1": "CIS",
}


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The section of one check."""

    number: int
    check: CheckResult
    outcome: Outcome
    counted: str
    since: str
    since_title: str
    confidence: str
    read: str
    controls: tuple[str, ...]
    groups: tuple[Group, ...]
    follows_on: bool
    """It and the one before it have little to list, so they may share a page."""
    small: bool
    """It is never torn apart between two pages."""
    left: str
    """How many findings are not listed here, as a number; empty when all are."""


def anchors(findings: Sequence[Finding]) -> dict[str, str]:
    """Give each finding a place to link to; two checks may share the digits of one offender."""
    taken: dict[str, str] = {}
    used: set[str] = set()
    for finding in findings:
        check, _, digits = finding.key.rpartition("/")
        anchor = f"f-{digits}" if f"f-{digits}" not in used else f"f-{digits}-{check}"
        used.add(anchor)
        taken[finding.key] = anchor
    return taken


def all_groups(audit: Audit) -> list[list[Group]]:
    """Return every finding that stands, per check in the order of the report, by resource."""
    standing: dict[str, list[Finding]] = defaultdict(list)
    for finding in audit.open_findings:
        standing[finding.check].append(finding)
    places = anchors(audit.open_findings)
    as_of = audit.snapshot.taken_at
    return [grouped(check, standing[check.id], places, as_of, audit.exceptions) for check in report_order(audit)]


def check_pages(audit: Audit, groups: list[list[Group]], ration: Ration, first_number: int) -> tuple[CheckPage, ...]:
    """Return one section per check, cut to what the medium can carry."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in audit.findings:
        findings[finding.check].append(finding)
    cut = rationed(groups, ration)
    return tuple(
        _page(audit, check, findings[check.id], cut[place], first_number + place, follows_on=_follows_on(cut, place))
        for place, check in enumerate(report_order(audit))
    )


def _follows_on(groups: list[list[Group]], place: int) -> bool:
    return place > 0 and _is_small(groups[place]) and _is_small(groups[place - 1])


def _is_small(groups: Sequence[Group]) -> bool:
    return sum(len(group.rows) + len(group.compact) for group in groups) <= _SMALL


def _page(
    audit: Audit, check: CheckResult, findings: list[Finding], groups: list[Group], number: int, *, follows_on: bool
) -> CheckPage:
    states: Counter[str] = Counter(finding.state for finding in findings)
    shown = sum(len(group.rows) + len(group.compact) for group in groups)
    left = states.total() - states["resolved"] - shown
    return CheckPage(
        number=number,
        check=check,
        outcome=_outcome(check),
        counted=_counted(check, states, sum(map(is_accepted, findings))),
        since=_since(check, states) if audit.previous else "First audit",
        since_title=_since_title(audit),
        confidence=_confidence(findings) if check.status != "not_assessed" else "",
        read=_read(check),
        controls=_controls(check.controls),
        groups=tuple(groups),
        follows_on=follows_on,
        small=_is_small(groups),
        left=words.number(left) if left else "",
    )


def _outcome(check: CheckResult) -> Outcome:
    if check.status == "not_assessed":
        return "not_assessed"
    if check.finding_count:
        return "found"
    return "passed" if check.status == "assessed" else "nothing_seen"


def _counted(check: CheckResult, states: Counter[str], accepted: int) -> str:
    set_aside = f"{words.number(accepted)} accepted" if accepted else ""
    hidden = f"{words.number(states['unconfirmed'])} not confirmed" if states["unconfirmed"] else ""
    if check.status == "not_assessed":
        return hidden
    least = "at least " if check.status == "partial" else ""
    found = f"{least}{words.count(check.finding_count, 'finding')}"
    return ", ".join(part for part in (found, set_aside, hidden) if part)


def _since_title(audit: Audit) -> str:
    if audit.previous is None:
        return "Before"
    return f"Since {words.since_name(audit.previous.taken_at, audit.snapshot.taken_at)}"


def _since(check: CheckResult, states: Counter[str]) -> str:
    if check.status == "not_assessed":
        return "Not looked at"
    if states["first_assessed"]:
        return "First assessed today"
    names = ("new", "reopened", "resolved")
    parts = [f"{words.number(states[name])} {name}" for name in names if states[name]]
    return ", ".join(parts) or "Nothing new, nothing resolved"


def _confidence(findings: list[Finding]) -> str:
    medium = sum(finding.confidence == "medium" for finding in findings if finding.state != "resolved")
    standing = sum(finding.state != "resolved" for finding in findings)
    if not standing:
        return ""
    return f"{words.number(standing - medium)} high, {words.number(medium)} medium" if medium else "High in all"


def _read(check: CheckResult) -> str:
    return {"assessed": "Yes", "partial": "In part", "not_assessed": "No"}[check.status]


def _controls(controls: Sequence[str]) -> tuple[str, ...]:
    """Write controls as people cite them: NIST 800-53 AC-2, AC-3."""
    by_framework: dict[str, list[str]] = defaultdict(list)
    for control in controls:
        framework, _, number = control.rpartition(":")
        by_framework[_FRAMEWORKS.get(framework, framework)].append(number)
    return tuple(f"{framework} {', '.join(numbers)}".strip() for framework, numbers in by_framework.items())
