"""The wire: one request out, one answer in, by httpx below Microsoft's own middleware; nothing is asked twice here."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from driftaudit.graph.address import Root
from driftaudit.graph.patience import Patience
from driftaudit.graph.read_only import ReadOnly

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Received:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Fault(Exception):
    """No answer, or none that is whole; `lasting` ones will not go away by asking again."""

    def __init__(self, what: str, *, lasting: bool = False) -> None:
        """Say in two or three words what happened."""
        super().__init__(what)
        self.what, self.lasting = what, lasting


class Wire:
    """A client for one root; open it before use and close it after."""

    def __init__(self, root: Root, patience: Patience, connections: int) -> None:
        """Connect nothing yet."""
        self._root, self._patience = root, patience
        self._client = _client(root, patience, connections)

    async def send(self, url: str, headers: Mapping[str, str], content: bytes | None, limit: float | None) -> Received:
        """Send once and return the whole answer; raise Fault if there is none, TimeoutError after `limit` seconds."""
        import httpx

        method = "GET" if content is None else "POST"
        whole = self._patience.whole
        try:
            async with asyncio.timeout(whole if limit is None else min(whole, limit)):
                request = self._client.build_request(method, url, headers=dict(headers), content=content)
                response = await self._client.send(_with_context(request))
        except TimeoutError:
            if limit is not None and limit <= whole:
                raise
            raise Fault("time-out") from None
        except httpx.TransportError as error:
            raise _fault(error) from None
        except httpx.HTTPError as error:
            raise Fault(f"unreadable answer ({type(error).__name__})") from None
        return Received(response.status_code, dict(response.headers.items()), response.content)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


def _client(root: Root, patience: Patience, connections: int) -> httpx.AsyncClient:
    """Return httpx below the SDK's telemetry; its retries and redirects stay out, they know neither gate nor host."""
    import httpx
    from kiota_http.kiota_client_factory import KiotaClientFactory
    from msgraph_core.middleware import GraphTelemetryHandler

    client = httpx.AsyncClient(
        timeout=httpx.Timeout(patience.read, connect=patience.connect, pool=None),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        event_hooks={"request": [ReadOnly(root)]},
        # A proxy of the environment stands between here and the world, never between here and here.
        mounts={root.text: None} if root.is_loopback else None,
    )
    # Not by GraphClientFactory: its transport never closes the connections below it.
    return KiotaClientFactory.create_with_custom_middleware([GraphTelemetryHandler()], client=client)


def _with_context(request: httpx.Request) -> httpx.Request:
    """Return the request with the id by which Microsoft finds it again."""
    from msgraph_core.middleware import GraphRequestContext
    from msgraph_core.middleware.telemetry import GraphRequest

    cast(GraphRequest, request).context = GraphRequestContext({}, request.headers)
    return request


def _fault(error: httpx.TransportError) -> Fault:
    """Name what happened to a connection."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return Fault("time-out")
    if isinstance(error, httpx.ProxyError):
        return Fault("refused by the proxy", lasting=True)
    if isinstance(error, httpx.ConnectError):
        return _no_connection(error)
    if isinstance(error, httpx.DecodingError):
        return Fault("answer cut off")
    return Fault("connection dropped")


def _no_connection(error: BaseException) -> Fault:
    """Tell a name that nobody knows and a certificate that nobody trusts from a closed door."""
    causes: BaseException | None = error
    while causes is not None:
        if isinstance(causes, ssl.SSLError) or "CERTIFICATE_VERIFY_FAILED" in str(causes):
            return Fault("its TLS certificate is not trusted here", lasting=True)
        if isinstance(causes, OSError) and type(causes).__name__ == "gaierror":
            return Fault("its name cannot be resolved")
        causes = causes.__cause__ or causes.__context__
    return Fault("connection refused")
