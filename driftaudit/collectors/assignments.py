"""Holds on packages, current and expired."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Assignment(Record):
    """One row per assignment; the service lists expired ones for ever."""

    id: Id = at("id", "Assignment id.")
    principal_id: Id | None = at("target/objectId", "Who holds the package; target/id is not a directory id.")
    principal_name: str | None = at("target/displayName", "Name of the holder as entitlement management has it.")
    lifecycle: str | None = at("target/subjectLifecycle", "governed, notGoverned or notDefined, for guests.")
    package_id: Id | None = at("accessPackage/id", "The package.")
    policy_id: Id | None = at("assignmentPolicy/id", "The policy under which it was given.")
    state: str | None = at("state", "delivering, partiallyDelivered, delivered, expired, deliveryFailed.")
    status: str | None = at("status", "Free text of the service.")
    start_at: Instant | None = at("schedule/startDateTime", "When it begins; an update may rewrite it.")
    expiration_type: str | None = at("schedule/expiration/type", "noExpiration, afterDateTime, afterDuration.")
    end_at: Instant | None = at("schedule/expiration/endDateTime", "When it is meant to end.")
    duration: str | None = at("schedule/expiration/duration", "ISO 8601 duration, when no end is given.")
    expired_at: Instant | None = at("expiredDateTime", "When it did end.")


COLLECTION = Collection(
    Assignment,
    "/v1.0/identityGovernance/entitlementManagement/assignments?$expand=target,accessPackage,assignmentPolicy",
    "EntitlementManagement.Read.All",
)
