"""What an access token says of itself; read to tell what will be empty, never to trust it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Claims:
    """The part of a token that tells what it can read."""

    tenant_id: str | None
    app_id: str | None
    roles: frozenset[str]
    """Application permissions."""
    scopes: frozenset[str]
    """Delegated permissions."""
    signed_in_as: str | None
    """The person who signed in, if it was one."""
    expires_at: datetime | None

    @property
    def permissions(self) -> frozenset[str]:
        """Return the permissions of both kinds."""
        return self.roles | self.scopes

    @property
    def is_person(self) -> bool:
        """Tell whether a person is signed in, who may read other things than an application."""
        return bool(self.scopes) and not self.roles


def claims_of(token: str) -> Claims | None:
    """Return what the token says, or None if it cannot be read (its signature is the service's business)."""
    said = _payload(token)
    if said is None:
        return None
    return Claims(
        tenant_id=_text(said, "tid"),
        app_id=_text(said, "appid", "azp"),
        roles=frozenset(role for role in _list(said.get("roles")) if isinstance(role, str)),
        scopes=frozenset((_text(said, "scp") or "").split()),
        signed_in_as=_text(said, "upn", "preferred_username", "unique_name"),
        expires_at=_instant(said.get("exp")),
    )


def _payload(token: str) -> dict[str, Any] | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    middle = parts[1]
    try:
        text = base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))
        return msgspec.json.decode(text, type=dict[str, Any])
    except (binascii.Error, ValueError):
        return None


def _text(said: dict[str, Any], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := said.get(name), str) and value), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None
