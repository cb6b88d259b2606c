"""Owners of applications."""

from driftaudit.collectors._record import Collection, Id, Record, at, scope


class ServicePrincipalOwner(Record):
    """One row per application and owner."""

    service_principal_id: Id = scope("The application.")
    id: Id = at("id", "Who owns it.")


COLLECTION = Collection(
    ServicePrincipalOwner,
    "/v1.0/servicePrincipals/{scope}/owners?$select={select}&$top=999",
    "Application.Read.All",
    scoped_by="service_principals",
)
