"""Pages of the licences that Contoso has bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.sample_tenant.ids import TENANT_ID, guid
from tests.sample_tenant.lines import Line, Record, listed


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence: its name, the service plans in it, for how many people it is good, and how many have it."""

    name: str
    plans: tuple[str, ...]
    enabled: int
    consumed: tuple[int, int, int, int, int]

    @property
    def id(self) -> str:
        """Return the licence's id."""
        return guid("licence", self.name)


LICENCES = (
    Licence("AAD_PREMIUM_P2", ("AAD_PREMIUM", "AAD_PREMIUM_P2"), 60, (54, 54, 55, 57, 58)),
    Licence("ENTRA_ID_GOVERNANCE", ("Entra_Identity_Governance",), 40, (31, 31, 31, 34, 36)),
    Licence("CONTOSO_TRIAL", ("AAD_PREMIUM",), 0, (25, 25, 25, 25, 25)),
)
"""One of them, the trial, has lapsed and is still listed."""


def subscribed_skus(snapshot: int) -> Iterator[Line]:
    """Yield the licences."""
    select = "id,skuId,skuPartNumber,capabilityStatus,consumedUnits,prepaidUnits,servicePlans"
    records = [_licence(licence, snapshot) for licence in LICENCES]
    yield listed(f"/v1.0/subscribedSkus?$select={select}", f"subscribedSkus({select})", records)


def _licence(licence: Licence, snapshot: int) -> Record:
    """Return one licence; what has lapsed is suspended, for as many people as had it."""
    suspended = 0 if licence.enabled else licence.consumed[snapshot]
    return {
        "id": f"{TENANT_ID}_{licence.id}",
        "skuId": licence.id,
        "skuPartNumber": licence.name,
        "capabilityStatus": "Enabled" if licence.enabled else "Suspended",
        "consumedUnits": licence.consumed[snapshot],
        "prepaidUnits": {"enabled": licence.enabled, "suspended": suspended, "warning": 0, "lockedOut": 0},
        "servicePlans": [_plan(name) for name in licence.plans],
    }


def _plan(name: str) -> Record:
    """Return one service plan."""
    return {
        "servicePlanId": guid("service-plan", name),
        "servicePlanName": name,
        "provisioningStatus": "Success",
        "appliesTo": "User",
    }
