"""Pages of entitlement management: the partner organisations, and who vouches for their people."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import fraction, guid
from tests.sample_tenant.lines import EM, Line, Record, listed
from tests.sample_tenant.world import principal

_SINCE = "2024-11-05T13:22:17Z"
_ABOUT = "identityGovernance/entitlementManagement/connectedOrganizations"
SPONSORS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Northwind": (("thanh", "celeste"), ("marek",)),
    "Litware": (("thanh",), ("hanne",)),
    "Fabrikam": (("agnes",), ()),
    "Adatum": (("auditors",), ("jurgita",)),
}
"""By partner: who vouches for its people inside Contoso, and who of its own; one of them is a group."""


def connected_organizations(snapshot: int) -> Iterator[Line]:
    """Yield the partners: two with a directory of their own, two by domain."""
    records = [
        {
            "id": guid("partner", name),
            "displayName": name,
            "description": name,
            "createdDateTime": fraction(_SINCE),
            "modifiedDateTime": fraction(_SINCE),
            "state": "configured",
            "identitySources": [_identity_source(name, directory=number < 2)],
        }
        for number, name in enumerate(SPONSORS)
    ]
    yield listed(f"{EM}/connectedOrganizations", _ABOUT, records)


def _identity_source(name: str, *, directory: bool) -> Record:
    """Return where a partner's people sign in."""
    if directory:
        tenant = guid("partner-tenant", name)
        return {"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "displayName": name, "tenantId": tenant}
    domain = f"{name.lower()}.example"
    return {"@odata.type": "#microsoft.graph.domainIdentitySource", "displayName": name, "domainName": domain}


def connected_organization_sponsors(snapshot: int) -> Iterator[Line]:
    """Yield both lists of every partner; one of the lists is empty."""
    for name, sponsors in SPONSORS.items():
        for kind, keys in zip(("internalSponsors", "externalSponsors"), sponsors, strict=True):
            scope = f"{guid('partner', name)}/{kind}"
            yield listed(f"{EM}/connectedOrganizations/{scope}", "directoryObjects", [_sponsor(k) for k in keys], scope)


def _sponsor(key: str) -> Record:
    """Return one person or group that vouches."""
    who = principal(key)
    return {"@odata.type": f"#microsoft.graph.{who.type}", "id": who.id, "displayName": who.name}
