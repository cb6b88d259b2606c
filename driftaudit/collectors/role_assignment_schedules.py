"""Who holds a role of the directory through Privileged Identity Management, for ever or for some hours."""

from driftaudit.collectors._record import THROUGH_GROUP, Collection, Id, Instant, Record, at


class RoleAssignmentSchedule(Record):
    """One row per schedule; the role itself is a grant of role_assignments."""

    left_out = THROUGH_GROUP
    id: Id = at("id", "Id of the schedule's instance.")
    role_definition_id: Id | None = at("roleDefinitionId", "The role definition.")
    scope_id: Id | None = at("directoryScopeId", "Where it holds: / is the whole directory.")
    principal_id: Id | None = at("principalId", "Who holds it.")
    assignment_type: str | None = at("assignmentType", "assigned, or activated by the person for some hours.")
    start_at: Instant | None = at("startDateTime", "Since when.")
    end_at: Instant | None = at("endDateTime", "Until when; null = for ever.")


COLLECTION = Collection(
    RoleAssignmentSchedule,
    "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
    "RoleAssignmentSchedule.Read.Directory",
    licence="a licence of Microsoft Entra ID P2 or Entra ID Governance",
    tells_of=("directory_role", "eligible_directory_role"),
)
