"""What the directory's own log says of access: who gave it to whom, and who approved it."""

from driftaudit.collectors._record import Collection, Id, Instant, Json, Log, Record, at


class DirectoryAudit(Record):
    """One row per event of the log that is about access; the service forgets it after 30 days, the history never."""

    id: Id = at("id", "Id of the event.")
    activity_at: Instant = at("activityDateTime", "When it happened.")
    category: str | None = at("category", "GroupManagement, ApplicationManagement, EntitlementManagement, ...")
    service: str | None = at("loggedByService", "The service that wrote it down: Core Directory, ...")
    activity: str | None = at("activityDisplayName", "What was done, in the service's words: Add member to group, ...")
    result: str | None = at("result", "success, failure or timeout.")
    correlation_id: Id | None = at("correlationId", "What several services wrote down of one deed has the same.")
    by_user_id: Id | None = at("initiatedBy/user/id", "The person who did it.")
    by_user_name: str | None = at("initiatedBy/user/displayName", "Name of that person at the time.")
    by_user_principal_name: str | None = at("initiatedBy/user/userPrincipalName", "Sign-in name of that person.")
    by_app_id: Id | None = at("initiatedBy/app/servicePrincipalId", "The application that did it, by its object id.")
    by_app_name: str | None = at("initiatedBy/app/displayName", "Name of that application at the time.")
    targets: Json | None = at("targetResources", "To what it was done, each with its type, name and changed values.")


# The service filters by its name and by how an activity begins; what a tenant writes down otherwise stays there.
COLLECTION = Collection(
    DirectoryAudit,
    "/v1.0/auditLogs/directoryAudits?$filter={since}(loggedByService%20eq%20'Entitlement%20Management'"
    "%20or%20startswith(activityDisplayName,'Add%20member%20to%20group')"
    "%20or%20startswith(activityDisplayName,'Add%20owner%20to%20group')"
    "%20or%20startswith(activityDisplayName,'Add%20app%20role%20assignment')"
    "%20or%20startswith(activityDisplayName,'Request%20'))&$orderby=activityDateTime&$top=999",
    "AuditLog.Read.All",
    log=Log("activity_at", overlap_hours=12),
)
