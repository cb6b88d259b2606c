"""A route: one path, what it takes, and how its list comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.fake_graph.kinds import EM

PIM = "/identityGovernance/privilegedAccess/group"
ROLES = "/roleManagement/directory"

DIRECTORY = frozenset({"$select", "$expand", "$filter", "$top", "$count"})
GOVERNANCE = frozenset({"$select", "$expand", "$filter", "$top", "$count"})
REVIEWS = frozenset({"$select", "$filter", "$top", "$skip", "$count"})
ONE = frozenset({"$select", "$expand"})
ASSIGNMENT_FILTERS = frozenset({"state", "accessPackage/id", "assignmentPolicy/id", "target/objectId"})
LOG = frozenset({"$filter", "$orderby", "$top"})
LOG_FILTERS = frozenset(f"activityDateTime {each}" for each in ("eq", "ge", "le")) | frozenset(
    {"activityDisplayName eq", "activityDisplayName startswith", "loggedByService eq"}
)
"""Each with the operators that the service has for it."""
REQUEST_FILTERS = frozenset({"state", "createdDateTime", "accessPackage/id", "assignment/id", "requestor/objectId"})


@dataclass(frozen=True, slots=True)
class Route:
    """One path, its ids as `{}`."""

    path: str
    kind: str
    permission: str
    collection: str | None = None
    """Whose refusals in an export folder were met here."""
    options: frozenset[str] = GOVERNANCE
    page: int = 100
    most: int = 100
    top: Literal["refused", "capped", "ignored"] = "ignored"
    """What becomes of a page size over the maximum."""
    single: bool = False
    directory: bool = False
    """Whether the advanced queries of directory objects exist here."""
    filters: frozenset[str] | None = None
    """What can be filtered by; None = everything."""
    must_filter: frozenset[str] = frozenset()
    """One of which a filter must name."""
    not_expanded: frozenset[str] = frozenset()
    versions: tuple[str, ...] = ("v1.0", "beta")
    application_only: bool = False
    delegated_only: bool = False
    further: str | None = None
    """Where the further pages are, if elsewhere."""
    premium: bool = False
    """Whether the service refuses tenants without a licence of Entra ID P2."""
    about: str | None = None
    """What @odata.context calls the list, if not by its path."""
    ordered_by: str | None = None
    """The one field by which the list can be ordered, and is: the newest first, unless `$orderby` says otherwise."""

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the path."""
        return tuple(self.path.split("/")[1:])


def directory(path: str, kind: str, permission: str, collection: str, about: str | None = None) -> Route:
    """Return a list of directory objects."""
    return Route(path, kind, permission, collection, DIRECTORY, 100, 999, "refused", directory=True, about=about)


def one(path: str, kind: str, permission: str, collection: str | None = None) -> Route:
    """Return one record by its id."""
    return Route(path, kind, permission, collection, ONE, single=True)


def review(path: str, kind: str, collection: str) -> Route:
    """Return a list of access reviews."""
    return Route(path, kind, "reviews", collection, REVIEWS, 100, 100, "capped", versions=("v1.0",))


def governed(path: str, kind: str, collection: str, filters: frozenset[str] | None = None) -> Route:
    """Return a list of entitlement management."""
    return Route(f"{EM}/{path}", kind, "entitlements", collection, filters=filters, versions=("v1.0",))


def schedules(path: str, kind: str, permission: str, collection: str) -> Route:
    """Return a list of Privileged Identity Management for roles of the directory, which no filter is wanted for."""
    return Route(f"{ROLES}/{path}", kind, permission, collection, premium=True)


def pim(path: str, kind: str, permission: str, collection: str) -> Route:
    """Return a list of Privileged Identity Management for groups."""
    must = frozenset({"groupId", "principalId"})
    return Route(f"{PIM}/{path}", kind, permission, collection, must_filter=must, versions=("v1.0",))


def personal(path: str, kind: str, permission: str, collection: str, *, single: bool = False) -> Route:
    """Return what only a person who signs in may read."""
    options = frozenset({"$select", "$expand"}) if single else frozenset({"$select", "$filter"})
    return Route(path, kind, permission, collection, options, single=single, delegated_only=True, versions=("v1.0",))


def log(path: str, kind: str, permission: str, collection: str, ordered_by: str) -> Route:
    """Return a list of what happened."""
    return Route(path, kind, permission, collection, LOG, 1000, 1000, filters=LOG_FILTERS, ordered_by=ordered_by)
