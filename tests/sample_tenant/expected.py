"""The findings that the stories declare, snapshot by snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.sample_tenant.ids import FOLDERS
from tests.sample_tenant.packages import INSTANCES, PACKAGES
from tests.sample_tenant.resources import APPS, GROUPS, resource_id, role_id
from tests.sample_tenant.words import Finding, Role
from tests.sample_tenant.world import STORIES, principal

CHECKS = {
    "grant_outside_package": "assessed partial assessed assessed assessed",
    "grant_past_expiry": "assessed partial assessed assessed assessed",
    "review_unanswered": "assessed partial not_assessed assessed assessed",
}
"""31 July: one group was refused, and all three look at group members. 31 August: no review decisions were read."""


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
    first: dict[str, str | None] = (
        {**grants[0]} if grants else {"kind": None, "resource_id": _reviewed(finding), "role_id": None}
    )
    written = {
        "check": finding.check,
        "state": state_of(finding, snapshot),
        "severity": finding.severity,
        "confidence": confidence[snapshot] if len(confidence) > 1 else confidence[0],
        "principal": principal(finding.principal).name,
        "principal_id": principal(finding.principal).id,
        **first,
        "package_id": None if finding.package is None else PACKAGES[finding.package].id,
        "review_instance_id": None if finding.instance is None else INSTANCES[finding.instance].id,
    }
    stands = finding.check == "grant_past_expiry" and written["state"] not in ("resolved", "unconfirmed")
    return written | ({"grants": grants} if stands else {})


def _grant(role: Role) -> dict[str, str]:
    """Return one grant as the audit names it."""
    return {"kind": role.kind, "resource_id": resource_id(role), "role_id": role_id(role)}


def _reviewed(finding: Finding) -> str:
    """Return what a review asked about: a group, an application, or a package as a whole."""
    assert finding.resource is not None, f"{finding.check} of {finding.principal} names no resource"
    kind, key = finding.resource
    return {"group": GROUPS, "app": APPS, "package": PACKAGES}[kind][key].id
