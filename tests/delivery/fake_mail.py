"""Microsoft Graph's mail as a real HTTP server on loopback: sendMail, drafts, attachments and upload sessions."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote

SENDER = "reports@contoso.example"
STEP = 320 * 1024
_LARGEST_REQUEST = 4 * 1024 * 1024
_LARGEST_INLINE = 3_000_000


@dataclass
class Draft:
    """A mail in the making."""

    message: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Session:
    """An upload under way."""

    draft: str
    name: str
    size: int
    content: bytes = b""


Answer = tuple[int, Any]


@dataclass
class FakeMail:
    """The mailboxes: what was sent, and what is answered in place of the usual, once per entry."""

    root: str = ""
    token: str = ""
    sent: list[Draft] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    """The Content-Range of each part that was taken."""
    faults: dict[str, list[Any]] = field(default_factory=dict)
    """By the last word of a path, or PUT: a status, a pair of status and body, "lost" or "expire"."""
    loses_answer: bool = False
    number: int = 0

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer a request as the service does."""
        self.asked.append(f"{method} {path}")
        if method in ("PUT", "GET") and path.startswith("/upload/"):
            return self._upload(method, path.rpartition("/")[2], headers, body)
        if headers.get("authorization") != f"Bearer {self.token}":
            return _refusal(401, "InvalidAuthenticationToken")
        if fault := self._fault(path.rpartition("/")[2].partition("?")[0]):
            return fault
        place = f"/v1.0/users/{SENDER}"
        if not unquote(path).startswith(place):
            return _refusal(403, "ErrorAccessDenied", "Access to OData is disabled.")
        if len(body) > _LARGEST_REQUEST:
            return _refusal(413, "RequestEntityTooLarge")
        return self._mailbox(method, unquote(path).removeprefix(place), json.loads(body) if body else {})

    def _mailbox(self, method: str, path: str, said: dict[str, Any]) -> Answer:
        if (method, path) == ("POST", "/sendMail"):
            return self._send(Draft(said["message"], _files(said["message"])))
        if (method, path) == ("POST", "/messages"):
            self.number += 1
            self.drafts[f"D{self.number}=="] = Draft(said)
            return 201, {"id": f"D{self.number}==", "isDraft": True}
        found = re.fullmatch(r"/messages/([^/]+)(/.*)?", path)
        if not found or found[1] not in self.drafts:
            return _refusal(404, "ErrorItemNotFound")
        return self._draft(method, found[1], (found[2] or "").partition("?")[0], said)

    def _draft(self, method: str, name: str, path: str, said: dict[str, Any]) -> Answer:
        draft = self.drafts[name]
        if (method, path) == ("DELETE", ""):
            del self.drafts[name]
            return 204, None
        if (method, path) == ("GET", "/attachments"):
            return 200, {"value": [{"name": file} for file in draft.files]}
        if (method, path) == ("POST", "/attachments"):
            draft.files |= _files({"attachments": [said]})
            return 201, {}
        if (method, path) == ("POST", "/attachments/createUploadSession"):
            item = said["AttachmentItem"]
            self.number += 1
            self.sessions[f"U{self.number}"] = Session(name, item["name"], item["size"])
            url = f"{self.root}/upload/U{self.number}"
            return 201, {"uploadUrl": url, "nextExpectedRanges": ["0-"], "expirationDateTime": "2026-10-01T05:00:00Z"}
        if (method, path) == ("POST", "/send"):
            return self._send(self.drafts.pop(name))
        return _refusal(405, "MethodNotAllowed")

    def _send(self, draft: Draft) -> Answer:
        self.sent.append(draft)
        return (0, None) if self.loses_answer else (202, None)

    def _upload(self, method: str, name: str, headers: dict[str, str], body: bytes) -> Answer:
        if "authorization" in headers:
            return _refusal(401, "TokenNotWanted")
        session = self.sessions.get(name)
        fault = self.faults["PUT"].pop(0) if method == "PUT" and self.faults.get("PUT") else None
        if fault == "expire":
            self.sessions.clear()
            session = None
        if session is None:
            return _refusal(404, "ErrorItemNotFound")
        if isinstance(fault, int):
            return _refusal(fault, "ServiceFailed")
        if method == "PUT":
            done = self._take(name, session, headers["content-range"], body)
            return (0, None) if fault == "lost" else done
        return 200, _expected(session)

    def _take(self, name: str, session: Session, said: str, body: bytes) -> Answer:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", said)
        assert found is not None
        first, last, total = map(int, found.groups())
        if first != len(session.content) or last - first + 1 != len(body) or total != session.size:
            return _refusal(416, "InvalidRange")
        if last + 1 < total and len(body) % STEP:
            return _refusal(400, "NotAMultipleOf320KiB")
        session.content += body
        self.parts.append(said)
        if len(session.content) < total:
            return 200, _expected(session)
        self.drafts[session.draft].files[session.name] = session.content
        del self.sessions[name]
        return 201, None

    def _fault(self, word: str) -> Answer | None:
        if not self.faults.get(word):
            return None
        fault = self.faults[word].pop(0)
        if fault == "lost":
            return 0, None
        return _refusal(fault, "ServiceFailed") if isinstance(fault, int) else _refusal(*fault)


def _expected(session: Session) -> dict[str, Any]:
    """Return what is wanted next, spelled as the service spells it."""
    said = [f"{len(session.content)}-{session.size - 1}"]
    return {"ExpirationDateTime": "2026-10-01T05:00:00Z", "NextExpectedRanges": said}


def _files(message: dict[str, Any]) -> dict[str, bytes]:
    files = {each["name"]: base64.b64decode(each["contentBytes"]) for each in message.get("attachments", ())}
    assert all(len(content) < _LARGEST_INLINE for content in files.values())
    return files


def _refusal(status: int, code: str, message: str = "") -> Answer:
    return status, {"error": {"code": code, "message": message}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said = cast(_Server, self.server).mail.answer(self.command, self.path, headers, body)
        if status == 0:
            self.close_connection = True
            return
        raw = b"" if said is None else json.dumps(said).encode()
        with suppress(ConnectionError):
            self.send_response(status)
            if status == 503:
                self.send_header("Retry-After", "7")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    mail: FakeMail

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet."""


@contextmanager
def fake_mail(token: str) -> Generator[FakeMail]:
    """Run the service for as long as it is needed; it knows one token."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.mail = FakeMail(f"http://127.0.0.1:{server.server_port}", token)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.mail
        finally:
            server.shutdown()
            thread.join()
