"""HTTP/2 on one connection: many requests at once, as far as the other side's windows let answers through."""

from __future__ import annotations

import asyncio
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from tests.fake_graph.http1 import reset_on_close
from tests.fake_graph.wire import Application, Reply, Request


class Http2(asyncio.Protocol):
    """Answer the requests of all streams."""

    def __init__(self, application: Application) -> None:
        """Answer with `application`."""
        self.application = application
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        self.connection = h2.connection.H2Connection(config)
        self.asked: dict[int, tuple[dict[str, str], bytearray]] = {}
        self.unsent: dict[int, memoryview] = {}
        self.late: set[asyncio.TimerHandle] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.connection.initiate_connection()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget answers that nobody waits for any more."""
        for handle in self.late:
            handle.cancel()

    def data_received(self, data: bytes) -> None:
        """Take in frames, answer what is complete."""
        try:
            events = self.connection.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._flush()
            self.transport.close()
            return
        for event in events:
            self._happened(event)
        self._flush()

    def _happened(self, event: Any) -> None:
        """Do what one event asks for."""
        match event:
            case h2.events.RequestReceived():
                self.asked[event.stream_id] = (dict(event.headers), bytearray())
            case h2.events.DataReceived():
                self.asked[event.stream_id][1].extend(event.data)
                self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                self._answer(event.stream_id)
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                for stream in list(self.unsent):
                    self._send_body(stream)
            case h2.events.StreamReset():
                self.asked.pop(event.stream_id, None)
                self.unsent.pop(event.stream_id, None)
            case h2.events.ConnectionTerminated():
                self.transport.close()

    def _answer(self, stream: int) -> None:
        """Answer one stream, now or later."""
        headers, body = self.asked.pop(stream)
        reply = self.application(Request(headers[":method"], headers[":path"], headers, bytes(body)))
        if reply.delay:
            handle = asyncio.get_running_loop().call_later(reply.delay, self._send_late, stream, reply)
            self.late.add(handle)
        else:
            self._send(stream, reply)

    def _send_late(self, stream: int, reply: Reply) -> None:
        """Send what was held back, unless the stream is gone."""
        if self.connection.streams.get(stream) and not self.connection.streams[stream].closed:
            self._send(stream, reply)
            self._flush()

    def _send(self, stream: int, reply: Reply) -> None:
        """Send the head and as much of the body as may be sent."""
        head = [(":status", str(reply.status)), *reply.headers.items(), ("content-length", str(len(reply.body)))]
        self.connection.send_headers(stream, head)
        if reply.end == "whole":
            self.unsent[stream] = memoryview(reply.body)
            return self._send_body(stream)
        room = min(len(reply.body) // 2, self.connection.local_flow_control_window(stream), 16_384)
        self.connection.send_data(stream, reply.body[:room])
        if reply.end == "reset":
            return self.connection.reset_stream(stream)
        self._flush()
        reset_on_close(self.transport)
        return self.transport.close()

    def _send_body(self, stream: int) -> None:
        """Send what the windows allow of a body, and keep the rest."""
        body = self.unsent[stream]
        while True:
            room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
            if len(body) and room <= 0:
                self.unsent[stream] = body
                return
            self.connection.send_data(stream, bytes(body[:room]), end_stream=len(body) <= room)
            body = body[room:]
            if not len(body):
                del self.unsent[stream]
                return

    def _flush(self) -> None:
        """Write what is ready."""
        if data := self.connection.data_to_send():
            self.transport.write(data)
