"""HTTP/1.1 on one connection: what it takes to serve requests with or without a body of known length."""

from __future__ import annotations

import asyncio
import http
import socket
import struct
from collections.abc import Callable

from tests.fake_graph.wire import Application, Reply, Request

REASONS = {status.value: status.phrase for status in http.HTTPStatus}
HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Http1(asyncio.Protocol):
    """Answer one request after the other; hands the connection on where the first bytes are HTTP/2."""

    def __init__(self, application: Application, http2: Callable[[], asyncio.Protocol]) -> None:
        """Answer with `application`; `http2` makes what takes over."""
        self.application = application
        self.http2 = http2
        self.buffer = b""
        self.fresh = True
        self.waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, or hand it on at once where the handshake agreed on HTTP/2."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        secured = transport.get_extra_info("ssl_object")
        if secured is not None and secured.selected_alpn_protocol() == "h2":
            self._hand_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget an answer that nobody waits for any more."""
        if self.waiting:
            self.waiting.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self.buffer += data
        if self.fresh and self.buffer[: len(HTTP2_PREFACE)] == HTTP2_PREFACE:
            return self._hand_on()
        if self.fresh and HTTP2_PREFACE.startswith(self.buffer):
            return None
        self.fresh = False
        return self._serve()

    def _hand_on(self) -> None:
        """Let HTTP/2 take over, with what was read already."""
        protocol = self.http2()
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        if self.buffer:
            protocol.data_received(self.buffer)

    def _serve(self) -> None:
        """Take complete requests off the buffer until one is answered late."""
        while self.waiting is None and (request := self._taken()):
            reply = self.application(request)
            if reply.delay:
                loop = asyncio.get_running_loop()
                self.waiting = loop.call_later(reply.delay, self._late, reply)
            else:
                self._send(reply)

    def _late(self, reply: Reply) -> None:
        """Send what was held back, then go on."""
        self.waiting = None
        self._send(reply)
        self._serve()

    def _taken(self) -> Request | None:
        """Return the next complete request."""
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self.buffer = rest[length:]
        method, target, _ = first.split(" ", 2)
        return Request(method, target, headers, rest[:length])

    def _send(self, reply: Reply) -> None:
        """Write a reply, or the half of it that a broken connection lets through."""
        lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        head = "\r\n".join([*lines, f"content-length: {len(reply.body)}", "", ""]).encode("latin-1")
        if reply.end == "whole":
            self.transport.write(head + reply.body)
            return
        self.transport.write(head + reply.body[: len(reply.body) // 2])
        if reply.end == "reset":
            reset_on_close(self.transport)
        self.transport.close()


def reset_on_close(transport: asyncio.Transport) -> None:
    """Let the closing of a connection be a reset instead of a farewell."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
