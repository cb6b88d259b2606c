"""Pages of the directory's log: who gave access by hand, what others did that is nobody's concern, and an approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.sample_tenant.ids import TAKEN_AT, fraction, guid, instant, shifted
from tests.sample_tenant.lines import Line, Record, listed
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import GROUPS
from tests.sample_tenant.words import Assignment, Role, member
from tests.sample_tenant.world import asked_for, assignment_id, created_at, policy_of, principal

_DAYS = 30
"""So long the service keeps what it has written down."""
_REQUEST = (
    "/v1.0/auditLogs/directoryAudits?$filter=(loggedByService%20eq%20'Entitlement%20Management'"
    "%20or%20startswith(activityDisplayName,'Add%20member%20to%20group')"
    "%20or%20startswith(activityDisplayName,'Add%20owner%20to%20group')"
    "%20or%20startswith(activityDisplayName,'Add%20app%20role%20assignment')"
    "%20or%20startswith(activityDisplayName,'Request%20'))&$orderby=activityDateTime&$top=999"
)
_BY_ITSELF = {
    "user": None,
    "app": {
        "appId": None,
        "displayName": "Azure AD Identity Governance - User Management",
        "servicePrincipalId": guid("first-party", "user-management"),
        "servicePrincipalName": None,
    },
}
"""Who does what entitlement management does."""


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody gave access by hand."""

    at: str
    by: str
    to: str
    role: Role


BY_HAND = (
    Added("2026-06-12T08:41:19Z", "ines", "lukasz", member("payments")),
    Added("2026-07-14T15:20:08Z", "radek", "linnea", member("borealis")),
    Added("2026-08-19T09:02:33Z", "ines", "miklos", member("payments")),
    Added("2026-09-10T13:37:52Z", "ines", "kenji", member("payments")),
    Added("2026-09-24T07:11:40Z", "bjorn", "giulia", member("treasury")),
    Added("2026-09-29T16:48:05Z", "ines", "tamar", member("payments")),
)


def directory_audits(snapshot: int) -> Iterator[Line]:
    """Yield what the log still holds, the oldest first."""
    first, last = instant(shifted(TAKEN_AT[snapshot], days=-_DAYS)), instant(TAKEN_AT[snapshot])
    events = sorted([*map(_by_hand, BY_HAND), *_governed(snapshot)], key=lambda e: (e["activityDateTime"], e["id"]))
    kept = [event for event in events if first <= instant(event["activityDateTime"]) <= last]
    yield listed(_REQUEST, "auditLogs/directoryAudits", kept)


def _by_hand(added: Added) -> Record:
    """Return the event of a person who gave access to another."""
    return _joined(added.at, added.to, added.role.resource, _person(added.by))


def _governed(snapshot: int) -> Iterator[Record]:
    """Yield what comes of asking for a package: somebody approves, and the service puts people into groups."""
    for assignment in asked_for(snapshot):
        policy = policy_of(assignment)
        if policy.rule is None and policy.scope != "notSpecified":
            yield _approved(assignment)
        for role in PACKAGES[assignment.package].roles:
            if role.kind == "member" and assignment.principal in PEOPLE:
                yield _joined(shifted(created_at(assignment), hours=5), assignment.principal, role.resource, _BY_ITSELF)


def _approved(assignment: Assignment) -> Record:
    """Return the event of an approval, which names the request."""
    asker = PEOPLE.get(assignment.principal)
    request = guid("request", f"{assignment_id(assignment)}/0")
    package = PACKAGES[assignment.package]
    targets = [
        _target(package.id, "Other", package.name),
        _target(request, "Request", None),
    ]
    by = _person(asker.manager if asker and asker.manager else "ines")
    told = ("EntitlementManagement", "Entitlement Management", "Approve access package assignment request")
    return _event(shifted(created_at(assignment), hours=3), told, by, targets, request)


def _joined(at: str, who: str, group: str, by: Record) -> Record:
    """Return the event of a new member; what changed of the member names the group."""
    named = GROUPS[group]
    changed = [("Group.ObjectID", named.id), ("Group.DisplayName", named.name), ("Group.WellKnownObjectName", None)]
    targets = [
        _target(principal(who).id, "User", None, changed) | {"userPrincipalName": PEOPLE[who].upn},
        _target(named.id, "Group", None) | {"groupType": "azureAD"},
    ]
    told = ("GroupManagement", "Core Directory", "Add member to group")
    return _event(at, told, by, targets, guid("correlation", f"{at}/{who}/{group}"))


def _event(at: str, told: tuple[str, str, str], by: Record, targets: list[Record], correlation: str) -> Record:
    """Return one event as the service writes it down."""
    category, service, activity = told
    mark = guid("audit", f"{at}/{activity}/{targets[0]['id']}/{targets[1]['id']}")
    return {
        "id": f"Directory_{correlation}_{mark[:5].upper()}_{int(mark[:6], 16)}",
        "category": category,
        "correlationId": correlation,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": fraction(at, "4831720"),
        "loggedByService": service,
        "operationType": "Assign",
        "initiatedBy": by,
        "targetResources": targets,
        "additionalDetails": [],
    }


def _person(key: str) -> Record:
    """Return a person as who did something: the service leaves out the name."""
    person = PEOPLE[key]
    told = {"id": person.id, "displayName": None, "userPrincipalName": person.upn, "ipAddress": None}
    return {"user": told, "app": None}


def _target(key: str, kind: str, name: str | None, changed: Iterable[tuple[str, str | None]] = ()) -> Record:
    """Return to what something was done; new values stand in quotes of their own."""
    values = [
        {"displayName": what, "oldValue": None, "newValue": None if value is None else f'"{value}"'}
        for what, value in changed
    ]
    return {"id": key, "displayName": name, "type": kind, "userPrincipalName": None, "modifiedProperties": values}
