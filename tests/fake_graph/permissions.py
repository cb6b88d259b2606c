"""Permissions: which of them open a path, and what the lesser ones leave out."""

from __future__ import annotations

DIRECTORY = ("Directory.Read.All", "Directory.ReadWrite.All")
FULL_USERS = ("User.Read.All", "User.ReadWrite.All", *DIRECTORY)
FULL_GROUPS = ("GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", *DIRECTORY)
APPLICATIONS = ("Application.Read.All", "Application.ReadWrite.All", *DIRECTORY)

ROLES = ("RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory")

ACCEPTED: dict[str, frozenset[str]] = {
    name: frozenset(permissions)
    for name, permissions in {
        "users": ("User.ReadBasic.All", *FULL_USERS),
        "groups": ("Group.ReadBasic.All", *FULL_GROUPS),
        "members": ("GroupMember.ReadBasic.All", *FULL_GROUPS),
        "owners": FULL_GROUPS,
        "changes": FULL_GROUPS,
        "memberships": FULL_GROUPS,
        "deleted_users": FULL_USERS,
        "deleted_groups": ("Group.Read.All", "Group.ReadWrite.All", *DIRECTORY),
        "applications": APPLICATIONS,
        "sites": ("Sites.Read.All", "Sites.ReadWrite.All", "Sites.FullControl.All"),
        "organization": ("Organization.Read.All", "Organization.ReadWrite.All", *DIRECTORY),
        "licences": (
            "LicenseAssignment.Read.All",
            "LicenseAssignment.ReadWrite.All",
            "Organization.Read.All",
            "Organization.ReadWrite.All",
            *DIRECTORY,
        ),
        "entitlements": ("EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"),
        "reviews": ("AccessReview.Read.All", "AccessReview.ReadWrite.All"),
        "eligibilities": (
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
            "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
            "PrivilegedEligibilitySchedule.Remove.AzureADGroup",
        ),
        "activations": (
            "PrivilegedAssignmentSchedule.Read.AzureADGroup",
            "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
            "PrivilegedAssignmentSchedule.Remove.AzureADGroup",
        ),
        "audit log": ("AuditLog.Read.All",),
        "terms": ("Agreement.Read.All", "Agreement.ReadWrite.All"),
        "acceptances": ("AgreementAcceptance.Read.All",),
        "roles": ROLES,
        "role eligibilities": (
            "RoleEligibilitySchedule.Read.Directory",
            "RoleEligibilitySchedule.ReadWrite.Directory",
            *ROLES,
        ),
        "role activations": (
            "RoleAssignmentSchedule.Read.Directory",
            "RoleAssignmentSchedule.ReadWrite.Directory",
            *ROLES,
        ),
    }.items()
}

SIGN_INS = frozenset({"AuditLog.Read.All"})
LEAVE_DATES = frozenset({"User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"})
HIDDEN_MEMBERS = frozenset({"Member.Read.Hidden"})
SITE_MEMBERS = frozenset({"Sites.FullControl.All"})
"""Of SharePoint's own API, not of Graph's."""

EVERYTHING = (
    "User.Read.All",
    "User-LifeCycleInfo.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Member.Read.Hidden",
    "Application.Read.All",
    "Device.Read.All",
    "OrgContact.Read.All",
    "Sites.Read.All",
    "Organization.Read.All",
    "EntitlementManagement.Read.All",
    "AccessReview.Read.All",
    "AuditLog.Read.All",
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    "PrivilegedAssignmentSchedule.Read.AzureADGroup",
    "RoleManagement.Read.Directory",
    "RoleEligibilitySchedule.Read.Directory",
    "RoleAssignmentSchedule.Read.Directory",
)
"""What a token holds that may read everything served here."""

FOR_PERSONS = ("Agreement.Read.All", "AgreementAcceptance.Read.All")
"""What only a person can hold to any use; of what is served here, that and the rest opens everything."""

BASIC_USER = frozenset({"displayName", "givenName", "mail", "surname", "userPrincipalName"})
RULES = frozenset({"membershipRule", "membershipRuleProcessingState"})

READABLE = {
    "user": ACCEPTED["users"],
    "group": ACCEPTED["groups"],
    "servicePrincipal": ACCEPTED["applications"],
    "device": frozenset({"Device.Read.All", *DIRECTORY}),
    "orgContact": frozenset({"OrgContact.Read.All", *DIRECTORY}),
}
"""By type: who sees more of a member than its id and its type."""


def hidden_fields(kind: str, properties: frozenset[str], held: frozenset[str]) -> frozenset[str]:
    """Return the fields of a kind that come back as null."""
    hidden: frozenset[str] = frozenset()
    if kind == "user" and held.isdisjoint(LEAVE_DATES):
        hidden |= {"employeeLeaveDateTime"}
    if kind == "user" and held.isdisjoint(FULL_USERS):
        hidden |= properties - BASIC_USER
    if kind == "group" and held.isdisjoint(FULL_GROUPS):
        hidden |= RULES
    return hidden


def readable(kind: str, held: frozenset[str]) -> bool:
    """Tell whether members of a type show more than id and type."""
    return kind not in READABLE or not held.isdisjoint(READABLE[kind])
