"""A tenant with one package, which gives membership of one group: who is in it has the package, or is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from tests.store.made_export import TENANT, Answer, Part, members, records

CHECK = "grant_outside_package"
PEOPLE = ("ada", "bob", "cyd", "dan")
GROUP, PACKAGE, APP = "group-1", "package-1", "app-1"
OPEN_SINCE = "2026-01-01T00:00:00Z"


def tenant(in_group: Iterable[str], assigned: Iterable[str] = ("ada",), **other: Part) -> dict[str, Part]:
    """Return the collections of a snapshot in which these people are in the group and have the package."""
    return {
        "organization": records({"id": TENANT, "displayName": "Contoso"}),
        "users": records(*map(_user, PEOPLE)),
        "groups": records({"id": GROUP, "displayName": "=Payroll()", "groupTypes": [], "onPremisesSyncEnabled": None}),
        "group_members": members({GROUP: in_group}),
        "packages": records({"id": PACKAGE, "displayName": "Payroll clerk"}),
        "package_roles": Part((Answer({"id": PACKAGE, "resourceRoleScopes": [_role()]}, PACKAGE),)),
        "assignments": records(*(_assignment(person) for person in assigned)),
        "requests": records(),
        **other,
    }


def key(person: str, check: str = CHECK) -> str:
    """Return the key of the finding that a person is in the group without the package."""
    values = "\x1f".join((person, "member", GROUP, ""))
    return f"{check}/{sha256(values.encode()).hexdigest()[:12]}"


def _user(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "displayName": name.title(),
        "userType": "Member",
        "accountEnabled": True,
        "userPrincipalName": f"{name}@contoso.example",
    }


def _role() -> Mapping[str, Any]:
    return {
        "id": "role_scope",
        "createdDateTime": "2025-01-01T00:00:00Z",
        "role": {"displayName": "Member", "originSystem": "AadGroup", "originId": f"Member_{GROUP}"},
        "scope": {"displayName": "Root", "originId": GROUP},
    }


def _assignment(person: str) -> dict[str, Any]:
    return {
        "id": f"assignment-{person}",
        "state": "delivered",
        "target": {"objectId": person, "displayName": person.title()},
        "accessPackage": {"id": PACKAGE},
        "assignmentPolicy": {"id": "policy-1"},
        "schedule": {"startDateTime": OPEN_SINCE, "expiration": {"type": "noExpiration"}},
    }
