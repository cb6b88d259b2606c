"""What the sample lacks: licences, sponsors, last sign-ins and delivered roles, made up from what it holds."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.fake_graph.kinds import EM

Record = dict[str, Any]
Listed = Callable[[str], Sequence[Record] | None]
SKUS = (
    ("AAD_PREMIUM_P2", "2b0a4b8e-6a5f-4f0b-8d4e-1f6a2c3d4e5f", "Enabled", "AAD_PREMIUM_P2", 60),
    ("ENTRA_ID_GOVERNANCE", "5d7a2f0c-3a1e-4b0e-9a37-1c0f5a0d9e11", "Enabled", "Entra_Identity_Governance", 40),
    ("CONTOSO_TRIAL", "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9", "Suspended", "AAD_PREMIUM", 0),
)


def invented(listed: Listed, tenant_id: str, taken_at: str) -> dict[str, list[Record]]:
    """Return further lists by path; a list that the folder holds itself is left alone."""
    people = list(listed("/users") or [])
    made = {"/subscribedSkus": _licences(tenant_id)} | _sponsors(listed, people)
    made[f"{EM}/accessPackageAssignmentResourceRoles"] = _delivered(listed)
    missing = {path: records for path, records in made.items() if listed(path) is None}
    if people and not any("signInActivity" in person for person in people):
        missing["/users"] = _signed_in(people, taken_at)
    return missing


def _licences(tenant_id: str) -> list[Record]:
    """Return what the tenant has bought; one of it has lapsed."""
    return [
        {
            "id": f"{tenant_id}_{sku}",
            "accountId": tenant_id,
            "accountName": "contoso",
            "appliesTo": "User",
            "capabilityStatus": status,
            "consumedUnits": units // 2,
            "prepaidUnits": {"enabled": units, "suspended": 0 if units else 25, "warning": 0, "lockedOut": 0},
            "servicePlans": [
                {
                    "servicePlanId": sku[::-1].replace("-", "")[:8] + sku[8:],
                    "servicePlanName": plan,
                    "provisioningStatus": "Success",
                    "appliesTo": "User",
                }
            ],
            "skuId": sku,
            "skuPartNumber": name,
            "subscriptionIds": [],
        }
        for name, sku, status, plan, units in SKUS
    ]


def _sponsors(listed: Listed, people: Sequence[Record]) -> dict[str, list[Record]]:
    """Return who vouches for the partners, inside and outside."""
    inside = [p for p in people if p.get("userType") == "Member"][:2]
    outside = [p for p in people if p.get("userType") == "Guest"][:1]
    found: dict[str, list[Record]] = {}
    for partner in listed(f"{EM}/connectedOrganizations") or []:
        base = f"{EM}/connectedOrganizations/{partner['id']}"
        found[f"{base}/internalSponsors"] = [_user(person) for person in inside]
        found[f"{base}/externalSponsors"] = [_user(person) for person in outside]
    return found


def _user(person: Record) -> Record:
    return {"@odata.type": "#microsoft.graph.user", "id": person["id"]}


def _signed_in(people: Sequence[Record], taken_at: str) -> list[Record]:
    """Return when each person signed in last; one in five never did."""
    now = datetime.fromisoformat(taken_at)
    return [{"id": person["id"], "signInActivity": _activity(person["id"], now)} for person in people]


def _activity(person: str, now: datetime) -> Record | None:
    chance = zlib.crc32(person.encode())
    if chance % 5 == 0:
        return None
    last = (now - timedelta(days=chance % 120, minutes=chance % 997)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "lastSignInDateTime": last,
        "lastSignInRequestId": person[::-1],
        "lastNonInteractiveSignInDateTime": None,
        "lastNonInteractiveSignInRequestId": None,
        "lastSuccessfulSignInDateTime": last,
        "lastSuccessfulSignInRequestId": person[::-1],
    }


def _delivered(listed: Listed) -> list[Record]:
    """Return what live assignments gave, one row per person and role, with all assignments that gave it."""
    packages = {package["id"]: package for package in listed(f"{EM}/accessPackages") or []}
    rows: dict[str, Record] = {}
    for assignment in listed(f"{EM}/assignments") or []:
        if assignment["state"] not in ("delivered", "partiallyDelivered") or not assignment.get("target"):
            continue
        package = packages.get(assignment["accessPackage"]["id"], {})
        for given in package.get("resourceRoleScopes", []):
            key = f"{assignment['target']['id']}_{given['id']}"
            row = rows.setdefault(key, _row(key, given, assignment["target"]))
            row["accessPackageAssignments"].append(_assignment(assignment))
    return list(rows.values())


def _row(key: str, given: Record, target: Record) -> Record:
    subject = {name: value for name, value in target.items() if name not in ("subjectType", "subjectLifecycle")}
    return {
        "id": key,
        "originId": given["scope"]["originId"],
        "originSystem": given["role"]["originSystem"],
        "status": "Fulfilled",
        "accessPackageSubject": subject | {"type": "User"},
        "accessPackageResourceRole": given["role"],
        "accessPackageResourceScope": given["scope"],
        "accessPackageAssignments": [],
    }


def _assignment(assignment: Record) -> Record:
    """Return an assignment under the names of the beta version."""
    return {
        "id": assignment["id"],
        "accessPackageId": assignment["accessPackage"]["id"],
        "assignmentPolicyId": (assignment.get("assignmentPolicy") or {}).get("id"),
        "targetId": assignment["target"]["id"],
        "assignmentState": assignment["state"][0].upper() + assignment["state"][1:],
        "assignmentStatus": assignment["status"],
        "expiredDateTime": assignment["expiredDateTime"],
        "isExtended": False,
    }
