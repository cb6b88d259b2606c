"""Routes: which paths are served."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.fake_graph.kinds import EM
from tests.fake_graph.route import (
    ASSIGNMENT_FILTERS,
    REQUEST_FILTERS,
    ROLES,
    Route,
    directory,
    governed,
    log,
    one,
    personal,
    pim,
    review,
    schedules,
)

AR = "/identityGovernance/accessReviews/definitions"
TERMS = "/identityGovernance/termsOfUse/agreements"
INSTANCE = f"{AR}/{{}}/instances/{{}}"

ROUTES = (
    directory("/users", "user", "users", "users"),
    one("/users/{}", "user", "users", "users"),
    directory("/directory/deletedItems/microsoft.graph.user", "user", "deleted_users", "deleted_users", "users"),
    directory("/directory/deletedItems/microsoft.graph.group", "group", "deleted_groups", "deleted_groups", "groups"),
    directory("/groups", "group", "groups", "groups"),
    Route("/groups/delta", "group", "changes", "group_members", frozenset({"$select"})),
    *(
        directory(f"/{kind}/{{}}/memberOf", "directoryObject", "memberships", "", "directoryObjects")
        for kind in ("users", "groups", "servicePrincipals")
    ),
    one("/groups/{}", "group", "groups", "groups"),
    directory("/groups/{}/members", "directoryObject", "members", "group_members", "directoryObjects"),
    directory("/groups/{}/owners", "directoryObject", "owners", "group_owners", "directoryObjects"),
    directory("/servicePrincipals", "servicePrincipal", "applications", "service_principals"),
    one("/servicePrincipals/{}", "servicePrincipal", "applications", "service_principals"),
    directory(
        "/servicePrincipals/{}/owners",
        "directoryObject",
        "applications",
        "service_principal_owners",
        "directoryObjects",
    ),
    directory("/servicePrincipals/{}/appRoleAssignedTo", "appRoleAssignment", "applications", "app_role_assignments"),
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
    governed("catalogs", "accessPackageCatalog", "catalogs"),
    governed("catalogs/{}/resources", "accessPackageResource", "catalog_resources"),
    Route(
        f"{EM}/accessPackages",
        "accessPackage",
        "entitlements",
        "packages",
        not_expanded=frozenset({"resourceRoleScopes"}),
        versions=("v1.0",),
    ),
    one(f"{EM}/accessPackages/{{}}", "accessPackage", "entitlements", "package_roles"),
    governed("assignmentPolicies", "accessPackageAssignmentPolicy", "policies"),
    governed("assignments", "accessPackageAssignment", "assignments", ASSIGNMENT_FILTERS),
    governed("assignmentRequests", "accessPackageAssignmentRequest", "requests", REQUEST_FILTERS),
    governed("connectedOrganizations", "connectedOrganization", "connected_organizations"),
    governed("connectedOrganizations/{}/internalSponsors", "directoryObject", "connected_organization_sponsors"),
    governed("connectedOrganizations/{}/externalSponsors", "directoryObject", "connected_organization_sponsors"),
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
    schedules(
        "roleEligibilityScheduleInstances",
        "unifiedRoleEligibilityScheduleInstance",
        "role eligibilities",
        "role_eligibilities",
    ),
    schedules(
        "roleAssignmentScheduleInstances",
        "unifiedRoleAssignmentScheduleInstance",
        "role activations",
        "role_assignment_schedules",
    ),
    pim(
        "eligibilityScheduleInstances",
        "privilegedAccessGroupEligibilityScheduleInstance",
        "eligibilities",
        "pim_group_eligibilities",
    ),
    pim(
        "assignmentScheduleInstances",
        "privilegedAccessGroupAssignmentScheduleInstance",
        "activations",
        "pim_group_assignments",
    ),
    personal(TERMS, "agreement", "terms", "terms_of_use"),
    personal(f"{TERMS}/{{}}/acceptances", "agreementAcceptance", "acceptances", "terms_acceptances"),
    personal(f"{EM}/accessPackageAssignmentApprovals/{{}}", "approval", "entitlements", "approval_stages", single=True),
    log("/auditLogs/directoryAudits", "directoryAudit", "audit log", "directory_audits", "activityDateTime"),
    review(AR, "accessReviewScheduleDefinition", "review_definitions"),
    review(f"{AR}/{{}}/instances", "accessReviewInstance", "review_instances"),
    review(f"{INSTANCE}/decisions", "accessReviewInstanceDecisionItem", "review_decisions"),
    review(f"{INSTANCE}/contactedReviewers", "accessReviewReviewer", "contacted_reviewers"),
    review(f"{INSTANCE}/stages", "accessReviewStage", "review_stages"),
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
