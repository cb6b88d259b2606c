"""Export folders: the answers of one snapshot as files, and the manifest that vouches for them."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.sample_tenant import (
    applications,
    assignments,
    audits,
    delivered,
    directory,
    entitlement,
    licences,
    partners,
    pim,
    requests,
    reviews,
    roles,
    sharepoint,
    stages,
)
from tests.sample_tenant.ids import AUDIT_APP_ID, FOLDERS, TAKEN_AT, TENANT_ID, shifted
from tests.sample_tenant.lines import Line, Record

Pages = Callable[[int], Iterator[Line]]

COLLECTIONS: tuple[tuple[str, Pages, str], ...] = (
    ("organization", directory.organization, "Organization.Read.All"),
    ("subscribed_skus", licences.subscribed_skus, "Organization.Read.All"),
    ("users", directory.users, "User.Read.All"),
    ("leave_dates", directory.leave_dates, "User-LifeCycleInfo.Read.All"),
    ("deleted_users", directory.deleted_users, "User.Read.All"),
    ("deleted_groups", directory.deleted_groups, "Group.Read.All"),
    ("groups", directory.groups, "Group.Read.All"),
    ("service_principals", applications.service_principals, "Application.Read.All"),
    ("service_principal_owners", applications.service_principal_owners, "Application.Read.All"),
    ("sites", sharepoint.sites, "Sites.Read.All"),
    ("group_members", directory.group_members, "GroupMember.Read.All"),
    ("group_owners", directory.group_owners, "GroupMember.Read.All"),
    (
        "pim_group_eligibilities",
        pim.pim_group_eligibilities,
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    ),
    ("pim_group_assignments", pim.pim_group_assignments, "PrivilegedAssignmentSchedule.Read.AzureADGroup"),
    ("app_role_assignments", applications.app_role_assignments, "Application.Read.All"),
    ("site_members", sharepoint.site_members, "Sites.FullControl.All (SharePoint)"),
    ("site_role_assignments", sharepoint.site_role_assignments, "Sites.FullControl.All (SharePoint)"),
    ("role_definitions", roles.role_definitions, "RoleManagement.Read.Directory"),
    ("role_assignments", roles.role_assignments, "RoleManagement.Read.Directory"),
    ("role_eligibilities", roles.role_eligibilities, "RoleEligibilitySchedule.Read.Directory"),
    ("role_assignment_schedules", roles.role_assignment_schedules, "RoleAssignmentSchedule.Read.Directory"),
    ("directory_audits", audits.directory_audits, "AuditLog.Read.All"),
    ("catalogs", entitlement.catalogs, "EntitlementManagement.Read.All"),
    ("catalog_resources", entitlement.catalog_resources, "EntitlementManagement.Read.All"),
    ("catalog_role_assignments", entitlement.catalog_role_assignments, "EntitlementManagement.Read.All"),
    ("assignments", assignments.assignments, "EntitlementManagement.Read.All"),
    ("requests", requests.requests, "EntitlementManagement.Read.All"),
    ("packages", entitlement.access_packages, "EntitlementManagement.Read.All"),
    ("package_roles", entitlement.package_roles, "EntitlementManagement.Read.All"),
    ("package_incompatibilities", entitlement.package_incompatibilities, "EntitlementManagement.Read.All"),
    ("policies", assignments.policies, "EntitlementManagement.Read.All"),
    ("delivered_roles", delivered.delivered_roles, "EntitlementManagement.Read.All"),
    ("connected_organizations", partners.connected_organizations, "EntitlementManagement.Read.All"),
    (
        "connected_organization_sponsors",
        partners.connected_organization_sponsors,
        "EntitlementManagement.Read.All",
    ),
    ("entitlement_settings", entitlement.entitlement_settings, "EntitlementManagement.Read.All"),
    ("review_definitions", reviews.review_definitions, "AccessReview.Read.All"),
    ("review_instances", reviews.review_instances, "AccessReview.Read.All"),
    ("review_decisions", reviews.review_decisions, "AccessReview.Read.All"),
    ("review_stages", stages.review_stages, "AccessReview.Read.All"),
    ("contacted_reviewers", reviews.contacted_reviewers, "AccessReview.Read.All"),
)
"""In the order of reading: grants before assignments, requests and package roles."""

_FAILED = {("2026-08-31", "review_decisions"): "Graph answered 403: AccessReview.Read.All is not granted"}
_PERSON = "needs a person to sign in"
_SKIPPED = {"sign_ins": "left out by configuration"} | dict.fromkeys(
    ("approval_stages", "terms_acceptances", "terms_of_use"), _PERSON
)
_DENIED = "Access denied. You do not have permission to perform this action or access this resource."
_REFUSED = {
    "group_members": (directory.REFUSED, "Insufficient privileges to complete the operation."),
    "site_members": (sharepoint.REFUSED, _DENIED),
    "site_role_assignments": (sharepoint.REFUSED, _DENIED),
}
_SITE_GROUP = 8
_NESTED = {
    "package_roles": "resourceRoleScopes",
    "site_members": "Users",
    "site_role_assignments": "RoleDefinitionBindings",
}
"""Collections whose rows stand inside the records of an answer."""
_MINUTES = 40


@dataclass
class Clock:
    """The service's clock during one run: forty minutes over all requests."""

    taken_at: str
    requests: int
    asked: int = field(default=0)

    def tick(self) -> str:
        """Return when the next request is answered."""
        now = self.now()
        self.asked += 1
        return now

    def now(self) -> str:
        """Return the time without asking for anything."""
        return shifted(self.taken_at, seconds=self.asked * _MINUTES * 60 // self.requests)


def folder(snapshot: int) -> dict[str, bytes]:
    """Return every file of one export folder by name."""
    lines = {name: list(pages(snapshot)) for name, pages, _ in COLLECTIONS if _read(snapshot, name)}
    clock = Clock(TAKEN_AT[snapshot], sum(map(len, lines.values())))
    files: dict[str, bytes] = {}
    entries: dict[str, Record] = {}
    for name, _, permission in COLLECTIONS:
        if name not in lines:
            entries[name] = _entry(status="failed", reason=_FAILED[FOLDERS[snapshot], name], permission=permission)
            continue
        entries[name], packed = _closed(name, lines[name], permission, snapshot, clock)
        files[str(entries[name]["file"])] = packed
    entries |= {name: _entry(status="skipped", reason=reason) for name, reason in _SKIPPED.items()}
    return {"manifest.json": _manifest(snapshot, entries, clock.now()), **files}


def _read(snapshot: int, name: str) -> bool:
    """Tell whether the service let a collection be read."""
    return (FOLDERS[snapshot], name) not in _FAILED


def _entry(**what: Any) -> Record:
    """Return what the manifest says of a collection of which nothing is there, changed by what is known."""
    nothing: Record = {
        "status": "skipped",
        "reason": None,
        "pages": 0,
        "rows": 0,
        "expected": None,
        "permission": None,
        "missing_fields": [],
        "started_at": None,
        "finished_at": None,
        "retries": 0,
        "file": None,
        "bytes": None,
        "sha256": None,
        "gaps": [],
    }
    return nothing | what


def _closed(name: str, lines: list[Line], permission: str, snapshot: int, clock: Clock) -> tuple[Record, bytes]:
    """Return what the manifest says of a collection that was read, and its packed file."""
    started = clock.now()
    text = "".join(_json(_written(line, clock.tick())) + "\n" for line in lines)
    packed = gzip_stored(text.encode())
    gaps = _gaps(name, snapshot)
    entry = _entry(
        status="partial" if gaps else "complete",
        reason=f"{len(gaps)} of {len({line.scope for line in lines}) + len(gaps)} refused" if gaps else None,
        pages=len(lines),
        rows=sum(_rows(name, line.page) for line in lines),
        permission=permission,
        started_at=started,
        finished_at=clock.now(),
        file=f"{name}.jsonl.gz",
        bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        gaps=gaps,
    )
    return entry, packed


def _written(line: Line, at: str) -> Record:
    """Return one line as it is kept."""
    return {"scope": line.scope, "request": line.request, "at": at, "page": line.page}


def _gaps(name: str, snapshot: int) -> list[Record]:
    """Return the groups and sites that the service would not tell of."""
    refusals, told = _REFUSED.get(name, (set[tuple[str, str]](), ""))
    refused = sorted(scope for day, scope in refusals if day == FOLDERS[snapshot])
    return [{"scope": scope, "code": "403", "message": told} for scope in refused]


def _rows(name: str, page: Record) -> int:
    """Count the rows of one answer: its records, or what is nested in them; a site group is no holder of levels."""
    records = page.get("value", [page])
    if name == "site_role_assignments":
        records = [record for record in records if record["Member"]["PrincipalType"] != _SITE_GROUP]
    return sum(len(record[_NESTED[name]]) for record in records) if name in _NESTED else len(records)


def _manifest(snapshot: int, entries: dict[str, Record], finished_at: str) -> bytes:
    """Return the closed manifest."""
    manifest = {
        "format": 1,
        "state": "closed",
        "tenant_id": TENANT_ID,
        "tenant_name": "Contoso Ltd",
        "taken_at": TAKEN_AT[snapshot],
        "finished_at": finished_at,
        "tool": "driftaudit 0.1.0",
        "app_id": AUDIT_APP_ID,
        "signed_in_as": None,
        "cloud": "public",
        "collections": entries,
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _json(record: Record) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def gzip_stored(data: bytes) -> bytes:
    """Pack bytes as gzip without compressing them: what zlib makes of the same bytes differs between machines."""
    blocks = [data[start : start + 0xFFFF] for start in range(0, len(data), 0xFFFF)] or [b""]
    body = b"".join(
        struct.pack("<BHH", index == len(blocks) - 1, len(block), 0xFFFF ^ len(block)) + block
        for index, block in enumerate(blocks)
    )
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return header + body + struct.pack("<II", zlib.crc32(data), len(data))
