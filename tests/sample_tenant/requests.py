"""Pages of entitlement management: the requests behind the assignments, and those that came to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.sample_tenant.assignments import bare, schedule, subject
from tests.sample_tenant.ids import TAKEN_AT, fraction, guid, instant, shifted
from tests.sample_tenant.lines import EM, Line, Record, cut, paged
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.words import Assignment, Request
from tests.sample_tenant.world import REQUESTS, asked_for, assignment_id, created_at, is_listed, policy_of

_UNDER_WAY = {"delivering": "Delivering", "deliveryFailed": "DeliveryFailed"}


def requests(snapshot: int) -> Iterator[Line]:
    """Yield the requests: one that asked for each assignment, one for each renewal, and those without either."""
    records = [record for a in asked_for(snapshot) for record in _requests(a, snapshot)]
    records += [_alone(r) for r in REQUESTS if instant(r.created) <= instant(TAKEN_AT[snapshot])]
    request = f"{EM}/assignmentRequests?$expand=requestor,accessPackage,assignment($expand=target)"
    about = (
        "identityGovernance/entitlementManagement/assignmentRequests(requestor(),accessPackage(),assignment(target()))"
    )
    yield from paged(request, about, cut(records, 25))


def _requests(assignment: Assignment, snapshot: int) -> Iterator[Record]:
    """Yield the requests of one assignment."""
    policy = policy_of(assignment)
    kind = "systemAdd" if policy.rule is not None else "adminAdd" if policy.scope == "notSpecified" else "userAdd"
    yield _request(assignment, snapshot, kind, created_at(assignment), 0)
    if assignment.renewed and snapshot >= assignment.renewed[0]:
        assert assignment.end is not None
        yield _request(assignment, snapshot, "userUpdate", shifted(assignment.end, hours=-8), assignment.renewed[0])


def _request(assignment: Assignment, snapshot: int, kind: str, created: str, renewal: int) -> Record:
    """Return one request; it stays when the assignment is gone, but no longer leads to it."""
    state = assignment.state if assignment.state in _UNDER_WAY else "delivered"
    nested: dict[str, Any] | None = None
    if is_listed(assignment, snapshot):
        nested = bare(assignment, snapshot) | {"target": subject(assignment.principal)}
    return {
        "id": guid("request", f"{assignment_id(assignment)}/{renewal}"),
        "requestType": kind,
        "state": state,
        "status": _UNDER_WAY.get(state, "Fulfilled"),
        "completedDateTime": None if state == "delivering" else fraction(shifted(created, hours=5)),
        "schedule": schedule(assignment, renewal),
        "assignment": nested,
    } | _asking(assignment.principal, assignment.package, kind, created)


def _alone(request: Request) -> Record:
    """Return a request of which no assignment is listed."""
    return {
        "id": guid("request", f"{request.package}/{request.principal}/{request.created}"),
        "requestType": "userAdd",
        "state": request.state,
        "status": "Fulfilled" if request.state == "delivered" else request.state.capitalize(),
        "completedDateTime": fraction(shifted(request.created, hours=5)),
        "schedule": {"startDateTime": None, "recurrence": None, "expiration": None},
        "assignment": None,
    } | _asking(request.principal, request.package, "userAdd", request.created)


def _asking(principal: str, package: str, kind: str, created: str) -> Record:
    """Return who asks for what, when and why."""
    named = PACKAGES[package]
    return {
        "createdDateTime": fraction(created),
        "justification": f"For my work: {named.name}" if kind.startswith("user") else None,
        "answers": [],
        "requestor": subject(principal),
        "accessPackage": {"id": named.id, "displayName": named.name},
    }
