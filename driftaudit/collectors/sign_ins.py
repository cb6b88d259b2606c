"""When people signed in last: guests, and members only where the configuration asks for them."""

from driftaudit.collectors._record import Collection, Day, Id, Record, at


class SignIn(Record):
    """One row per account; of the last sign-in the day alone is kept."""

    id: Id = at("id", "Directory object id.")
    last_success_on: Day | None = at(
        "signInActivity/lastSuccessfulSignInDateTime", "Day of the last sign-in that succeeded, in UTC; null = none."
    )


# With sign-ins a page holds 500 accounts at most, and a page is what the service counts and throttles here.
COLLECTION = Collection(
    SignIn,
    "/v1.0/users?$select={select}&$filter=userType%20eq%20'Guest'&$top=500",
    "AuditLog.Read.All",
    request_for_all="/v1.0/users?$select={select}&$top=500",
    licence="a licence of Microsoft Entra ID P1 or P2",
)
