"""A small real HTTP server that answers by script, also badly: cut off, reset, late, with the wrong length."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, cast

DATE = "Wed, 30 Sep 2026 02:00:04 GMT"
LATE = 0.4
"""Seconds; by then, those who come at the same time have come."""
AT = "2026-09-30T02:00:04Z"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def items(self) -> list[dict[str, Any]]:
        """Return the requests inside a batch."""
        return json.loads(self.body)["requests"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and what goes wrong with it."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wrong: Literal["", "reset", "short", "closed", "late", "gzip"] = ""

    @property
    def raw(self) -> bytes:
        """Return the body as bytes; what is none is sent as JSON."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Scripted = Reply | Callable[[Seen], Reply]


class SmallServer(ThreadingHTTPServer):
    """Answers each path by the replies scripted for it, the last again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[Seen] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self._scripts: dict[str, list[Scripted]] = defaultdict(list)

    @property
    def root(self) -> str:
        """Return the address to ask."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that hangs up is what some tests are about."""

    def says(self, path: str, *replies: Scripted) -> None:
        """Script the replies of a path with its query; "$batch" stands for the batches of v1.0."""
        self._scripts["/v1.0/$batch" if path == "$batch" else path].extend(replies)

    def replace(self, path: str, *replies: Scripted) -> None:
        """Script the replies of a path anew."""
        self._scripts["/v1.0/$batch" if path == "$batch" else path] = list(replies)

    def paths(self) -> list[str]:
        """Return what was asked, in order."""
        return [seen.path for seen in self.seen]

    def reply_to(self, seen: Seen) -> Reply:
        """Return the next reply."""
        with self.lock:
            self.seen.append(seen)
            script = self._scripts.get(seen.path) or [refusal(404, "Request_ResourceNotFound", "No such thing.")]
            said = script.pop(0) if len(script) > 1 else script[0]
        return said if isinstance(said, Reply) else said(seen)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def _answer(self) -> None:
        server = cast(SmallServer, self.server)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with server.lock:
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        reply = server.reply_to(Seen(self.command, self.path, headers, body))
        if reply.wrong == "late":
            time.sleep(LATE)
        with server.lock:
            server.at_once -= 1
        with suppress(ConnectionError):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.wrong == "closed":
            self.close_connection = True
            return
        raw = gzip.compress(reply.raw) if reply.wrong == "gzip" else reply.raw
        head = {"Date": DATE, "Content-Type": "application/json; charset=utf-8"}
        head |= {"Content-Encoding": "gzip"} if reply.wrong == "gzip" else {}
        head |= reply.headers | {"Content-Length": str(len(raw))}
        lines = [f"HTTP/1.1 {reply.status} Said", *(f"{name}: {value}" for name, value in head.items() if value)]
        cut = len(raw) // 2 if reply.wrong in ("reset", "short") else len(raw)
        self.wfile.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw[:cut])
        self.close_connection = reply.wrong in ("reset", "short")
        if reply.wrong == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


@contextmanager
def serving(server: SmallServer) -> Generator[SmallServer]:
    """Run a server for as long as it is needed."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def refusal(status: int, code: str, message: str = "", **headers: str) -> Reply:
    """Return a refusal as the service words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply({"error": {"code": code, "message": message}}, status, named)


def listed(*ids: str, then: str | None = None) -> Reply:
    """Return a page of records, which may name the next one."""
    return Reply({"value": [{"id": i} for i in ids]} | ({"@odata.nextLink": then} if then else {}))


def batch_reply(seen: Seen, answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Reply:
    """Return the answers to the items of a batch in reverse; None leaves one out."""
    answers = [{"id": item["id"]} | said for item in seen.items if (said := answer(item)) is not None]
    return Reply({"responses": answers[::-1]})
