"""The findings that the stories declare, snapshot by snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.sample_tenant.ids import FOLDERS
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.resources import APPS, GROUPS, resource_id, role_id
from tests.sample_tenant.rounds import INSTANCES
from tests.sample_tenant.words import Finding, Role
from tests.sample_tenant.world import STORIES, principal

_DRIFT = "assessed partial assessed partial assessed"
_ANSWERS = "assessed partial not_assessed partial assessed"
CHECKS = {
    "app_open_to_everyone": "assessed assessed assessed assessed assessed",
    "assignment_without_access": _DRIFT,
    "bundle_partly_removed": _DRIFT,
    "grant_of_removed_role": _DRIFT,
    "grant_outside_package": _DRIFT,
    "grant_past_expiry": _DRIFT,
    "guest_without_assignment": _DRIFT,
    "incompatible_packages_held": _DRIFT,
    "leaver_with_access": _DRIFT,
    "nested_group_opens_package": _DRIFT,
    "pim_mismatch": _DRIFT,
    "review_denied_access_present": _ANSWERS,
    "review_overdue": "assessed assessed assessed assessed assessed",
    "review_unanswered": _ANSWERS,
    "site_open_to_everyone": "assessed assessed assessed partial assessed",
}
"""31 July: one group was refused; 16 September: another answered empty; nearly all look at the members of groups. That
day a site was refused, too. What an application requires stands in the list of applications, which was always read.
31 August: no answers of reviews were read, which an overdue round does not need."""


def expected() -> bytes:
    """Return expected.json."""
    snapshots = {
        day: {
            "checks": {check: states.split()[snapshot] for check, states in CHECKS.items()},
            "findings": sorted(_listed(snapshot), key=json.dumps),
        }
        for snapshot, day in enumerate(FOLDERS)
    }
    return (json.dumps(snapshots, ensure_ascii=False, indent=1) + "\n").encode()


def _listed(snapshot: int) -> Iterator[dict[str, Any]]:
    """Yield the findings that are listed in one snapshot."""
    for story in STORIES:
        for finding in story.findings:
            if state_of(finding, snapshot) != "-":
                yield _written(finding, snapshot)


def state_of(finding: Finding, snapshot: int) -> str:
    """Return the declared state in one snapshot; a dash means not listed."""
    return finding.states.split()[snapshot]


def _written(finding: Finding, snapshot: int) -> dict[str, Any]:
    """Return one finding as the audit must state it; the first of its grants stands for all."""
    grants = sorted((_grant(role) for role in finding.roles), key=lambda g: list(g.values()))
    confidence = finding.confidence.split()
    nothing = {"kind": None, "resource_id": _reviewed(finding), "role_id": None}
    first: dict[str, str | None] = {**grants[0]} if grants else nothing
    who = None if finding.principal is None else principal(finding.principal)
    written = {
        "check": finding.check,
        "state": state_of(finding, snapshot),
        "severity": finding.severity,
        "confidence": confidence[snapshot] if len(confidence) > 1 else confidence[0],
        "principal": None if who is None else who.name,
        "principal_id": None if who is None else who.id,
        **first,
        **_packages(finding),
        "review_instance_id": None if finding.instance is None else INSTANCES[finding.instance].id,
    }
    stands = finding.check == "grant_past_expiry" and written["state"] not in ("resolved", "unconfirmed")
    return written | ({"grants": grants} if stands else {})


def _grant(role: Role) -> dict[str, str]:
    """Return one grant as the audit names it."""
    return {"kind": role.kind, "resource_id": resource_id(role), "role_id": role_id(role)}


def _packages(finding: Finding) -> dict[str, str | None]:
    """Return the package of a finding; of two incompatible ones the smaller id comes first."""
    ids = [] if finding.package is None else [PACKAGES[finding.package].id]
    if finding.other is None:
        return {"package_id": ids[0] if ids else None}
    kind, key = finding.other
    ids = sorted([*ids, PACKAGES[key].id]) if kind == "package" else [*ids, GROUPS[key].id]
    return {"package_id": ids[0], "other_id": ids[1]}


def _reviewed(finding: Finding) -> str | None:
    """Return what a review asked about: a group, an application, or a package as a whole."""
    if finding.resource is None:
        return None
    kind, key = finding.resource
    return {"group": GROUPS, "app": APPS, "package": PACKAGES}[kind][key].id
