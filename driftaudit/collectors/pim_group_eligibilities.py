"""Who may become a member or an owner of a group for some hours."""

from driftaudit.collectors._record import ELIGIBLE_GROUPS, Collection, Grant, Id, Instant, at, constant, scope


class PimGroupEligibility(Grant):
    """One grant per group and principal who may activate membership or ownership."""

    kind: str = at("accessId", "member or owner.", prefix="eligible_")
    resource_id: Id = scope("The group.")
    role_id: Id = constant("", "Empty: eligibility has no finer role.")
    principal_id: Id = at("principalId", "Who is eligible.")
    granted_at: Instant | None = at("startDateTime", "Since when.")
    ends_at: Instant | None = at("endDateTime", "Until when; null = for ever.")


COLLECTION = Collection(
    PimGroupEligibility,
    "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId%20eq%20'{scope}'",
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    scoped_by="groups",
    scope_where=ELIGIBLE_GROUPS,
    scope_stands_on=("package_roles",),
    kinds=("eligible_member", "eligible_owner"),
)
