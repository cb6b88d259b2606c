"""Groups of every kind."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class Group(Record):
    """One row per group."""

    id: Id = at("id", "Directory object id.")
    name: str | None = at("displayName", "Name as the directory shows it.")
    description: str | None = at("description", "What people wrote about it.")
    mail: str | None = at("mail", "Mail address, if it has one.")
    mail_enabled: bool | None = at("mailEnabled", "True: it receives mail.")
    security_enabled: bool | None = at("securityEnabled", "True: it can be given access.")
    group_types: list[str] | None = at("groupTypes", "Unified = Microsoft 365 group, DynamicMembership = by rule.")
    membership_rule: str | None = at("membershipRule", "The rule of a dynamic group.")
    rule_state: str | None = at("membershipRuleProcessingState", "On or Paused, for dynamic groups.")
    role_assignable: bool | None = at("isAssignableToRole", "True: it may hold directory roles.")
    visibility: str | None = at("visibility", "Private, Public or HiddenMembership.")
    synced: bool | None = at("onPremisesSyncEnabled", "True: membership is ruled by an on-premises directory.")
    provisioning: list[str] | None = at("resourceProvisioningOptions", "Holds Team for a Microsoft Teams team.")
    created_at: Instant | None = at("createdDateTime", "When the group was made.")


COLLECTION = Collection(
    Group,
    "/v1.0/groups?$select={select}&$top=999",
    "Group.Read.All",
    count="/v1.0/groups/$count",
    filled_with=(
        "GroupMember.Read.All",
        "Group.Read.All",
        "Group.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ),
)
