"""Microsoft Graph for whoever collects: one request, many in batches, or all pages of a list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from hashlib import blake2b
from types import TracebackType
from typing import Self

from driftaudit.graph.address import root_of, service_of
from driftaudit.graph.answer import Answer
from driftaudit.graph.batch import ask_in_batches
from driftaudit.graph.clock import Clock, RealClock
from driftaudit.graph.envelope import CutOff, Envelope, envelope, page
from driftaudit.graph.events import Event, ignore
from driftaudit.graph.exchange import Asked, Exchange
from driftaudit.graph.failures import BrokenAnswer, place, refusal
from driftaudit.graph.gate import Gate
from driftaudit.graph.patience import Patience
from driftaudit.graph.token import Token, TokenSource

_HEADERS = {"accept": "application/json", "x-ms-throttle-priority": "low"}
_COUNT_HEADERS = {**_HEADERS, "accept": "text/plain", "consistencylevel": "eventual"}
"""A `$count` answers with a bare number, and only so."""
NO_HEADERS: Mapping[str, str] = {}


class Graph:
    """A client for one root; use it as an async context manager. It reads and does nothing else."""

    def __init__(
        self,
        root: str,
        token: TokenSource,
        *,
        concurrency: int = 8,
        deadline: float | None = None,
        told: Callable[[Event], None] = ignore,
        headers: Mapping[str, str] = NO_HEADERS,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Take the root without version, and the seconds allowed for everything together; connect nothing yet."""
        self._root, self._source = root_of(root), token
        self._concurrency, self._deadline, self._told = max(1, concurrency), deadline, told
        self._headers = {name.lower(): value for name, value in headers.items()}
        self._clock, self._patience = clock or RealClock(), patience or Patience()

    async def __aenter__(self) -> Self:
        """Start the time limit."""
        from driftaudit.graph.wire import Wire

        connections = self._concurrency + 12
        self._wire = Wire(self._root, self._patience, connections)
        self._exchange = Exchange(
            self._root,
            self._wire,
            Token(self._source, self._clock),
            Gate(self._clock, self._deadline, self._told),
            self._clock,
            self._patience,
            self._concurrency,
            self._told,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._wire.close()

    async def get(self, request: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """Return the final answer, whatever its status; raise GraphFailure where there is none."""
        answer, _ = await self._get(request, headers)
        return answer

    async def batch(self, requests: Sequence[str], headers: Mapping[str, str] = NO_HEADERS) -> list[Answer]:
        """Return the final answers of any number of requests, in their order; 20 go in one POST."""
        answers = await ask_in_batches(self._exchange, requests, self._with(headers, ""))
        # What no batch ever answered is asked for alone, so that there is always an answer or a reason.
        return [answer or await self.get(request, headers) for request, answer in zip(requests, answers, strict=True)]

    async def pages(
        self, request: str, first: Answer | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> AsyncIterator[Answer]:
        """Yield every page, each whole and with status 200; raise Refused, PageTokenExpired or another GraphFailure."""
        visited = {_digest(request)}
        answer, found = await self._get(request, headers) if first is None else (first, _envelope(first))
        while True:
            if answer.status != 200:
                raise refusal(answer, following=len(visited) > 1)
            link = page(answer, found).next_link
            yield answer
            if link is None:
                return
            following = self._root.own(link, answer.request)
            if _digest(following) in visited:
                raise BrokenAnswer(f"The pages of {place(request)} lead in a circle.", "Collect again later.")
            visited.add(_digest(following))
            answer, found = await self._get(following, headers)

    def own(self, link: str) -> str:
        """Return a link that this service gave as a request; raise BrokenAnswer if it leads elsewhere."""
        return self._root.own(link, "/")

    async def _get(self, request: str, headers: Mapping[str, str]) -> tuple[Answer, Envelope | None]:
        asked = Asked(request, self._root.url(request), service_of(request), self._with(headers, request))
        return await self._exchange.ask(asked, envelope)

    def _with(self, headers: Mapping[str, str], request: str) -> dict[str, str]:
        """Return the headers of a request; they are the same on every page of it."""
        usual = _COUNT_HEADERS if request.partition("?")[0].endswith("/$count") else _HEADERS
        return {**usual, **self._headers, **{name.lower(): value for name, value in headers.items()}}


def _envelope(first: Answer) -> Envelope | None:
    """Return the envelope of a page that came in a batch."""
    try:
        return envelope(first) if first.status == 200 else None
    except CutOff:
        return None


def _digest(request: str) -> bytes:
    """Return a short stand-in: page tokens are long, and there may be tens of thousands of them."""
    return blake2b(request.encode(), digest_size=16).digest()
