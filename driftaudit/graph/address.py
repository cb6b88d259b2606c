"""Addresses: what is asked, of whom, and that it is never anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from driftaudit.errors import UsageError
from driftaudit.foreign_text import visible
from driftaudit.graph.failures import BrokenAnswer
from driftaudit.graph.pace import REPORTS

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"https": 443, "http": 80}
_CAPPED = {
    "/identitygovernance/entitlementmanagement": "entitlement management",
    "/identitygovernance/accessreviews": "access reviews",
    "/identitygovernance/privilegedaccess": "privileged access",
    "/auditlogs/": REPORTS,
}
CAP = 4
"""How many calls at once the governance services get, of which no limit is published, and the reports."""
SERVICES = (*_CAPPED.values(), "directory")

_Origin = tuple[str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Root:
    """Where the service lives: scheme, host and port."""

    text: str
    origin: _Origin
    is_loopback: bool

    def url(self, request: str) -> str:
        """Return the full address of a request; one that is already full must be of this very host."""
        if request.startswith("/"):
            return self.text + request
        self.own(request, "")
        return request

    def own(self, link: str, asked: str) -> str:
        """Return a link of an answer as a request of the same form as the one asked, or refuse a foreign one."""
        if link.startswith(f"{self.text}/"):
            return link.removeprefix(self.text) if asked.startswith("/") else link
        parts = _split(link, self.text + asked if asked.startswith("/") else asked)
        if parts is None or _origin(parts) != self.origin or "@" in parts.netloc:
            raise BrokenAnswer(
                f"A link leads to {_host(link)}, away from {self.origin[1]}, and was not followed.",
                "If the address is right, set DRIFTAUDIT_GRAPH_URL or [tenant] cloud to it.",
            )
        tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if not asked.startswith("/"):
            return self.text + tail
        return tail


def root_of(text: str, where: str = "The address of Microsoft Graph") -> Root:
    """Return an address as a root; http is for loopback only."""
    parts = _split(text.strip().rstrip("/"))
    # What stands before an @ may be a password.
    shown = visible(text.rpartition("@")[2])
    if parts is None or not parts.hostname or parts.geturl() != f"{parts.scheme}://{parts.netloc}" or "@" in text:
        raise UsageError(
            f"{where} is no address: {shown}.", "Write it as in https://graph.microsoft.com, without a version."
        )
    loopback = parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise UsageError(f"{where} must begin with https: {shown}.", "Plain http is for this machine only.")
    return Root(parts.geturl(), _origin(parts), loopback)


def root_from(environment: Mapping[str, str], name: str, otherwise: str) -> Root:
    """Return the root that a variable of the environment sets, or the usual one."""
    return root_of(environment.get(name) or otherwise, name)


def service_of(request: str) -> str:
    """Return which of the services behind Microsoft Graph a request is for."""
    path, _, query = request.partition("?")
    if "signInActivity" in query:
        return REPORTS
    path = path.lower()
    return next((name for part, name in _CAPPED.items() if part in path), SERVICES[-1])


def version_of(request: str) -> str:
    """Return the version a request names, as in v1.0."""
    return request.split("/", 2)[1]


def encoded(request: str) -> str:
    """Return a request as it stands on the wire; what is encoded already stays as it is."""
    return quote(request, safe="/?&=$,'()%:;@+!*~-._[]|")


def _split(text: str, base: str = "") -> SplitResult | None:
    """Return the parts of an address, or nothing if it is none."""
    try:
        parts = urlsplit(urljoin(base, text))
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _origin(parts: SplitResult) -> _Origin:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _host(link: str) -> str:
    """Return where a foreign link leads, as far as it can be told."""
    parts = _split(link)
    return visible(f"{parts.scheme}://{parts.netloc}"[:100]) if parts else "no address"
