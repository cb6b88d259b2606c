"""Pages of access reviews: the series, their rounds, the answers and who was asked."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import NOBODY, fraction, guid, instant, shifted
from tests.sample_tenant.lines import GRAPH, REVIEWS, Line, Record, listed
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import APPS, GROUPS
from tests.sample_tenant.rounds import INSTANCES, SERIES, Instance, Series
from tests.sample_tenant.words import Answer
from tests.sample_tenant.world import ANSWERS, principal

_BLOCK, _REMOVE = "disableAndDeleteUserApplyAction", "removeAccessApplyAction"
ABOUT = "identityGovernance/accessReviews/definitions"
_RESOURCE = "#microsoft.graph.accessReviewInstanceDecisionItem"


def _series(snapshot: int) -> list[Series]:
    """Return the series that exist in one snapshot."""
    return [series for series in SERIES.values() if snapshot >= series.since]


def _rounds(series: Series, snapshot: int) -> list[Instance]:
    """Return the rounds of a series that exist in one snapshot."""
    return [i for i in INSTANCES.values() if i.series == series.key and i.status(snapshot) is not None]


def every_round(snapshot: int) -> Iterator[tuple[Series, Instance, str]]:
    """Yield every round that exists with its scope in the export."""
    for series in _series(snapshot):
        for instance in _rounds(series, snapshot):
            yield series, instance, f"{series.id}/{instance.id}"


def review_definitions(snapshot: int) -> Iterator[Line]:
    """Yield the series."""
    records = [_definition(series, snapshot) for series in _series(snapshot)]
    yield listed(f"{REVIEWS}?$top=100&$skip=0", ABOUT, records)


def _definition(series: Series, snapshot: int) -> Record:
    """Return one series."""
    rounds = _rounds(series, snapshot)
    first = next(i for i in INSTANCES.values() if i.series == series.key)
    return {
        "id": series.id,
        "displayName": series.name,
        "createdDateTime": fraction(shifted(first.start, days=-21)),
        "lastModifiedDateTime": fraction(shifted(first.start, days=-20)),
        "status": rounds[-1].status(snapshot) if rounds else "NotStarted",
        "descriptionForAdmins": series.name,
        "descriptionForReviewers": "Does this person still need this access?",
        "createdBy": _identity("britta"),
        "scope": _scope(series),
        "instanceEnumerationScope": _enumeration(series),
        "reviewers": [query(f"/v1.0/users/{PEOPLE[key].id}", typed=False) for key in _asked(series)],
        "fallbackReviewers": [],
        "additionalNotificationRecipients": [],
        "stageSettings": [],
        "settings": _settings(series, first),
    }


def _asked(series: Series) -> list[str]:
    """Return who is asked to answer."""
    return [series.reviewer, *([] if series.second is None else [series.second])]


def _identity(key: str | None) -> Record:
    """Return somebody as reviews print them; nobody is a GUID of zeros."""
    if key is None:
        return {"id": NOBODY, "displayName": "", "userPrincipalName": ""}
    person = PEOPLE[key]
    return {"id": person.id, "displayName": person.name, "userPrincipalName": person.upn}


def query(query: str, *, typed: bool = True) -> Record:
    """Return a scope given by a query."""
    kind = {"@odata.type": "#microsoft.graph.accessReviewQueryScope"} if typed else {}
    return kind | {"query": query, "queryType": "MicrosoftGraph", "queryRoot": None}


def _scope(series: Series) -> Record:
    """Return what is reviewed: members of a group, assignments of a package's policy, or users of an application."""
    kind, key = series.about
    if kind == "group":
        return query(f"/v1.0/groups/{GROUPS[key].id}/members/microsoft.graph.user")
    if kind == "package":
        package = PACKAGES[key]
        wanted = f"accessPackageId eq '{package.id}' and assignmentPolicyId eq '{package.policies[0].id}'"
        return query(f"/identityGovernance/entitlementManagement/accessPackageAssignments?$filter=({wanted})")
    return {
        "@odata.type": "#microsoft.graph.principalResourceMembershipsScope",
        "principalScopes": [query("/v1.0/users")],
        "resourceScopes": [query(f"/v1.0/servicePrincipals/{APPS[key].id}")],
    }


def _enumeration(series: Series) -> Record | None:
    """Return over which resources the series runs; only reviews of groups say so."""
    kind, key = series.about
    return query(f"/v1.0/groups/{GROUPS[key].id}") if kind == "group" else None


def _settings(series: Series, first: Instance) -> Record:
    """Return how the series runs."""
    return {
        "mailNotificationsEnabled": True,
        "reminderNotificationsEnabled": True,
        "justificationRequiredOnApproval": True,
        "defaultDecisionEnabled": series.default != "None",
        "defaultDecision": series.default,
        "instanceDurationInDays": (instant(first.end) - instant(first.start)).days,
        "autoApplyDecisionsEnabled": series.default != "None",
        "recommendationsEnabled": True,
        "recommendationLookBackDuration": None,
        "decisionHistoriesForReviewersEnabled": False,
        "recurrence": _recurrence(series, first),
        "applyActions": [{"@odata.type": f"#microsoft.graph.{_BLOCK if series.blocks else _REMOVE}"}],
        "recommendationInsightSettings": [],
    }


def _recurrence(series: Series, first: Instance) -> Record:
    """Return how often the series runs, with the far end that the service prints."""
    pattern = {
        "type": "absoluteMonthly",
        "interval": series.months,
        "month": 0,
        "dayOfMonth": 0,
        "daysOfWeek": [],
        "firstDayOfWeek": "sunday",
        "index": "first",
    }
    span = {
        "type": "noEnd",
        "numberOfOccurrences": 0,
        "recurrenceTimeZone": None,
        "startDate": first.start[:10],
        "endDate": "9999-12-31",
    }
    return {"pattern": pattern, "range": span}


def review_instances(snapshot: int) -> Iterator[Line]:
    """Yield the rounds of every series."""
    for series in _series(snapshot):
        records = [
            {
                "id": instance.id,
                "startDateTime": fraction(instance.start),
                "endDateTime": fraction(instance.end),
                "status": instance.status(snapshot),
                "scope": _scope(series),
                "reviewers": [],
                "fallbackReviewers": [],
            }
            for instance in _rounds(series, snapshot)
        ]
        yield listed(f"{REVIEWS}/{series.id}/instances", f"{ABOUT}('{series.id}')/instances", records, series.id)


def review_decisions(snapshot: int) -> Iterator[Line]:
    """Yield the answers of every round."""
    for series, instance, scope in every_round(snapshot):
        answers = sorted((a for a in ANSWERS if a.instance == instance.key), key=lambda a: principal(a.principal).id)
        records = [_decision(series, instance, answer, snapshot) for answer in answers]
        request = f"{REVIEWS}/{series.id}/instances/{instance.id}/decisions"
        about = f"{ABOUT}('{series.id}')/instances('{instance.id}')/decisions"
        yield listed(request, about, records, scope)


def _decision(series: Series, instance: Instance, answer: Answer, snapshot: int) -> Record:
    """Return one answer; while the round is in progress hardly anybody has answered yet."""
    status = instance.status(snapshot)
    waiting = status == "InProgress" and not answer.early
    word = "NotReviewed" if waiting else answer.decision
    by = None if waiting else answer.by
    applied = status in ("Applied", "AutoReviewed") and word in ("Approve", "Deny")
    person = PEOPLE[answer.principal]
    return {
        "id": guid("decision", f"{instance.key}/{answer.principal}"),
        "accessReviewId": instance.id,
        "reviewedDateTime": fraction(shifted(instance.start, days=4, hours=2)) if by is not None else None,
        "decision": word,
        "justification": "Still in this team" if by is not None and word == "Approve" else "",
        "appliedDateTime": fraction(shifted(instance.end, hours=3)) if applied else None,
        "applyResult": answer.applied if applied else "New",
        "applyDescription": None,
        "recommendation": "Deny" if word == "Deny" else "Approve",
        "principalLink": f"{GRAPH}/v1.0/users/{person.id}",
        "resourceLink": None,
        "resource": _resource(series),
        "reviewedBy": _identity(by),
        "appliedBy": _identity(None),
        "principal": {"@odata.type": "#microsoft.graph.userIdentity"} | _identity(answer.principal),
    }


def _resource(series: Series) -> Record | None:
    """Return what an answer is about; for the group's series the service leaves it out."""
    kind, key = series.about
    if kind == "package":
        package = PACKAGES[key]
        policy = package.policies[0]
        return {
            "@odata.type": f"{_RESOURCE}AccessPackageAssignmentPolicyResource",
            "id": policy.id,
            "displayName": policy.name,
            "type": "accessPackageAssignmentPolicy",
            "accessPackageId": package.id,
            "accessPackageDisplayName": package.name,
        }
    if kind == "app":
        app = APPS[key]
        named = {"id": app.id, "displayName": app.name, "type": "servicePrincipal", "appId": guid("app-id", key)}
        return {"@odata.type": f"{_RESOURCE}ServicePrincipalResource"} | named
    return None


def contacted_reviewers(snapshot: int) -> Iterator[Line]:
    """Yield who was asked in every round."""
    for series, instance, scope in every_round(snapshot):
        told = {"createdDateTime": fraction(shifted(instance.start, minutes=5))}
        records = [_identity(key) | told for key in _asked(series)]
        request = f"{REVIEWS}/{series.id}/instances/{instance.id}/contactedReviewers"
        about = f"{ABOUT}('{series.id}')/instances('{instance.id}')/contactedReviewers"
        yield listed(request, about, records, scope)
