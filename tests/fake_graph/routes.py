"""Routes: which paths are served, what they take, and how their lists come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from tests.fake_graph.kinds import EM

AR = "/identityGovernance/accessReviews/definitions"
PIM = "/identityGovernance/privilegedAccess/group"
ROLES = "/roleManagement/directory"
INSTANCE = f"{AR}/{{}}/instances/{{}}"

DIRECTORY = frozenset({"$select", "$expand", "$filter", "$top", "$count"})
GOVERNANCE = frozenset({"$select", "$expand", "$filter", "$top", "$count"})
REVIEWS = frozenset({"$select", "$filter", "$top", "$skip", "$count"})
ONE = frozenset({"$select", "$expand"})
ASSIGNMENT_FILTERS = frozenset({"state", "accessPackage/id", "assignmentPolicy/id", "target/objectId"})
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
    further: str | None = None
    """Where the further pages are, if elsewhere."""
    premium: bool = False
    """Whether the service refuses tenants without a licence of Entra ID P2."""
    about: str | None = None
    """What @odata.context calls the list, if not by its path."""

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the path."""
        return tuple(self.path.split("/")[1:])


def _directory(path: str, kind: str, permission: str, collection: str, about: str | None = None) -> Route:
    """Return a list of directory objects."""
    return Route(path, kind, permission, collection, DIRECTORY, 100, 999, "refused", directory=True, about=about)


def _one(path: str, kind: str, permission: str, collection: str | None = None) -> Route:
    """Return one record by its id."""
    return Route(path, kind, permission, collection, ONE, single=True)


def _review(path: str, kind: str, collection: str) -> Route:
    """Return a list of access reviews."""
    return Route(path, kind, "reviews", collection, REVIEWS, 100, 100, "capped", versions=("v1.0",))


def _governed(path: str, kind: str, collection: str, filters: frozenset[str] | None = None) -> Route:
    """Return a list of entitlement management."""
    return Route(f"{EM}/{path}", kind, "entitlements", collection, filters=filters, versions=("v1.0",))


def _schedules(path: str, kind: str, permission: str, collection: str) -> Route:
    """Return a list of Privileged Identity Management for roles of the directory, which no filter is wanted for."""
    return Route(f"{ROLES}/{path}", kind, permission, collection, premium=True)


def _pim(path: str, kind: str, permission: str, collection: str) -> Route:
    """Return a list of Privileged Identity Management for groups."""
    must = frozenset({"groupId", "principalId"})
    return Route(f"{PIM}/{path}", kind, permission, collection, must_filter=must, versions=("v1.0",))


ROUTES = (
    _directory("/users", "user", "users", "users"),
    _one("/users/{}", "user", "users", "users"),
    _directory("/directory/deletedItems/microsoft.graph.user", "user", "deleted_users", "deleted_users", "users"),
    _directory("/directory/deletedItems/microsoft.graph.group", "group", "deleted_groups", "deleted_groups", "groups"),
    _directory("/groups", "group", "groups", "groups"),
    Route("/groups/delta", "group", "changes", "group_members", frozenset({"$select"})),
    *(
        _directory(f"/{kind}/{{}}/memberOf", "directoryObject", "memberships", "", "directoryObjects")
        for kind in ("users", "groups", "servicePrincipals")
    ),
    _one("/groups/{}", "group", "groups", "groups"),
    _directory("/groups/{}/members", "directoryObject", "members", "group_members", "directoryObjects"),
    _directory("/groups/{}/owners", "directoryObject", "owners", "group_owners", "directoryObjects"),
    _directory("/servicePrincipals", "servicePrincipal", "applications", "service_principals"),
    _one("/servicePrincipals/{}", "servicePrincipal", "applications", "service_principals"),
    _directory(
        "/servicePrincipals/{}/owners",
        "directoryObject",
        "applications",
        "service_principal_owners",
        "directoryObjects",
    ),
    _directory("/servicePrincipals/{}/appRoleAssignedTo", "appRoleAssignment", "applications", "app_role_assignments"),
    Route("/organization", "organization", "organization", "organization", frozenset({"$select"})),
    Route("/subscribedSkus", "subscribedSku", "licences", "subscribed_skus", frozenset({"$select"})),
    Route(
        "/sites/getAllSites",
        "site",
        "sites",
        "sites",
        frozenset({"$select", "$filter", "$top"}),
        page=200,
        most=999,
        top="capped",
        application_only=True,
        further="/sites/oneDrive.getAllSites",
        about="sites",
    ),
    _governed("catalogs", "accessPackageCatalog", "catalogs"),
    _governed("catalogs/{}/resources", "accessPackageResource", "catalog_resources"),
    Route(
        f"{EM}/accessPackages",
        "accessPackage",
        "entitlements",
        "packages",
        not_expanded=frozenset({"resourceRoleScopes"}),
        versions=("v1.0",),
    ),
    _one(f"{EM}/accessPackages/{{}}", "accessPackage", "entitlements", "package_roles"),
    _governed("assignmentPolicies", "accessPackageAssignmentPolicy", "policies"),
    _governed("assignments", "accessPackageAssignment", "assignments", ASSIGNMENT_FILTERS),
    _governed("assignmentRequests", "accessPackageAssignmentRequest", "requests", REQUEST_FILTERS),
    _governed("connectedOrganizations", "connectedOrganization", "connected_organizations"),
    _governed("connectedOrganizations/{}/internalSponsors", "directoryObject", "connected_organization_sponsors"),
    _governed("connectedOrganizations/{}/externalSponsors", "directoryObject", "connected_organization_sponsors"),
    Route(
        f"{EM}/settings",
        "entitlementManagementSettings",
        "entitlements",
        "entitlement_settings",
        frozenset(),
        single=True,
        versions=("v1.0",),
    ),
    Route(
        f"{EM}/accessPackageAssignmentResourceRoles",
        "beta.accessPackageAssignmentResourceRole",
        "entitlements",
        "delivered_roles",
        filters=frozenset({"accessPackageSubject/objectId"}),
        versions=("beta",),
    ),
    Route(
        "/roleManagement/entitlementManagement/roleAssignments",
        "unifiedRoleAssignment",
        "entitlements",
        "catalog_role_assignments",
    ),
    Route(f"{ROLES}/roleDefinitions", "unifiedRoleDefinition", "roles", "role_definitions"),
    Route(f"{ROLES}/roleAssignments", "unifiedRoleAssignment", "roles", "role_assignments"),
    _schedules(
        "roleEligibilityScheduleInstances",
        "unifiedRoleEligibilityScheduleInstance",
        "role eligibilities",
        "role_eligibilities",
    ),
    _schedules(
        "roleAssignmentScheduleInstances",
        "unifiedRoleAssignmentScheduleInstance",
        "role activations",
        "role_assignment_schedules",
    ),
    _pim(
        "eligibilityScheduleInstances",
        "privilegedAccessGroupEligibilityScheduleInstance",
        "eligibilities",
        "pim_group_eligibilities",
    ),
    _pim(
        "assignmentScheduleInstances",
        "privilegedAccessGroupAssignmentScheduleInstance",
        "activations",
        "pim_group_assignments",
    ),
    _review(AR, "accessReviewScheduleDefinition", "review_definitions"),
    _review(f"{AR}/{{}}/instances", "accessReviewInstance", "review_instances"),
    _review(f"{INSTANCE}/decisions", "accessReviewInstanceDecisionItem", "review_decisions"),
    _review(f"{INSTANCE}/contactedReviewers", "accessReviewReviewer", "contacted_reviewers"),
    _review(f"{INSTANCE}/stages", "accessReviewStage", "review_stages"),
)

FURTHER = {route.further: route for route in ROUTES if route.further}


@cache
def _known() -> tuple[dict[tuple[str, ...], Route], frozenset[str]]:
    """Return every route by its parts, and every part that is no id."""
    by_parts = {route.segments: route for route in ROUTES}
    return by_parts, frozenset(part for parts in by_parts for part in parts)


@dataclass(frozen=True, slots=True)
class Matched:
    """A route with the ids that a request put into it."""

    route: Route
    path: str
    ids: tuple[str, ...]

    @property
    def parent(self) -> tuple[str, str] | None:
        """Return the list in which the last id must be found, and that id."""
        parts = self.path.split("/")
        last = max((i for i, part in enumerate(("", *self.route.segments)) if part == "{}"), default=0)
        return ("/".join(parts[:last]), parts[last]) if last else None


def matched(path: str) -> Matched | None:
    """Return the route of a path without version."""
    by_parts, literal = _known()
    path = path.removesuffix("()")
    if path in FURTHER:
        return Matched(FURTHER[path], FURTHER[path].path, ())
    parts = tuple(path.split("/")[1:])
    route = by_parts.get(tuple(part if part in literal else "{}" for part in parts))
    ids = tuple(part for part in parts if part not in literal)
    return Matched(route, path, ids) if route else None
