"""Pages of entitlement management: policies and assignments."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import fraction, guid, shifted
from tests.sample_tenant.lines import EM, Line, Record, cut, listed, paged
from tests.sample_tenant.packages import PACKAGES, Package, Policy
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.words import Assignment
from tests.sample_tenant.world import (
    asked_for,
    assignment_id,
    end_of,
    is_listed,
    packages,
    policy_of,
    state_of,
)

_UPPER_CASE = "bao"
"""The one person whose id the service prints in capitals; it is the same id."""
_WORDS = {
    "delivered": "Delivered",
    "delivering": "Delivering",
    "deliveryFailed": "DeliveryFailed",
    "expired": "ExpiredNotificationTriggered",
}


def policies(snapshot: int) -> Iterator[Line]:
    """Yield the policies of the packages that exist."""
    records = [_policy(package, policy) for package in packages(snapshot) for policy in package.policies]
    about = "identityGovernance/entitlementManagement/assignmentPolicies(accessPackage())"
    yield listed(f"{EM}/assignmentPolicies?$expand=accessPackage", about, records)


def _policy(package: Package, policy: Policy) -> Record:
    """Return one policy; only those that assign by themselves have automatic settings."""
    named = policy.scope == "notSpecified"
    return {
        "id": policy.id,
        "displayName": policy.name,
        "description": f"{policy.name}: {package.name}",
        "allowedTargetScope": policy.scope,
        "createdDateTime": fraction(package.created),
        "modifiedDateTime": fraction(package.created),
        "specificAllowedTargets": [] if policy.rule is None else [_rule(policy.rule)],
        "automaticRequestSettings": None if policy.rule is None else _automatic(),
        "expiration": _expiration(None, f"P{policy.days}D" if policy.days else None),
        "requestorSettings": _requestor_settings(open_to_all=not named and policy.rule is None),
        "requestApprovalSettings": _approval(policy.approver),
        "reviewSettings": _review(policy.approver) if policy.reviewed and policy.approver is not None else None,
        "accessPackage": {"id": package.id, "displayName": package.name},
    }


def _rule(rule: str) -> Record:
    """Return the people that a rule describes."""
    kind = "#microsoft.graph.attributeRuleMembers"
    return {"@odata.type": kind, "description": "Filled by a rule", "membershipRule": rule}


def _automatic() -> Record:
    """Return the settings of a policy that assigns by itself."""
    return {
        "requestAccessForAllowedTargets": True,
        "removeAccessWhenTargetLeavesAllowedTargets": True,
        "gracePeriodBeforeAccessRemoval": "P7D",
    }


def _requestor_settings(*, open_to_all: bool) -> Record:
    """Return who may ask for whom."""
    return {
        "enableTargetsToSelfAddAccess": open_to_all,
        "enableTargetsToSelfUpdateAccess": open_to_all,
        "enableTargetsToSelfRemoveAccess": open_to_all,
        "allowCustomAssignmentSchedule": True,
        "enableOnBehalfRequestorsToAddAccess": False,
        "enableOnBehalfRequestorsToUpdateAccess": False,
        "enableOnBehalfRequestorsToRemoveAccess": False,
        "onBehalfRequestors": [],
    }


def _user(key: str) -> Record:
    """Return one named person."""
    person = PEOPLE[key]
    return {"@odata.type": "#microsoft.graph.singleUser", "description": person.name, "userId": person.id}


def _approval(approver: str | None) -> Record:
    """Return one stage with the manager and a named approver to fall back on, or none."""
    stage = {
        "durationBeforeAutomaticDenial": "P14D",
        "isApproverJustificationRequired": True,
        "isEscalationEnabled": False,
        "durationBeforeEscalation": "PT0S",
        "primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}],
        "fallbackPrimaryApprovers": [] if approver is None else [_user(approver)],
        "escalationApprovers": [],
        "fallbackEscalationApprovers": [],
    }
    return {
        "isApprovalRequiredForAdd": approver is not None,
        "isApprovalRequiredForUpdate": False,
        "stages": [] if approver is None else [stage],
    }


def _review(reviewer: str) -> Record:
    """Return the recurring review of a policy."""
    return {
        "isEnabled": True,
        "expirationBehavior": "keepAccess",
        "isRecommendationEnabled": True,
        "isReviewerJustificationRequired": True,
        "isSelfReview": False,
        "schedule": {
            "startDateTime": "2026-07-06T08:00:00Z",
            "expiration": _expiration(None, "P14D"),
            "recurrence": {
                "pattern": {"type": "absoluteMonthly", "interval": 6, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                "range": {"type": "noEnd", "numberOfOccurrences": 0, "startDate": "2026-07-06"},
            },
        },
        "primaryReviewers": [_user(reviewer)],
        "fallbackReviewers": [],
    }


def _expiration(end: str | None, duration: str | None) -> Record:
    """Return when something ends: by date, after a time, or never."""
    kind = "afterDateTime" if end is not None else "noExpiration" if duration is None else "afterDuration"
    return {"endDateTime": end, "duration": duration, "type": kind}


def schedule(assignment: Assignment, snapshot: int) -> Record:
    """Return when an assignment begins and ends, as the service says in one snapshot."""
    end = None if assignment.duration is not None else end_of(assignment, snapshot)
    again = assignment.restarted
    return {
        "startDateTime": again[1] if again and snapshot >= again[0] else assignment.start,
        "recurrence": None,
        "expiration": _expiration(end, assignment.duration),
    }


def assignments(snapshot: int) -> Iterator[Line]:
    """Yield the assignments, current and expired, in pages."""
    records = [_assignment(a, snapshot) for a in asked_for(snapshot) if is_listed(a, snapshot)]
    request = f"{EM}/assignments?$expand=target,accessPackage,assignmentPolicy"
    about = "identityGovernance/entitlementManagement/assignments(target(),accessPackage(),assignmentPolicy())"
    yield from paged(request, about, cut(records, 25))


def _assignment(assignment: Assignment, snapshot: int) -> Record:
    """Return one assignment with whom, what and under which policy."""
    package, policy = PACKAGES[assignment.package], policy_of(assignment)
    return bare(assignment, snapshot) | {
        "schedule": schedule(assignment, snapshot),
        "target": subject(assignment.principal),
        "accessPackage": {"id": package.id, "displayName": package.name},
        "assignmentPolicy": {"id": policy.id, "displayName": policy.name},
    }


def bare(assignment: Assignment, snapshot: int) -> Record:
    """Return an assignment's id and state; removal is recorded four minutes after the end."""
    state, end = state_of(assignment, snapshot), end_of(assignment, snapshot)
    return {
        "id": assignment_id(assignment),
        "state": state,
        "status": _WORDS[state],
        "expiredDateTime": fraction(shifted(end, minutes=4)) if state == "expired" and end is not None else None,
    }


def subject(key: str) -> Record:
    """Return a person as entitlement management knows them: `id` is its own, `objectId` the directory's."""
    person = PEOPLE[key]
    return {
        "id": guid("subject", key),
        "objectId": person.id.upper() if key == _UPPER_CASE else person.id,
        "displayName": person.name,
        "email": person.mail,
        "principalName": person.upn,
        "onPremisesSecurityIdentifier": None,
        "subjectType": "user",
        "subjectLifecycle": "governed" if person.guest else "notDefined",
    }
