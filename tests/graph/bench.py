"""What tests of the client share: time that never passes by itself, tokens of nobody, and a short way to ask."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.clock import Clock
from driftaudit.graph.events import Event
from driftaudit.graph.patience import Patience
from driftaudit.graph.token import TokenSource
from tests.graph.small_server import SmallServer

T = TypeVar("T")
NOW = 1790733604
"""The service's Date in seconds since 1970."""
TENANT = "9f2c7a10-0000-4000-8000-00000000c0de"


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0
        self.slept: list[float] = []

    def seconds(self) -> float:
        """Return the time so far."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once, but let others work."""
        until = self.now + seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now = max(self.now, until)

    def chance(self) -> float:
        """Return no chance."""
        return 1.0


def jwt(**claims: Any) -> str:
    """Return a token that nobody signed."""
    parts = ({"alg": "none"}, {"tid": TENANT, "exp": NOW + 3600, **claims})
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + ".c2ln"


@dataclass
class Tokens:
    """Tokens handed out one after the other; the last again and again."""

    texts: list[str] = field(default_factory=lambda: [jwt()])
    renewals: int = 0
    failure: Exception | None = None

    def token(self) -> str:
        """Return the first."""
        return self.texts[0]

    def renewed(self) -> str:
        """Return the next, or fail as told."""
        self.renewals += 1
        if self.failure:
            raise self.failure
        return self.texts[min(self.renewals, len(self.texts) - 1)]


@dataclass
class Bench:
    """A client at a small server."""

    server: SmallServer
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    tokens: TokenSource = field(default_factory=Tokens)
    patience: Patience = field(default_factory=Patience)
    deadline: float | None = None
    concurrency: int = 8

    def run(self, work: Callable[[Graph], Awaitable[T]], root: str | None = None, clock: Clock | None = None) -> T:
        """Return what the work gives."""

        async def inside() -> T:
            async with Graph(
                root or self.server.root,
                self.tokens,
                concurrency=self.concurrency,
                deadline=self.deadline,
                told=self.events.append,
                clock=clock or self.clock,
                patience=self.patience,
            ) as graph:
                return await work(graph)

        return asyncio.run(inside())

    def get(self, request: str) -> Answer:
        """Return one answer."""
        return self.run(lambda graph: graph.get(request))

    def batch(self, *requests: str) -> list[Answer]:
        """Return the answers of a batch."""
        return self.run(lambda graph: graph.batch(requests))

    def pages(
        self, request: str, first: Answer | None = None, headers: Mapping[str, str] | None = None
    ) -> list[Answer]:
        """Return all pages."""

        async def every(graph: Graph) -> list[Answer]:
            return [page async for page in graph.pages(request, first, headers or {})]

        return self.run(every)


def ids(answers: list[Answer]) -> list[str]:
    """Return the ids of all records on the pages."""
    return [record["id"] for answer in answers for record in json.loads(answer.body)["value"]]
