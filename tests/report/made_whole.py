"""The invented audit with all checks, findings of each, metrics and accepted findings."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from driftaudit.audit.audit import Accepted, Audit, CheckResult, Finding
from driftaudit.audit.checks import Check, checks
from tests.report import made_audit as made

ACCEPTED_BY = {"Nightly ledger export": "grant_outside_package, principal Nightly*"}
"""Who is accepted, by which exception."""


def results() -> tuple[CheckResult, ...]:
    """Return the checks that driftaudit brings along, as if all of them had been assessed."""
    return tuple(_result(check) for check in checks().values())


def _result(check: Check) -> CheckResult:
    return CheckResult(
        id=check.id,
        family=check.family,
        title=check.said("title"),
        headline=check.said("headline"),
        severity=check.severity,
        status="assessed",
        reason=None,
        finding_count=0,
        sql_sha256=hashlib.sha256(check.id.encode()).hexdigest(),
        means=check.said("means"),
        why=check.said("why"),
        fix=check.said("fix"),
        controls=check.controls,
        reads=("users", "groups", "assignments", "group_members"),
    )


def findings() -> tuple[Finding, ...]:
    """Return the findings of the three checks of the smaller audit, and some of each other one."""
    stories = tomllib.loads(Path(__file__).with_name("made_whole.toml").read_text(encoding="utf-8"))["finding"]
    by_id = {check.id: check for check in results()}
    told = (*made.audit().findings, *(_told(by_id[story["check"]], story) for story in stories))
    return tuple(_explained(replace(one, exception=ACCEPTED_BY.get(one.principal_name or ""))) for one in told)


def _told(check: CheckResult, story: dict[str, Any]) -> Finding:
    """Return one finding; what it does not say is null."""
    who, seed = story.get("who"), f"{check.id}|{story}"
    since = story.get("since")
    return replace(
        made.finding(check, who or "", ("", "", "", ""), story["reason"]),
        key=f"{check.id}/{hashlib.sha256(seed.encode()).hexdigest()[:12]}",
        severity=story.get("severity", check.severity),
        state=story.get("state", "open"),
        opened_at=made.TAKEN_AT[story.get("opened", 1) - 1],
        principal_id=f"u-{hashlib.sha256(who.encode()).hexdigest()[:8]}" if who else None,
        principal_name=who,
        principal_type=story.get("type", "user") if who else None,
        resource_id=story.get("resource_id"),
        resource_name=story.get("resource"),
        kind=story.get("kind"),
        role_id=None,
        role_name=story.get("role"),
        path=story.get("path"),
        package_id=story.get("package_id"),
        package_name=story.get("package"),
        owner_name=story.get("owner"),
        review_instance_id=story.get("review"),
        since=datetime.combine(since, time()) if since else None,
        since_exact=since is not None,
        fix=story.get("fix", check.fix),
        data=story.get("data", {}) | {"principal_upn": story.get("upn", "")},
    )


def _explained(finding: Finding) -> Finding:
    """Return the finding with the command that disputes or proves it."""
    if not finding.principal_name:
        return finding
    resource = f' "{finding.resource_name}"' if finding.resource_name else ""
    line = f'driftaudit explain "{finding.principal_name}"{resource} --at 2026-09-30'
    return replace(finding, data=finding.data | {"explain": line})


def exceptions() -> tuple[Accepted, ...]:
    """Return one exception that holds, one that has expired and one that is about nothing."""
    base = Accepted(
        what="grant_outside_package, principal Nightly*",
        owner="Nadia Haddad",
        approver="Lena Fischer",
        reason="The export moves to a package with the new ledger in December.",
        created=date(2026, 7, 1),
        expires=date(2026, 12, 31),
        line=1,
        status="active",
        finding_count=1,
    )
    expired = replace(
        base,
        what="grant_past_expiry/3f9c1b2a77d0",
        status="expired",
        expires=date(2026, 8, 31),
        line=9,
        owner="Tom Okafor",
    )
    return (base, expired, replace(base, what="review_overdue, resource Trial*", status="unused", finding_count=0))


def audit(found: tuple[Finding, ...] | None = None, **changes: Any) -> Audit:
    """Return an audit of all checks, whole and with findings of each, or one made of other findings."""
    given = findings() if found is None else found
    counted = made.counted(given, changes.pop("checks", results()))
    base = made.audit(given, checks=counted, history=made.history(counted), exceptions=exceptions(), metrics=metrics())
    return replace(base, **changes)


def incomplete() -> Audit:
    """Return the audit with checks in part, checks not assessed and their findings unconfirmed."""
    blind = ("review_unanswered", "review_denied_access_present", "guest_without_assignment")
    partly = ("grant_outside_package", "leaver_with_access", "nested_group_opens_package")
    reason = "review_decisions: Graph answered 403, AccessReview.Read.All is not granted"
    shown = tuple(
        replace(
            check,
            status="not_assessed" if check.id in blind else "partial" if check.id in partly else "assessed",
            reason=reason if check.id in blind else "1 of 25 groups refused" if check.id in partly else None,
        )
        for check in results()
    )
    found = tuple(replace(one, state="unconfirmed") if one.check in blind else one for one in findings())
    return audit(found, checks=shown, assured=False, coverage=made.incomplete().coverage)


def metrics() -> dict[str, tuple[dict[str, Any], ...]]:
    """Return metrics that add up."""
    told = tomllib.loads(Path(__file__).with_name("made_metrics.toml").read_text(encoding="utf-8"))
    return {
        name: tuple({key: None if value == "" else value for key, value in row.items()} for row in rows)
        for name, rows in told.items()
    }
