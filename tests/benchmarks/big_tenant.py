"""A big invented tenant as export folders: 100,000 people, 10,000 groups, 3 million memberships, day by day."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

TENANT = "7d1c42e0-0000-4000-8000-000000000001"
FIRST = datetime(2026, 7, 3, 2, 0, 4, tzinfo=UTC)
PAGE = 999
SKIPPED = ("group_owners", "app_role_assignments", "site_members", "review_instances", "review_decisions")


@dataclass
class Tenant:
    """The state of the tenant on one day."""

    people: int = 100_000
    groups: int = 10_000
    memberships: int = 3_000_000
    packages: int = 100
    chance: random.Random = field(default_factory=lambda: random.Random(20260703))
    members: list[set[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Fill the groups evenly with people drawn by chance."""
        size = self.memberships // self.groups
        self.members = [set(self.chance.sample(range(self.people), size)) for _ in range(self.groups)]
        for package in range(self.packages):
            first, *others = _groups_of(self, package)
            for group in others:  # who has a package holds all that it gives
                self.members[group] = set(self.members[first])

    def churn(self, share: float) -> None:
        """Let a share of the memberships change: half of it leaves, half of it is new."""
        for _ in range(int(self.memberships * share / 2)):
            group = self.members[self.chance.randrange(self.groups)]
            if group:
                group.remove(self.chance.choice(tuple(group)) if len(group) < 32 else next(iter(group)))
            self.members[self.chance.randrange(self.groups)].add(self.chance.randrange(self.people))


def _id(kind: int, number: int) -> str:
    """Return the id of a thing: scattered like a GUID, the same each time."""
    return str(UUID(bytes=hashlib.md5(f"{kind}/{number}".encode(), usedforsecurity=False).digest()))


class Ids:
    """The ids of people and groups, made once."""

    def __init__(self, tenant: Tenant) -> None:
        """Make them all."""
        self.people = [_id(1, n) for n in range(tenant.people)]
        self.groups = [_id(2, n) for n in range(tenant.groups)]
        self.items = [f'{{"@odata.type":"#microsoft.graph.user","id":"{p}"}}' for p in self.people]


def write(folder: Path, tenant: Tenant, ids: Ids, day: int, *, lean: bool = False, packed: bool = True) -> None:
    """Write the tenant's state of one day as an export folder; a lean one holds little but the memberships."""
    folder.mkdir(parents=True)
    at = FIRST + timedelta(days=day)
    at_text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    contents = _small(ids, at_text) if lean else _whole(tenant, ids, at)
    contents["group_members"] = _member_lines(tenant, ids, at_text)
    entries = {name: _write(folder, name, lines, packed=packed) for name, lines in contents.items()}
    for name in SKIPPED:
        entries[name] = {"status": "skipped", "reason": "left out of the benchmark"}
    manifest = {
        "format": 1,
        "state": "closed",
        "tenant_id": TENANT,
        "tenant_name": "Big Ltd",
        "taken_at": at_text,
        "finished_at": at_text,
        "tool": "benchmark",
        "collections": entries,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def _small(ids: Ids, at: str) -> dict[str, Iterable[str]]:
    """Return what the memberships cannot do without: the tenant and its groups."""
    pages = {
        "organization": [(None, [{"id": TENANT, "displayName": "Big Ltd"}])],
        "groups": _paged([_group(i, n) for n, i in enumerate(ids.groups)]),
    }
    return {name: _lines(found, at) for name, found in pages.items()}


def _whole(tenant: Tenant, ids: Ids, at: datetime) -> dict[str, Iterable[str]]:
    """Return everything but the memberships."""
    at_text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assignments = list(_assignments(tenant, ids, at))
    pages: dict[str, list[tuple[None, list[dict[str, Any]]]]] = {
        "users": _paged([_user(i, n) for n, i in enumerate(ids.people)]),
        "service_principals": [(None, [])],
        "packages": _paged([_package(n) for n in range(tenant.packages)]),
        "policies": [(None, [])],
        "assignments": _paged(assignments),
        "requests": _paged([_request(a) for a in assignments]),
        "deleted_users": [(None, [])],
        "review_definitions": [(None, [])],
    }
    of_packages = {
        "package_roles": _package_roles(tenant, ids, at_text),
        "package_incompatibilities": _incompatibilities(tenant, at_text),
    }
    return _small(ids, at_text) | {name: _lines(found, at_text) for name, found in pages.items()} | of_packages


def _paged(records: list[dict[str, Any]]) -> list[tuple[None, list[dict[str, Any]]]]:
    """Return records in pages of the service's largest size."""
    return [(None, records[start : start + PAGE]) for start in range(0, len(records), PAGE)]


def _lines(pages: Iterable[tuple[str | None, list[dict[str, Any]]]], at: str) -> Iterator[str]:
    """Yield one line per page, each but the last with a link to the next."""
    pages = list(pages)
    for number, (scope, records) in enumerate(pages):
        page: dict[str, Any] = {"value": records}
        if number + 1 < len(pages):
            page["@odata.nextLink"] = f"https://graph.example/v1.0/x?$skiptoken={number + 1}"
        request = f"/v1.0/x?$skiptoken={number}"
        yield json.dumps({"scope": scope, "request": request, "at": at, "page": page}, separators=(",", ":"))


def _member_lines(tenant: Tenant, ids: Ids, at: str) -> Iterator[str]:
    """Yield one line per group with its members, written by hand because there are millions."""
    for number, members in enumerate(tenant.members):
        group = ids.groups[number]
        value = ",".join([*(ids.items[m] for m in members), *_inner(ids, number)])
        yield f'{{"scope":"{group}","request":"/v1.0/groups/{group}/members","at":"{at}","page":{{"value":[{value}]}}}}'


def _inner(ids: Ids, number: int) -> Iterator[str]:
    """Yield the groups that are inside one: every fifth holds three of its fifty, in chains that meet and turn back."""
    if number % 5 == 0:
        for step in (5, 7, 35):
            child = ids.groups[number - number % 50 + (number + step) % 50]
            yield f'{{"@odata.type":"#microsoft.graph.group","id":"{child}"}}'


def _write(folder: Path, name: str, lines: Iterable[str], *, packed: bool) -> dict[str, Any]:
    """Write a collection's file and return its entry in the manifest."""
    path = folder / (f"{name}.jsonl.gz" if packed else f"{name}.jsonl")
    # Level 1 of gzip's format is the fastest; an unpacked file is faster still, and much larger.
    with _opened(path, packed=packed) as file:
        file.writelines(line + "\n" for line in lines)
    with path.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    return {"status": "complete", "file": path.name, "bytes": path.stat().st_size, "sha256": digest}


def _opened(path: Path, *, packed: bool) -> IO[str]:
    """Open a file for writing lines, packed or as they are."""
    return gzip.open(path, "wt", compresslevel=1, encoding="utf-8") if packed else path.open("w", encoding="utf-8")  # type: ignore[return-value]


def _user(id_: str, number: int) -> dict[str, Any]:
    """Return a person as Graph prints one."""
    return {
        "id": id_,
        "displayName": f"Person {number}",
        "userPrincipalName": f"person.{number}@contoso.example",
        "mail": f"person.{number}@contoso.example",
        "userType": "Guest" if number % 10 == 0 else "Member",
        "creationType": None,
        "externalUserState": None,
        "accountEnabled": number % 50 != 0,
        "createdDateTime": f"20{number % 20:02}-03-04T05:06:07Z",
        "department": f"Department {number % 300}",
        "jobTitle": f"Job {number % 1000}",
        "companyName": "Contoso",
        "employeeType": "Employee",
        "onPremisesSyncEnabled": None,
        "manager": {"id": _id(1, number // 10)},
    }


def _group(id_: str, number: int) -> dict[str, Any]:
    """Return a group as Graph prints one; every twentieth goes by a rule."""
    return {
        "id": id_,
        "displayName": f"Group {number}",
        "description": None,
        "mail": None,
        "mailEnabled": False,
        "securityEnabled": True,
        "groupTypes": ["DynamicMembership"] if number % 20 == 19 else [],
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "isAssignableToRole": None,
        "visibility": "Private",
        "onPremisesSyncEnabled": None,
        "resourceProvisioningOptions": [],
        "createdDateTime": "2020-01-01T00:00:00Z",
    }


def _package(number: int) -> dict[str, Any]:
    """Return a package."""
    return {
        "id": _id(3, number),
        "displayName": f"Package {number}",
        "description": "",
        "isHidden": False,
        "createdDateTime": "2024-01-01T00:00:00Z",
        "catalog": {"id": _id(4, 0), "displayName": "General"},
    }


def _groups_of(tenant: Tenant, package: int) -> range:
    """Return the numbers of the groups that a package gives: four each."""
    return range(package * 4, package * 4 + 4)


def _package_roles(tenant: Tenant, ids: Ids, at: str) -> Iterator[str]:
    """Yield one line per package with its roles."""
    for package in range(tenant.packages):
        roles = [
            {
                "id": f"{_id(5, g)}_{_id(6, g)}",
                "createdDateTime": "2024-01-01T00:00:00Z",
                "role": {
                    "id": _id(5, g),
                    "displayName": "Member",
                    "originSystem": "AadGroup",
                    "originId": f"Member_{ids.groups[g]}",
                },
                "scope": {
                    "id": _id(6, g),
                    "displayName": "Root",
                    "originId": ids.groups[g],
                    "originSystem": "AadGroup",
                },
            }
            for g in _groups_of(tenant, package)
        ]
        page = {"id": _id(3, package), "displayName": f"Package {package}", "resourceRoleScopes": roles}
        yield json.dumps({"scope": _id(3, package), "request": "/v1.0/x", "at": at, "page": page})


def _assignments(tenant: Tenant, ids: Ids, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield assignments for nearly everybody in packaged groups; some have ended and left access behind."""
    for package in range(tenant.packages):
        people = sorted(set().union(*(tenant.members[g] for g in _groups_of(tenant, package))))
        for person in people:
            ended = person % 400 == 0
            if person % 401 == 0:
                continue
            yield {
                "id": _id(7, package * tenant.people + person),
                "state": "expired" if ended else "delivered",
                "status": "Delivered",
                "expiredDateTime": "2026-06-01T00:00:00Z" if ended else None,
                "schedule": {
                    "startDateTime": "2025-01-01T00:00:00Z",
                    "expiration": {"type": "afterDateTime", "endDateTime": "2027-01-01T00:00:00Z", "duration": None},
                },
                "target": {"id": _id(8, person), "objectId": ids.people[person], "displayName": f"Person {person}"},
                "accessPackage": {"id": _id(3, package), "displayName": f"Package {package}"},
                "assignmentPolicy": {"id": _id(9, package)},
            }


def _request(assignment: dict[str, Any]) -> dict[str, Any]:
    """Return the request that made an assignment."""
    return {
        "id": assignment["id"][:-1] + "f",
        "requestType": "userAdd",
        "state": "delivered",
        "status": "Fulfilled",
        "createdDateTime": "2024-12-31T00:00:00Z",
        "completedDateTime": "2025-01-01T00:00:00Z",
        "justification": "For my work.",
        "requestor": assignment["target"],
        "accessPackage": assignment["accessPackage"],
        "assignment": {"id": assignment["id"], "target": assignment["target"]},
    }


def _incompatibilities(tenant: Tenant, at: str) -> Iterator[str]:
    """Yield one line per package: each is incompatible with the next one."""
    for package in range(tenant.packages):
        other = {"id": _id(3, (package + 1) % tenant.packages), "displayName": ""}
        page = {"id": _id(3, package), "incompatibleAccessPackages": [other], "incompatibleGroups": []}
        yield json.dumps({"scope": _id(3, package), "request": "/v1.0/x", "at": at, "page": page})
