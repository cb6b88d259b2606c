"""Who is a member or an owner of a group through Privileged Identity Management, for ever or for some hours."""

from driftaudit.collectors._record import ELIGIBLE_GROUPS, Collection, Id, Instant, Record, at, scope


class PimGroupAssignment(Record):
    """One row per group and schedule; the membership itself is a grant of group_members."""

    group_id: Id = scope("The group.")
    id: Id = at("id", "Id of the schedule's instance.")
    principal_id: Id | None = at("principalId", "Who it is.")
    access_id: str | None = at("accessId", "member or owner.")
    assignment_type: str | None = at("assignmentType", "assigned, or activated by the person for some hours.")
    member_type: str | None = at("memberType", "direct, or group where a group is eligible.")
    start_at: Instant | None = at("startDateTime", "Since when.")
    end_at: Instant | None = at("endDateTime", "Until when; null = for ever.")


COLLECTION = Collection(
    PimGroupAssignment,
    "/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances?$filter=groupId%20eq%20'{scope}'",
    "PrivilegedAssignmentSchedule.Read.AzureADGroup",
    scoped_by="groups",
    scope_where=ELIGIBLE_GROUPS,
    scope_stands_on=("package_roles",),
    tells_of=("eligible_member", "eligible_owner"),
)
