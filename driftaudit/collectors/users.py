"""Accounts of people, guests included."""

from driftaudit.collectors._record import Collection, Id, Instant, Record, at


class User(Record):
    """One row per account of a person or a guest."""

    id: Id = at("id", "Directory object id.")
    name: str | None = at("displayName", "Name as the directory shows it; written by people, so never trusted.")
    user_principal_name: str | None = at("userPrincipalName", "Sign-in name.")
    mail: str | None = at("mail", "Mail address.")
    user_type: str | None = at("userType", "Member or Guest; null on some old accounts.")
    creation_type: str | None = at("creationType", "Invitation for invited guests.")
    external_state: str | None = at("externalUserState", "PendingAcceptance or Accepted, for guests.")
    enabled: bool | None = at("accountEnabled", "False: sign-in is blocked.")
    created_at: Instant | None = at("createdDateTime", "When the account was made.")
    department: str | None = at("department", "Department.")
    job_title: str | None = at("jobTitle", "Job title.")
    company: str | None = at("companyName", "Company.")
    employee_type: str | None = at("employeeType", "Employee, contractor, ... as the organisation writes it.")
    synced: bool | None = at("onPremisesSyncEnabled", "True: the account comes from an on-premises directory.")
    manager_id: Id | None = at("manager/id", "The manager's directory object id.")


COLLECTION = Collection(
    User,
    "/v1.0/users?$select={select}&$expand=manager($select=id)&$top=999",
    "User.Read.All",
    count="/v1.0/users/$count",
    filled_with=("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
)
