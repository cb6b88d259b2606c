"""The server: two ports of this machine, HTTP/1.1 and HTTP/2 on both, in a thread of their own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.fake_graph.http1 import Http1
from tests.fake_graph.http2 import Http2
from tests.fake_graph.service import Service
from tests.fake_graph.wire import Application

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a service is reached."""

    graph: str
    sharepoint: str


class _Door:
    """One listening port with the connections that came through it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.open: list[asyncio.BaseTransport] = []

    def connection(self) -> Http1:
        """Return what serves one connection."""
        protocol = Http1(self.application, lambda: Http2(self.application))
        made = protocol.connection_made

        def remembered(transport: asyncio.BaseTransport) -> None:
            self.open[:] = [*(t for t in self.open if not t.is_closing()), transport]
            made(transport)

        protocol.connection_made = remembered
        return protocol


@contextmanager
def listening(service: Service, secured: ssl.SSLContext | None) -> Generator[Addresses]:
    """Serve in a thread until the block ends; connections still open then are cut, and a fault of ours is raised."""
    loop = asyncio.new_event_loop()
    ours: list[BaseException] = []
    loop.set_exception_handler(lambda _, told: ours.append(told.get("exception") or RuntimeError(told["message"])))
    doors = [_Door(service.graph), _Door(service.sharepoint)]
    servers = [
        loop.run_until_complete(loop.create_server(door.connection, HOST, 0, ssl=secured, backlog=512))
        for door in doors
    ]
    scheme = "https" if secured else "http"
    places = Addresses(*(f"{scheme}://{HOST}:{server.sockets[0].getsockname()[1]}" for server in servers))
    service.at(places.graph, places.sharepoint)
    thread = threading.Thread(target=loop.run_forever, name="fake Graph", daemon=True)
    thread.start()
    try:
        yield places
    finally:
        asyncio.run_coroutine_threadsafe(_close(servers, doors), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
    if ours:
        raise RuntimeError("The fake service itself is broken.") from ours[0]


async def _close(servers: list[asyncio.Server], doors: list[_Door]) -> None:
    """Stop listening and cut what is open."""
    for server in servers:
        server.close()
    for transport in [transport for door in doors for transport in door.open]:
        if isinstance(transport, asyncio.Transport):
            transport.abort()
    for server in servers:
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 2)
