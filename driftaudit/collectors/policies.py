"""Assignment policies: who may have a package, for how long, and who decides."""

from driftaudit.collectors._record import Collection, Id, Instant, Json, Record, at


class Policy(Record):
    """One row per assignment policy."""

    id: Id = at("id", "Policy id.")
    name: str | None = at("displayName", "Name.")
    package_id: Id | None = at("accessPackage/id", "The package it belongs to.")
    allowed_target_scope: str | None = at("allowedTargetScope", "Who may ask; notSpecified = administrators assign.")
    allowed_targets: Json | None = at("specificAllowedTargets", "Named people, groups or rules in scope.")
    automatic: Json | None = at("automaticRequestSettings", "Present for auto-assignment policies only.")
    expiration_type: str | None = at("expiration/type", "noExpiration, afterDateTime, afterDuration.")
    expiration_end_at: Instant | None = at("expiration/endDateTime", "End for everybody, if a date.")
    expiration_duration: str | None = at("expiration/duration", "ISO 8601 duration, if a duration.")
    requestor_settings: Json | None = at("requestorSettings", "Who may ask for whom.")
    approval_settings: Json | None = at("requestApprovalSettings", "Stages and approvers.")
    review_settings: Json | None = at("reviewSettings", "The recurring review, if any.")
    created_at: Instant | None = at("createdDateTime", "When the policy was made.")


COLLECTION = Collection(
    Policy,
    "/v1.0/identityGovernance/entitlementManagement/assignmentPolicies?$expand=accessPackage",
    "EntitlementManagement.Read.All",
)
