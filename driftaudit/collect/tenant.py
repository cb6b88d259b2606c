"""The tenant: which one it is, by its own answer or else by the sign-in, and what the manifest says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from driftaudit import TOOL
from driftaudit.collect.requests import request_for
from driftaudit.collectors import collections
from driftaudit.errors import IntegrityError, NothingRead
from driftaudit.exports.manifest import Entry, Manifest
from driftaudit.graph.answer import Answer
from driftaudit.graph.claims import Claims

TENANT = "organization"


class Tenant(msgspec.Struct):
    """What the service says of the tenant."""

    id: str
    displayName: str | None = None


class _Tenants(msgspec.Struct):
    value: list[Tenant]


def request_of_tenant() -> str:
    """Return the request that is asked before any other: which tenant this is, and what time."""
    return request_for(collections()[TENANT])


def tenant_of(answer: Answer, claims: Claims | None) -> Tenant:
    """Return which tenant answered; raise NothingRead if nobody says."""
    tenant = _answered(answer) or (Tenant(claims.tenant_id) if claims and claims.tenant_id else None)
    if tenant is None:
        raise NothingRead(
            f"The service does not say which tenant this is (status {answer.status}).",
            "Grant Organization.Read.All, or sign in again.",
        )
    return tenant


def refuse_other(tenant_id: str, wanted: str) -> None:
    """Raise IntegrityError if it is another tenant than the wanted one; empty: whichever."""
    if wanted and tenant_id.lower() != wanted.lower():
        raise IntegrityError(
            f"The sign-in leads to tenant {tenant_id}, not to {wanted}.",
            "Correct [tenant] id, or sign in to the right tenant; nothing was written.",
        )


def manifest_of(
    first: Answer, tenant: Tenant, claims: Claims | None, cloud: str, left_out: Mapping[str, str]
) -> Manifest:
    """Return the manifest of a run that begins; its instant is the service's, so a wrong clock here moves nothing."""
    return Manifest(
        format=1,
        state="open",
        tenant_id=tenant.id,
        tenant_name=tenant.displayName,
        taken_at=datetime.fromisoformat(first.at),
        tool=TOOL,
        app_id=claims.app_id if claims else None,
        signed_in_as=claims.signed_in_as if claims else None,
        cloud=cloud,
        collections={name: Entry(status="skipped", reason=reason) for name, reason in left_out.items()},
    )


def _answered(answer: Answer) -> Tenant | None:
    """Return the tenant in an answer, if the service gave one."""
    if answer.status != 200:
        return None
    try:
        return next(iter(msgspec.json.decode(answer.body, type=_Tenants).value), None)
    except ValueError:
        return None
