"""SharePoint for whoever collects: asked as Graph is, by full addresses, with a token for SharePoint's own host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

from driftaudit.graph.answer import Answer
from driftaudit.graph.batch import together
from driftaudit.graph.client import Graph

HEADERS = {"accept": "application/json;odata=nometadata"}


class SharePoint:
    """One tenant's SharePoint; every site is asked at the one host that the sign-in is for."""

    def __init__(self, client: Graph, root: str) -> None:
        """Use a client whose root is that host; whatever host a site's address names, no token goes there."""
        self._client, self._root = client, root.rstrip("/")

    async def batch(self, requests: Sequence[str]) -> list[Answer]:
        """Return the final answers in their order; SharePoint takes no batches, so each is asked alone."""
        return await together([self._client.get(self._here(request)) for request in requests])

    def pages(self, request: str, first: Answer | None = None) -> AsyncIterator[Answer]:
        """Yield every page of a list, as `Graph.pages` does."""
        return self._client.pages(self._here(request), first)

    def _here(self, request: str) -> str:
        """Return a request with the scheme and the host for which we have a token."""
        parts = urlsplit(request)
        return self._root + parts.path + (f"?{parts.query}" if parts.query else "")
