"""Who may activate which role of the directory for some hours."""

from driftaudit.collectors._record import THROUGH_GROUP, Collection, Grant, Id, Instant, at, constant


class RoleEligibility(Grant):
    """One grant per role, scope and principal who may activate it."""

    left_out = THROUGH_GROUP
    kind: str = constant("eligible_directory_role", "What is held.")
    resource_id: Id = at("roleDefinitionId", "The role definition.")
    role_id: Id = at("directoryScopeId", "Where it holds: / is the whole directory.")
    principal_id: Id = at("principalId", "Who is eligible.")
    granted_at: Instant | None = at("startDateTime", "Since when.")
    ends_at: Instant | None = at("endDateTime", "Until when; null = for ever.")


COLLECTION = Collection(
    RoleEligibility,
    "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
    "RoleEligibilitySchedule.Read.Directory",
    licence="a licence of Microsoft Entra ID P2 or Entra ID Governance",
    kinds=("eligible_directory_role",),
)
