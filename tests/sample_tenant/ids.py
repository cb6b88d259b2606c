"""Identifiers and instants that are the same on every run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "https://contoso.example/sample-tenant")
NOBODY = "00000000-0000-0000-0000-000000000000"
"""What the service prints as the author of a decision that nobody made."""

TAKEN_AT = tuple(f"{day}T02:00:04Z" for day in ("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-16", "2026-09-30"))
"""When each snapshot was taken, oldest first."""
FOLDERS = tuple(instant[:10] for instant in TAKEN_AT)


def guid(kind: str, name: str) -> str:
    """Return the one GUID of a thing, made from its kind and short name."""
    return str(uuid5(NAMESPACE, f"{kind}/{name}"))


def opaque(kind: str, name: str) -> str:
    """Return an id without hyphens, as the service makes them for app role assignments and paging tokens."""
    return uuid5(NAMESPACE, f"{kind}/{name}").hex


def instant(text: str) -> datetime:
    """Read an ISO instant."""
    return datetime.fromisoformat(text)


def iso(moment: datetime) -> str:
    """Write an instant as the service does: UTC, whole seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shifted(text: str, **by: float) -> str:
    """Return the instant that lies `by` (days, hours, minutes, seconds) after another."""
    return iso(instant(text) + timedelta(**by))


def fraction(text: str, digits: str = "283") -> str:
    """Return the instant with a fraction of a second: entitlement management prints three digits, apps seven."""
    return text.replace("Z", f".{digits}Z")


TENANT_ID = guid("tenant", "contoso")
AUDIT_APP_ID = guid("app", "driftaudit")
