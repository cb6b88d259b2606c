"""Microsoft's own models held against the records of the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_PIM, _OF_PIM = "privileged_access_group", "PrivilegedAccessGroup"
_ROLE, _OF_ROLE = "unified_role", "UnifiedRole"
MODELS = {
    "organization": "organization.Organization",
    "subscribed_skus": "subscribed_sku.SubscribedSku",
    "users": "user.User",
    "leave_dates": "user.User",
    "deleted_users": "user.User",
    "deleted_groups": "group.Group",
    "groups": "group.Group",
    "group_members": "directory_object.DirectoryObject",
    "group_owners": "directory_object.DirectoryObject",
    "pim_group_eligibilities": f"{_PIM}_eligibility_schedule_instance.{_OF_PIM}EligibilityScheduleInstance",
    "pim_group_assignments": f"{_PIM}_assignment_schedule_instance.{_OF_PIM}AssignmentScheduleInstance",
    "service_principals": "service_principal.ServicePrincipal",
    "service_principal_owners": "directory_object.DirectoryObject",
    "app_role_assignments": "app_role_assignment.AppRoleAssignment",
    "sites": "site.Site",
    "role_definitions": "unified_role_definition.UnifiedRoleDefinition",
    "role_assignments": "unified_role_assignment.UnifiedRoleAssignment",
    "role_eligibilities": f"{_ROLE}_eligibility_schedule_instance.{_OF_ROLE}EligibilityScheduleInstance",
    "role_assignment_schedules": f"{_ROLE}_assignment_schedule_instance.{_OF_ROLE}AssignmentScheduleInstance",
    "directory_audits": "directory_audit.DirectoryAudit",
    "catalogs": "access_package_catalog.AccessPackageCatalog",
    "catalog_resources": "access_package_resource.AccessPackageResource",
    "catalog_role_assignments": "unified_role_assignment.UnifiedRoleAssignment",
    "packages": "access_package.AccessPackage",
    "package_roles": "access_package.AccessPackage",
    "package_incompatibilities": "access_package.AccessPackage",
    "policies": "access_package_assignment_policy.AccessPackageAssignmentPolicy",
    "assignments": "access_package_assignment.AccessPackageAssignment",
    "requests": "access_package_assignment_request.AccessPackageAssignmentRequest",
    "connected_organizations": "connected_organization.ConnectedOrganization",
    "connected_organization_sponsors": "directory_object.DirectoryObject",
    "entitlement_settings": "entitlement_management_settings.EntitlementManagementSettings",
    "review_definitions": "access_review_schedule_definition.AccessReviewScheduleDefinition",
    "review_instances": "access_review_instance.AccessReviewInstance",
    "review_decisions": "access_review_instance_decision_item.AccessReviewInstanceDecisionItem",
    "review_stages": "access_review_stage.AccessReviewStage",
    "contacted_reviewers": "access_review_reviewer.AccessReviewReviewer",
}


def own_fields(model: Any) -> dict[str, Callable[[Any], None]]:
    """Return the fields that every model has, as their base class does after importing all 2,400 models, each time."""
    return {
        "id": lambda node: setattr(model, "id", node.get_str_value()),
        "@odata.type": lambda node: setattr(model, "odata_type", node.get_str_value()),
    }


def unknown(model: Any, path: str) -> Iterator[str]:
    """Yield the properties that a decoded model does not know, however deep; annotations are no properties."""
    if isinstance(model, (list, tuple)):
        for item in model:
            yield from unknown(item, path)
    elif hasattr(model, "additional_data"):
        yield from (f"{path}/{key}" for key in model.additional_data if "@odata." not in key)
        for key, value in model.backing_store.enumerate_():
            if key != "additional_data":
                yield from unknown(value, f"{path}/{key}")


def lost(sent: Any, kept: Any, path: str) -> Iterator[str]:
    """Yield the values that were sent and are not kept: an enumeration's unknown word becomes nothing."""
    if kept is None:
        yield path
    elif isinstance(sent, dict):
        for key, value in sent.items():
            if value not in (None, [], {}) and "@odata." not in key:
                yield from lost(value, kept.get(key), f"{path}/{key}")
    elif isinstance(sent, list):
        for number, value in enumerate(sent):
            yield from lost(value, kept[number] if number < len(kept) else None, f"{path}/{number}")
