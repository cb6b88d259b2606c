"""What happens to guests who lose their last package."""

from driftaudit.collectors._record import Collection, Id, Record, at


class EntitlementSettings(Record):
    """One row for the tenant."""

    id: Id = at("id", "Always the same word.")
    external_action: str | None = at("externalUserLifecycleAction", "none, blockSignIn or blockSignInAndDelete.")
    external_delete_after: str | None = at(
        "durationUntilExternalUserDeletedAfterBlocked", "ISO 8601 duration between blocking and deletion."
    )


COLLECTION = Collection(
    EntitlementSettings,
    "/v1.0/identityGovernance/entitlementManagement/settings",
    "EntitlementManagement.Read.All",
)
