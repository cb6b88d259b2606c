"""The stories and the backdrop together: who held what, and what was assigned, in each snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.sample_tenant import backdrop
from tests.sample_tenant.ids import TAKEN_AT, guid, instant, shifted
from tests.sample_tenant.packages import PACKAGES, Package, Policy
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.person import Person
from tests.sample_tenant.resources import APPS, GROUPS
from tests.sample_tenant.stories_bundles import BUNDLES
from tests.sample_tenant.stories_denied import DENIED
from tests.sample_tenant.stories_eligible import ELIGIBLE
from tests.sample_tenant.stories_expiry import LEFT_OVERS
from tests.sample_tenant.stories_guests import DUTIES, GUESTS
from tests.sample_tenant.stories_nested import NESTED
from tests.sample_tenant.stories_opened import OPENED
from tests.sample_tenant.stories_outside import OUTSIDE
from tests.sample_tenant.stories_people import LEAVERS
from tests.sample_tenant.stories_reviews import UNANSWERED
from tests.sample_tenant.stories_unread import UNREAD
from tests.sample_tenant.words import Assignment, Holding, Role

CHAPTERS = (
    ("Access outside packages", OUTSIDE),
    ("Access past its end", LEFT_OVERS),
    ("Bundles, and what a package no longer gives", BUNDLES),
    ("Groups inside groups", NESTED),
    ("Eligible access, and roles of the directory", ELIGIBLE),
    ("Open to everybody", OPENED),
    ("Reviews that nobody answered", UNANSWERED),
    ("Reviews that were answered in vain", DENIED),
    ("People who left, moved or came back", LEAVERS),
    ("Guests and partners", GUESTS),
    ("Duties that should be apart", DUTIES),
    ("What could not be read", UNREAD),
)
STORIES = tuple(story for _, stories in CHAPTERS for story in stories)
HOLDINGS = (*backdrop.HOLDINGS, *(holding for story in STORIES for holding in story.holdings))
ASSIGNMENTS = (*backdrop.ASSIGNMENTS, *(assignment for story in STORIES for assignment in story.assignments))
REQUESTS = tuple(request for story in STORIES for request in story.requests)
ACTIVATIONS = tuple(activation for story in STORIES for activation in story.activations)
ANSWERS = (*backdrop.ANSWERS, *(answer for story in STORIES for answer in story.answers))


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever holds access, as the directory names it."""

    id: str
    name: str
    type: str


UNLISTED = {
    key: Principal(guid("unlisted", key), guid("unlisted", key), kind)
    for key, kind in (("stranger", "user"), ("kiosk", "device"))
}
"""Members of groups that stand in no list of the export."""
EVERYBODY = {
    key: Principal(key, name, "group")
    for key, name in (("everyone", "Everyone"), ("everyone_except_external", "Everyone except external users"))
}
"""Whom SharePoint lets in without naming anybody."""


def principal(key: str) -> Principal:
    """Return the person, application or group with a short name."""
    if key in UNLISTED or key in EVERYBODY:
        return UNLISTED.get(key) or EVERYBODY[key]
    if key in PEOPLE:
        return Principal(PEOPLE[key].id, PEOPLE[key].name, "user")
    if key in APPS:
        return Principal(APPS[key].id, APPS[key].name, "servicePrincipal")
    return Principal(GROUPS[key].id, GROUPS[key].name, "group")


def people(snapshot: int) -> list[Person]:
    """Return the accounts of one snapshot, deleted ones left out, in the order of their ids."""
    return sorted((p for p in PEOPLE.values() if p.there(snapshot)), key=lambda p: p.id)


def held(role: Role, snapshot: int) -> list[Holding]:
    """Return who holds a role in one snapshot, in the order of the principals' ids."""
    holders = [h for h in HOLDINGS if h.role == role and h.seen[snapshot] == "x"]
    return sorted(holders, key=lambda h: principal(h.principal).id)


def packages(snapshot: int) -> list[Package]:
    """Return the packages that exist in one snapshot."""
    return [p for p in PACKAGES.values() if instant(p.created) <= instant(TAKEN_AT[snapshot])]


def roles_of(package: Package, snapshot: int) -> list[tuple[Role, str]]:
    """Return the roles that a package gives in one snapshot, and when each joined it."""
    first = shifted(package.created, minutes=4)
    given = [*((role, first) for role in package.roles), *package.joined]
    given += [(role, first) for role, gone in package.left if snapshot < gone]
    return [(role, since) for role, since in given if instant(since) <= instant(TAKEN_AT[snapshot])]


def policy_of(assignment: Assignment) -> Policy:
    """Return the policy under which an assignment was given."""
    policies = PACKAGES[assignment.package].policies
    return next((p for p in policies if p.key == assignment.policy), policies[0])


def assignment_id(assignment: Assignment) -> str:
    """Return the assignment's id; a second one to the same package starts on another day."""
    return guid("assignment", f"{assignment.package}/{assignment.principal}/{assignment.start}")


def created_at(assignment: Assignment) -> str:
    """Return when an assignment was asked for."""
    return assignment.created or shifted(assignment.start, days=-1)


def end_of(assignment: Assignment, snapshot: int) -> str | None:
    """Return the end that the service gives in one snapshot."""
    renewed = assignment.renewed
    return renewed[1] if renewed and snapshot >= renewed[0] else assignment.end


def asked_for(snapshot: int) -> Iterator[Assignment]:
    """Yield the assignments that were asked for by the time of one snapshot, oldest first."""
    by_age = sorted(ASSIGNMENTS, key=lambda a: (created_at(a), assignment_id(a)))
    yield from (a for a in by_age if instant(created_at(a)) <= instant(TAKEN_AT[snapshot]))


def is_listed(assignment: Assignment, snapshot: int) -> bool:
    """Tell whether the service still lists an assignment in one snapshot."""
    return assignment.vanishes is None or snapshot < assignment.vanishes


def state_of(assignment: Assignment, snapshot: int) -> str:
    """Return the state that the service gives in one snapshot."""
    end = end_of(assignment, snapshot)
    ended = end is not None and instant(end) <= instant(TAKEN_AT[snapshot])
    return assignment.state or ("expired" if ended else "delivered")
