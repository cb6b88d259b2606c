"""What packages gave, as entitlement management remembers it; version 1.0 does not tell, so the beta is asked."""

from driftaudit.collectors._record import Collection, Id, Ids, Record, at


class DeliveredRole(Record):
    """One row per principal and resource role that assignments gave it, several of them together if need be."""

    id: Id = at("id", "Id of the delivered role.")
    status: str | None = at("status", "Fulfilled, PendingFulfillment, ...")
    principal_id: Id | None = at(
        "accessPackageSubject/objectId", "To whom; accessPackageSubject/id is no directory id."
    )
    role_origin_id: str | None = at("accessPackageResourceRole/originId", "Member_GROUP, an app role id, a number, ...")
    origin_system: str | None = at("accessPackageResourceRole/originSystem", "AadGroup, AadApplication, ...")
    scope_origin_id: str | None = at("accessPackageResourceScope/originId", "The resource: object id or site address.")
    assignment_ids: Ids | None = at("accessPackageAssignments/id", "The assignments that gave it.")


COLLECTION = Collection(
    DeliveredRole,
    "/beta/identityGovernance/entitlementManagement/accessPackageAssignmentResourceRoles"
    "?$expand=accessPackageSubject,accessPackageResourceRole,accessPackageResourceScope,accessPackageAssignments",
    "EntitlementManagement.Read.All",
)
