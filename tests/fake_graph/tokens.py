"""Access tokens: unsigned ones that say of themselves what the real ones say."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from tests.fake_graph.refusals import Refusal, unauthorised

GRAPH = "https://graph.microsoft.com"
GRAPH_ITSELF = {
    GRAPH,
    "00000003-0000-0000-c000-000000000000",
    "https://graph.microsoft.us",
    "https://dod-graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
}
FAR_AWAY = 4_102_444_800
"""The year 2100: tokens of tests expire only where a test is about that."""


def token(
    roles: Iterable[str] = (),
    *,
    tenant_id: str,
    audience: str = GRAPH,
    scopes: Collection[str] = (),
    app_id: str = "16ce6acb-6dab-5e82-9df7-e66d03ac4539",
    signed_in_as: str | None = None,
    expires_at: int = FAR_AWAY,
    certificate: bool = True,
) -> str:
    """Return a token for an application with `roles`, or for a person with `scopes`."""
    claims: dict[str, Any] = {
        "aud": audience,
        "tid": tenant_id,
        "appid": app_id,
        "appidacr": "2" if certificate else "1",
        "iat": 0,
        "nbf": 0,
        "exp": expires_at,
        "ver": "1.0",
    }
    if scopes or signed_in_as:
        claims |= {"scp": " ".join(scopes), "upn": signed_in_as, "idtyp": "user"}
    else:
        claims |= {"roles": list(roles), "idtyp": "app"}
    return ".".join((_packed({"typ": "JWT", "alg": "none"}), _packed(claims), ""))


def _packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a request's token says."""

    audience: str
    tenant_id: str
    held: frozenset[str]
    delegated: bool
    certificate: bool
    expires_at: int


@lru_cache(256)
def _read(text: str) -> Bearer:
    """Return what a token says."""
    try:
        body = text.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=dict[str, Any])
        delegated = "scp" in claims
        held = frozenset(claims["scp"].split() if delegated else claims["roles"])
        certificate = delegated or claims["appidacr"] == "2"
        return Bearer(claims["aud"], claims["tid"], held, delegated, certificate, claims["exp"])
    except (IndexError, KeyError, binascii.Error, msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise unauthorised("IDX14100: JWT is not well formed, there are no dots (.).") from wrong


def bearer(headers: dict[str, str], now: int, revoked: set[str]) -> Bearer:
    """Return what a request's token says; refuses what is missing, expired or taken back."""
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text:
        raise unauthorised("Access token is empty.")
    found = _read(text)
    if found.expires_at <= now or text in revoked:
        raise unauthorised("Lifetime validation failed, the token is expired.")
    return found


def for_graph(found: Bearer, tenant_id: str) -> None:
    """Refuse a token that was made for another service or another tenant."""
    if found.audience.rstrip("/") not in GRAPH_ITSELF:
        raise unauthorised("Access token validation failure. Invalid audience.")
    if found.tenant_id.lower() != tenant_id.lower():
        told = "The identity of the calling application could not be established."
        raise Refusal(401, "Authorization_IdentityNotFound", told)
