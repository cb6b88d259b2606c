"""An invented audit: three checks, 27 findings over five snapshots, names in many scripts."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from driftaudit.audit.audit import Audit, CheckResult, Coverage, Finding, Point, Severity, Snapshot, State, Tenant

TAKEN_AT = (
    datetime(2026, 6, 30, 2, 0, 7),
    datetime(2026, 7, 31, 2, 0, 3),
    datetime(2026, 8, 31, 2, 0, 5),
    datetime(2026, 9, 16, 2, 0, 2),
    datetime(2026, 9, 30, 2, 0, 4),
)
AS_OF = TAKEN_AT[-1]

OUTSIDE = CheckResult(
    id="grant_outside_package",
    family="drift",
    title="Access granted outside packages",
    headline="outside packages",
    severity="high",
    status="assessed",
    reason=None,
    finding_count=0,
    sql_sha256=hashlib.sha256(b"outside").hexdigest(),
    means="These people hold a role that is given by packages, and no package of theirs gives it to them.",
    why="Nobody approved this access, no date ends it, and no review of the package asks about it.",
    fix="Remove the access in Entra, or assign the package, so that the access has an approver and an end.",
    controls=("nist-800-53r5:AC-2", "nist-800-53r5:AC-3", "iso-27001:A.5.18", "pci-dss-4.0.1:7.2.3"),
    reads=("users", "groups", "assignments", "group_members"),
)
PAST = replace(
    OUTSIDE,
    id="grant_past_expiry",
    title="Access past its end",
    headline="past their end",
    sql_sha256=hashlib.sha256(b"past").hexdigest(),
    means="A package ended for these people, but the access it gave is still there and no other package explains it.",
    why="An end date that does not end access is a promise the organisation makes to its auditors and does not keep.",
    fix="Remove the access, or assign the package again if the person still needs it. Owners first.",
    controls=("nist-800-53r5:AC-2", "iso-27001:A.5.18"),
)
UNANSWERED = replace(
    OUTSIDE,
    id="review_unanswered",
    family="reviews",
    title="Reviews that nobody answered",
    headline="reviews unanswered",
    sql_sha256=hashlib.sha256(b"unanswered").hexdigest(),
    means="A review ended, and for these people nobody said whether the access is still needed.",
    why="An unanswered review keeps access alive by silence, and looks finished in every list.",
    fix="Ask the reviewer to decide now, and name a second reviewer for the next round.",
    controls=("nist-800-53r5:AC-2", "iso-27001:A.5.18"),
    reads=("review_definitions", "review_instances", "review_decisions"),
)
CHECKS = (OUTSIDE, PAST, UNANSWERED)

SITE = ("Finance – Month-end close", "https://contoso.sharepoint.example/sites/close", "site_group", "Member")
LONG_GROUP = (
    "grp-partners-logistics-eu-central-warehouse-operations-and-customs-clearance-readers",
    "g-1",
    "member",
    "",
)
FINANCE = ("grp-finance-controllers", "g-2", "member", "")
LEDGER = ("Ledger", "sp-1", "app_role", "Approver")
PARTNERS = ("Partner portal guests", "g-3", "member", "")
EXPLANATIONS = {
    "assignment": 131, "dynamic_rule": 12, "synced": 9, "delivering": 2, "grace": 3,
    "ended": 12, "ended_censored": 1, "pre_existing": 1, "readded": 1, "none": 5,
}  # fmt: skip
NOT_SAID: dict[str, Any] = dict.fromkeys((
    "resolved_at", "exception", "path", "package_id", "package_name", "policy_id", "catalog_id", "assignment_id",
    "request_id", "review_instance_id", "owner_id", "owner_name",
))  # fmt: skip
RESOURCES = {"site": SITE, "long_group": LONG_GROUP, "finance": FINANCE, "ledger": LEDGER, "partners": PARTNERS}


def finding(
    check: CheckResult,
    who: str,
    resource: tuple[str, str, str, str],
    reason: str,
    **changes: Any,
) -> Finding:
    """Return one open finding; `upn`, `days` and `grants` go to its data."""
    name, resource_id, kind, role = resource
    seed = f"{check.id}|{who}|{resource_id}|{changes.get('kind', kind)}"
    data = {"principal_upn": changes.pop("upn", ""), "days_overdue": changes.pop("days", None)}
    data["grants"] = changes.pop("grants", [])
    base = Finding(
        key=f"{check.id}/{hashlib.sha256(seed.encode()).hexdigest()[:12]}",
        check=check.id,
        severity=check.severity,
        confidence="high",
        state="open",
        opened_at=TAKEN_AT[0],
        principal_id=f"u-{hashlib.sha256(who.encode()).hexdigest()[:8]}",
        principal_name=who,
        principal_type="user",
        resource_id=resource_id,
        resource_name=name,
        kind=kind,
        role_id=role.lower(),
        role_name=role or None,
        since=TAKEN_AT[0] - timedelta(days=200),
        since_exact=False,
        reason=reason,
        fix=f"Remove the access to “{name}”, or assign the package again.",
        data=data,
        **NOT_SAID,
    )
    return replace(base, **changes)


def _sample() -> tuple[Finding, ...]:
    """Read the people and their stories from the file beside this one."""
    stories = tomllib.loads(Path(__file__).with_name("made_findings.toml").read_text(encoding="utf-8"))["finding"]
    return tuple(_told(story) for story in stories)


def _told(story: dict[str, Any]) -> Finding:
    base = finding(
        next(check for check in CHECKS if check.id == story["check"]),
        story["who"],
        RESOURCES[story["resource"]],
        story["reason"],
        kind=story.get("kind", RESOURCES[story["resource"]][2]),
        upn=story.get("upn", ""),
        days=story.get("days_overdue"),
        grants=story.get("grants", []),
    )
    same = ("state", "severity", "confidence", "role_name", "fix")
    changes: dict[str, Any] = {name: story[name] for name in same if name in story}
    if "since" in story:
        changes |= {"since": datetime.combine(story["since"], time()), "since_exact": True}
    return replace(
        base,
        principal_type=story.get("type", "user"),
        package_name=story.get("package"),
        owner_name=story.get("owner"),
        opened_at=TAKEN_AT[story["opened"] - 1],
        **changes,
    )


def coverage() -> tuple[Coverage, ...]:
    """Return the collections of a run that read everything it was asked for."""
    whole = {
        "organization": 1, "users": 62, "deleted_users": 2, "groups": 25, "group_members": 214, "group_owners": 31,
        "service_principals": 14, "app_role_assignments": 44, "sites": 6, "site_members": 71, "catalogs": 3,
        "packages": 8, "package_roles": 19,
        "policies": 11, "assignments": 1877, "requests": 104, "review_definitions": 3,
        "review_instances": 7, "review_decisions": 96, "contacted_reviewers": 12,
    }  # fmt: skip
    read = [Coverage(name, "complete", None, rows, 0, ()) for name, rows in whole.items()]
    left = [
        Coverage("sign_ins", "skipped", "left out by configuration", None, 0, ()),
        Coverage("terms_of_use", "skipped", "needs a person to sign in", None, 0, ()),
        Coverage("role_assignments", "skipped", "not in the export", None, 0, ()),
        Coverage("role_eligibilities", "skipped", "not in the export", None, 0, ()),
    ]
    return (*read, *left)


def counted(findings: tuple[Finding, ...], checks: tuple[CheckResult, ...] = CHECKS) -> tuple[CheckResult, ...]:
    """Return the checks with the number of findings that this snapshot showed."""
    shown = [found.check for found in findings if found.state not in ("resolved", "unconfirmed")]
    return tuple(replace(check, finding_count=shown.count(check.id)) for check in checks)


def history(checks: tuple[CheckResult, ...]) -> tuple[Point, ...]:
    """Return five snapshots of counts that end at today's; reviews were not assessed at the third."""
    before = {OUTSIDE.id: (9, 8, 8, 5), PAST.id: (4, 7, 8, 7), UNANSWERED.id: (2, 2, None, 4)}
    points = []
    for place, taken_at in enumerate(TAKEN_AT):
        for check in checks:
            earlier = before.get(check.id, (0, 0, 0, 0))
            now = None if check.status == "not_assessed" else check.finding_count
            bound = check.status == "partial" if place == len(TAKEN_AT) - 1 else False
            points.append(Point(check.id, place + 1, taken_at, earlier[place] if place < len(earlier) else now, bound))
    return tuple(points)


def audit(findings: tuple[Finding, ...] | None = None, **changes: Any) -> Audit:
    """Return the sample audit, whole and with findings, or one made of other findings."""
    found = _sample() if findings is None else findings
    checks = changes.pop("checks", None) or counted(found)
    base = Audit(
        tool="driftaudit 0.1.0",
        tenant=Tenant("7d1c42e0-5b1f-4c53-9d52-0a3d1f1f8a11", "Contoso Ltd"),
        snapshot=Snapshot(5, AS_OF, AS_OF + timedelta(minutes=40), hashlib.sha256(b"export").hexdigest()),
        previous=Snapshot(4, TAKEN_AT[3], None, hashlib.sha256(b"before").hexdigest()),
        assured=True,
        parameters={"grace_hours": 24},
        coverage=coverage(),
        checks=checks,
        findings=found,
        history=history(checks),
        explanations=EXPLANATIONS,
        findings_sha256=hashlib.sha256(b"findings").hexdigest(),
    )  # fmt: skip
    return replace(base, **changes)


def incomplete() -> Audit:
    """Return the sample with one check in part, one not assessed, and their findings unconfirmed."""
    found = []
    for one in audit().findings:
        hidden = one.check == UNANSWERED.id or one.principal_name in ("Trần Văn Bình", "Priya Raghunathan")
        found.append(replace(one, state="unconfirmed") if hidden and one.state == "open" else one)
    found = [one for one in found if not (one.check == UNANSWERED.id and one.state != "unconfirmed")]
    partial = replace(
        OUTSIDE, status="partial", reason="group_members: 1 of 25 groups refused. Its members are in no number here."
    )
    refused = replace(
        UNANSWERED,
        status="not_assessed",
        reason="review_decisions: Graph answered 403, AccessReview.Read.All is not granted.",
    )
    read = [one for one in coverage() if one.collection not in ("group_members", "review_decisions")]
    read.append(Coverage("group_members", "partial", "1 of 25 groups refused (403)", 203, 1, ()))
    read.append(
        Coverage("review_decisions", "failed", "Graph answered 403: AccessReview.Read.All is not granted", None, 0, ())
    )
    checks = counted(tuple(found), (partial, PAST, refused))
    return audit(tuple(found), checks=checks, assured=False, coverage=tuple(read))


def many(amount: int, resources: int = 5, severity: Severity = "high", state: State = "open") -> tuple[Finding, ...]:
    """Return so many findings of one check, spread over some resources."""
    return tuple(
        finding(
            PAST,
            f"Person {place:05d}",
            (f"grp-{place % resources:03d}", f"g-{place % resources}", "member", ""),
            f"The package ended for Person {place:05d} on 1 September 2026.",
            upn=f"p{place:05d}@contoso.example",
            days=29,
            severity=severity,
            state=state,
        )
        for place in range(amount)
    )
