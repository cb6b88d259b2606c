"""An invented audit: three checks, 27 findings over five snapshots, names in many scripts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
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
)
PAST = replace(
    OUTSIDE,
    id="grant_past_expiry",
    title="Access past its end",
    headline="past their end",
    sql_sha256=hashlib.sha256(b"past").hexdigest(),
    means="A package ended for these people, but the access it gave is still there and no other package explains it.",
    why="An end date that does not end access is a promise the organisation makes to its auditors and does not keep.",
    fix="Remove the access, or assign the package again if the person still needs it. Owners first: they let others in.",
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
)
CHECKS = (OUTSIDE, PAST, UNANSWERED)

SITE = ("Finance – Month-end close", "https://contoso.sharepoint.example/sites/close", "site_group", "Member")
LONG_GROUP = ("grp-partners-logistics-eu-central-warehouse-operations-and-customs-clearance-readers", "g-1", "member", "")
FINANCE = ("grp-finance-controllers", "g-2", "member", "")
LEDGER = ("Ledger", "sp-1", "app_role", "Approver")
PARTNERS = ("Partner portal guests", "g-3", "member", "")


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
        resolved_at=None,
        exception=None,
        principal_id=f"u-{hashlib.sha256(who.encode()).hexdigest()[:8]}",
        principal_name=who,
        principal_type="user",
        resource_id=resource_id,
        resource_name=name,
        kind=kind,
        role_id=role.lower(),
        role_name=role or None,
        path=None,
        package_id=None,
        package_name=None,
        policy_id=None,
        catalog_id=None,
        assignment_id=None,
        request_id=None,
        review_instance_id=None,
        owner_id=None,
        owner_name=None,
        since=TAKEN_AT[0] - timedelta(days=200),
        since_exact=False,
        reason=reason,
        fix=f"Remove the access to “{name}”, or assign the package again.",
        data=data,
    )
    return replace(base, **changes)


def _past() -> list[Finding]:
    site = {"package_id": "p-1", "package_name": "Finance controller", "owner_id": "o-1", "owner_name": "Nadia Haddad"}
    group = {"package_id": "p-2", "package_name": "Supplier logistics", "owner_id": "o-2", "owner_name": "Tom Okafor"}
    fix = "Remove from the group in Entra, or assign the package again."
    three = [
        {"kind": "site_group", "resource_id": SITE[1], "resource_name": SITE[0], "role_id": "member", "role_name": "Member"},
        {"kind": "member", "resource_id": "g-2", "resource_name": FINANCE[0], "role_id": "", "role_name": None},
        {"kind": "app_role", "resource_id": "sp-1", "resource_name": "Ledger", "role_id": "approver", "role_name": "Approver"},
    ]
    return [
        finding(PAST, "Maria-Theresia von Hohenberg-Schwarzenfels", SITE, "Maria-Theresia’s package “Finance controller” ended on 30 June 2026. The access should have gone within a day; it is still there.", upn="m.hohenberg@contoso.example", days=91, grants=three, since=datetime(2025, 11, 3), since_exact=True, **site),
        finding(PAST, "محمد عبد الرحمن الفارسي", SITE, "The assignment of محمد عبد الرحمن الفارسي disappeared from Entra between 31 July and 31 August 2026. The owner role is still held.", upn="m.alfarsi@contoso.example", days=28, state="new", opened_at=AS_OF, role_name="Owner", **site),
        finding(PAST, "佐藤 健太郎", SITE, "The package ended on 31 August 2026; no other package gives this access.", principal_type="guest", upn="k.sato_fabrikam.example#EXT#@contoso.example", days=29, state="new", opened_at=AS_OF, **site),
        finding(PAST, "Oluwaseun Adébáyọ̀-Ọláńrewájú", SITE, "The end falls between two snapshots, so we cannot be sure the package held this access to its end.", upn="o.adebayo@contoso.example", days=14, confidence="medium", state="reopened", opened_at=TAKEN_AT[1], **site),
        *[
            finding(PAST, who, LONG_GROUP, f"The package “Supplier logistics” ended for {who} on {day} 2026 and nothing replaced it.", upn=upn, principal_type=kind, days=days, fix=fix, state=state, opened_at=opened, **group)
            for who, upn, kind, day, days, state, opened in (
                ("Jörg Weiß", "joerg.weiss_northwind.example#EXT#@contoso.example", "guest", "18 June", 104, "open", TAKEN_AT[0]),
                ("Szczęsny Brzęczyszczykiewicz", "s.brzeczyszczykiewicz@contoso.example", "user", "1 September", 29, "open", TAKEN_AT[3]),
                ("Ngô Thị Phương Thảo", "thao.ngo@contoso.example", "user", "1 September", 29, "open", TAKEN_AT[3]),
                ("דוד לוי", "d.levi_litware.example#EXT#@contoso.example", "guest", "12 September", 18, "new", AS_OF),
                ("김민준 🦊", "minjun.kim_litware.example#EXT#@contoso.example", "guest", "12 September", 18, "new", AS_OF),
                ("Αικατερίνη Παπαδοπούλου", "k.papadopoulou@contoso.example", "user", "20 August", 41, "open", TAKEN_AT[2]),
                ("Bartholomew J. Featherstonehaugh III", "b.featherstonehaugh@contoso.example", "user", "2 July", 90, "open", TAKEN_AT[1]),
            )
        ],
        finding(PAST, "Amina Yusuf", LEDGER, "Amina’s assignment ended on 2 July 2026.", state="resolved", resolved_at=AS_OF, upn="a.yusuf@contoso.example", **site),
    ]  # fmt: skip


def _outside() -> list[Finding]:
    owner = {"owner_id": "o-1", "owner_name": "Nadia Haddad", "package_id": "p-1", "package_name": "Finance controller"}
    return [
        finding(OUTSIDE, "Priya Raghunathan", LEDGER, "Priya Raghunathan holds “Approver” on Ledger and has no package that gives it.", upn="p.raghunathan@contoso.example", since=datetime(2026, 1, 5), since_exact=True, **owner),
        finding(OUTSIDE, "Émile Lefèvre", LEDGER, "Émile Lefèvre was there before the assignment began; Entra should have removed the access at its end.", upn="e.lefevre@contoso.example", **owner),
        finding(OUTSIDE, "Nightly ledger export", LEDGER, "The application “Nightly ledger export” holds “Approver” on Ledger and no package gives it.", principal_type="service_principal", state="new", opened_at=AS_OF, **owner),
        finding(OUTSIDE, "Trần Văn Bình", FINANCE, "Trần Văn Bình was added by hand; no package of Trần Văn Bình gives membership.", upn="binh.tran@contoso.example", **owner),
        finding(OUTSIDE, "Lena Fischer", FINANCE, "Lena Fischer was made owner by hand; the package “Finance controller” gives ownership to others only.", kind="owner", upn="l.fischer@contoso.example", state="new", opened_at=AS_OF, **owner),
        finding(OUTSIDE, "Дмитрий Соколов", FINANCE, "The access of Дмитрий Соколов ended on 3 August 2026 and came back on 16 September 2026.", upn="d.sokolov@contoso.example", state="reopened", opened_at=TAKEN_AT[0], **owner),
        finding(OUTSIDE, "สมชาย ใจดี", PARTNERS, "The package starts next week; the access is already there.", principal_type="guest", upn="somchai_adatum.example#EXT#@contoso.example"),
        finding(OUTSIDE, "Kwame Mensah", PARTNERS, "Kwame Mensah was added by hand.", upn="k.mensah@contoso.example", state="resolved", resolved_at=AS_OF),
    ]  # fmt: skip


def _unanswered() -> list[Finding]:
    tom = {"owner_id": "o-2", "owner_name": "Tom Okafor", "review_instance_id": "r-1"}
    return [
        finding(UNANSWERED, "Jörg Weiß", PARTNERS, "The review “Guests of partners” ended on 15 September 2026 and nobody answered for Jörg Weiß.", principal_type="guest", upn="joerg.weiss_northwind.example#EXT#@contoso.example", **tom),
        finding(UNANSWERED, "王小明", PARTNERS, "The review “Guests of partners” ended on 15 September 2026 and the answer was “don’t know”.", principal_type="guest", upn="xm.wang_adatum.example#EXT#@contoso.example", **tom),
        finding(UNANSWERED, "Sofía Ibáñez Núñez", PARTNERS, "Silence became approval: nobody’s name stands on the decision for Sofía Ibáñez Núñez.", principal_type="guest", upn="s.ibanez_fabrikam.example#EXT#@contoso.example", state="new", opened_at=AS_OF, **tom),
        finding(UNANSWERED, "Hans Müller", PARTNERS, "Silence became a denial, and the access is gone.", principal_type="guest", severity="info", upn="h.mueller_fabrikam.example#EXT#@contoso.example", **tom),
        finding(UNANSWERED, "Priya Raghunathan", LEDGER, "The review “Ledger approvers” ended on 31 August 2026 and nobody answered for Priya Raghunathan.", upn="p.raghunathan@contoso.example", review_instance_id="r-2", owner_name="Lena Fischer", owner_id="o-3"),
    ]  # fmt: skip


def coverage() -> tuple[Coverage, ...]:
    """Return the collections of a run that read everything it was asked for."""
    whole = {
        "organization": 1, "users": 62, "deleted_users": 2, "groups": 25, "group_members": 214, "group_owners": 31,
        "service_principals": 14, "app_role_assignments": 44, "sites": 6, "site_members": 71, "catalogs": 3, "packages": 8,
        "package_roles": 19, "policies": 11, "assignments": 1877, "requests": 104, "review_definitions": 3,
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
    found = tuple([*_outside(), *_past(), *_unanswered()]) if findings is None else findings
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
        explanations={"assignment": 131, "dynamic_rule": 12, "synced": 9, "delivering": 2, "grace": 3, "ended": 12, "ended_censored": 1, "pre_existing": 1, "readded": 1, "none": 5},
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
    partial = replace(OUTSIDE, status="partial", reason="group_members: 1 of 25 groups refused. Its members are in no number here.")
    refused = replace(UNANSWERED, status="not_assessed", reason="review_decisions: Graph answered 403, AccessReview.Read.All is not granted.")
    read = [one for one in coverage() if one.collection not in ("group_members", "review_decisions")]
    read.append(Coverage("group_members", "partial", "1 of 25 groups refused (403)", 203, 1, ()))
    read.append(Coverage("review_decisions", "failed", "Graph answered 403: AccessReview.Read.All is not granted", None, 0, ()))
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
