"""Signing in as configured: whom a command asks, as whom, and that it is the tenant that is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from driftaudit.errors import IntegrityError, UsageError
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.cli._options import Options
    from driftaudit.graph.claims import Claims
    from driftaudit.graph.clouds import Cloud
    from driftaudit.graph.token import TokenSource

SHAREPOINT_URL = "DRIFTAUDIT_SHAREPOINT_URL"
GRAPH_URL = "DRIFTAUDIT_GRAPH_URL"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """One service and the sign-in for it."""

    root: str
    tokens: TokenSource


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and where."""

    cloud: Cloud
    graph: Place
    sharepoint: Place | None
    claims: Claims | None
    """What the token says of itself; None if it cannot be read."""
    tenant_id: str
    """The tenant that must answer; empty: whichever does."""

    @property
    def is_person(self) -> bool:
        """Tell whether a person is signed in, who cannot read what only applications can."""
        return self.claims is not None and self.claims.is_person


def signed_in(options: Options, environment: Mapping[str, str], tell: Callable[[str], None]) -> SignedIn:
    """Sign in and return as whom; nothing is asked of the tenant yet."""
    from driftaudit.graph.address import root_from
    from driftaudit.graph.claims import claims_of
    from driftaudit.graph.clouds import cloud
    from driftaudit.graph.credentials import SignIn
    from driftaudit.graph.sign_in import sign_in

    def prompt(address: str, code: str) -> None:
        tell(f"Open {visible(address)} and enter the code {visible(code)}.")

    settings, tenant = options.config.sign_in, options.config.tenant
    where = cloud(tenant.cloud)
    wanted = SignIn(where, environment, tenant.id, settings.app_id, settings.certificate, prompt)
    root = root_from(environment, GRAPH_URL, where.graph_root).text
    tokens = sign_in(settings.method, wanted)
    sharepoint = _sharepoint(tokens, environment)
    claims = claims_of(tokens.token())
    named = tenant.id if _GUID.fullmatch(tenant.id) else ""
    told = (claims.tenant_id or "") if claims else ""
    if named and told and named.lower() != told.lower():
        raise IntegrityError(
            f"The sign-in is for tenant {visible(told)}, the configuration names {named}.",
            "Correct [tenant] id, or sign in to the right tenant; nothing was asked and nothing was written.",
        )
    return SignedIn(where, Place(root, tokens), sharepoint, claims, named or told)


def for_the_tenant_of(options: Options, caller: SignedIn) -> SignedIn:
    """Return the caller bound to the tenant that the database holds; raise IntegrityError if it is for another."""
    from driftaudit.audit.loading import tenant_of

    held = tenant_of(options.db)
    if held and caller.tenant_id and held.lower() != caller.tenant_id.lower():
        raise IntegrityError(
            f"The sign-in is for tenant {visible(caller.tenant_id)}, {options.db} holds tenant {visible(held)}.",
            "Give each tenant a file of its own with --db; nothing was asked and nothing was written.",
        )
    return replace(caller, tenant_id=caller.tenant_id or held or "")


def _sharepoint(tokens: TokenSource, environment: Mapping[str, str]) -> Place | None:
    """Return where SharePoint is and the tokens for it, or None if it is not to be read."""
    from driftaudit.graph.address import root_of
    from driftaudit.graph.credentials import BroughtToken, CredentialTokens
    from driftaudit.graph.sign_in import SHAREPOINT_TOKEN

    address, token = environment.get(SHAREPOINT_URL, "").strip(), environment.get(SHAREPOINT_TOKEN, "").strip()
    if token and not address:
        raise UsageError(
            f"{SHAREPOINT_TOKEN} is set, but not for which address.",
            f"Set {SHAREPOINT_URL}, as in https://contoso.sharepoint.com.",
        )
    if not address:
        return None
    root = root_of(address, SHAREPOINT_URL).text
    if token:
        return Place(root, BroughtToken(token))
    if isinstance(tokens, CredentialTokens):
        return Place(root, tokens.for_audience(root))
    raise UsageError(f"{SHAREPOINT_URL} is set, but there is no token for it.", f"Set {SHAREPOINT_TOKEN} too.")
