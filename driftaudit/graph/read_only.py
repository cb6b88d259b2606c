"""The one place that everything passes on its way out: reading leaves, anything else does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from driftaudit.graph.address import Root
from driftaudit.graph.failures import NotReading

if TYPE_CHECKING:
    import httpx

_BATCHES = ("/v1.0/$batch", "/beta/$batch")


class _Inner(msgspec.Struct):
    method: str
    url: str
    headers: dict[str, Any] = {}


class _Batch(msgspec.Struct):
    requests: list[_Inner]


class ReadOnly:
    """A hook before every request that stops what is not a GET, or a batch of GETs, to the service itself."""

    def __init__(self, root: Root) -> None:
        """Let through what is for this root only."""
        self._root = root

    async def __call__(self, request: httpx.Request) -> None:
        """Return if the request may leave; raise NotReading if not."""
        self._root.url(str(request.url))
        path, content = request.url.path, request.content
        is_get = request.method == "GET" and not content
        is_batch = request.method == "POST" and path in _BATCHES and _reads_only(content)
        if not (is_get or is_batch) or _hides_method(request.headers):
            raise NotReading(
                f"A {request.method} request to {path} was stopped: driftaudit only reads.", "Please report this."
            )


def _reads_only(body: bytes) -> bool:
    """Tell whether a batch holds nothing but GETs."""
    try:
        inner = msgspec.json.decode(body, type=_Batch).requests
    except ValueError:
        return False
    return all(each.method == "GET" and each.url.startswith("/") and not _hides_method(each.headers) for each in inner)


def _hides_method(headers: Iterable[str]) -> bool:
    """Tell whether a header makes another request of it: X-HTTP-Method and its like."""
    return any(name.lower().startswith("x-http-method") for name in headers)
