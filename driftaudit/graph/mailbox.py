"""The mailbox of the sender: a mail in one piece, or a draft, its attachments in parts, and then the draft is sent.

This client is apart from the one that reads: it has another sign-in, and only mail leaves by it.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from driftaudit.errors import DriftauditError
from driftaudit.foreign_text import visible
from driftaudit.graph.address import root_of
from driftaudit.graph.mail_failures import ATTEMPTS, MailRefused, MailUnclear, told_by
from driftaudit.graph.patience import RETRIED, instant, retry_after
from driftaudit.graph.token import TokenSource
from driftaudit.graph.upload import Upload

if TYPE_CHECKING:
    import httpx

IN_ONE_PIECE = 3_000_000
"""Bytes from which an attachment is uploaded in parts."""
_LARGEST_REQUEST = 4_000_000
_SESSIONS = 3
_LONGEST = 200
_TOO_LARGE = {"errormessagesizeexceeded", "errorattachmentsizelimitexceeded", "requestentitytoolarge"}

# It logs whole addresses, and that of an upload is a permission.
logging.getLogger("httpx").setLevel(logging.WARNING)

Message = dict[str, Any]


class Mailbox:
    """The mailbox of one sender; use it as a context manager."""

    def __init__(self, root: str, tokens: TokenSource, sender: str, sleep: Callable[[float], None]) -> None:
        """Connect nothing yet."""
        self._root, self._tokens, self._sleep = root_of(root), tokens, sleep
        self._place = f"/v1.0/users/{quote(sender)}"

    def __enter__(self) -> Self:
        """Open the client; redirects are not followed, and nothing stands between this machine and itself."""
        import httpx

        mounts: dict[str, httpx.BaseTransport | None] | None = (
            {self._root.text: None} if self._root.is_loopback else None
        )
        self._client = httpx.Client(timeout=httpx.Timeout(120.0, connect=30.0), mounts=mounts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def fits(self, message: Message) -> bool:
        """Tell whether a mail with its attachments goes in one piece."""
        return len(_whole(message)) < _LARGEST_REQUEST

    def send(self, message: Message) -> None:
        """Send a mail in one piece; raise MailRefused or MailUnclear."""
        self._ask("POST", "/sendMail", _whole(message), expected=202, sends=True)

    def draft(self, message: Message) -> str:
        """Put a mail into the drafts and return its id there."""
        answer = self._ask("POST", "/messages", json.dumps(message).encode(), expected=201)
        return quote(str(told_by(answer).get("id", "")), safe="=")

    def send_draft(self, draft: str) -> None:
        """Send a draft; raise MailRefused or MailUnclear."""
        self._ask("POST", f"/messages/{draft}/send", b"", expected=202, sends=True)

    def drop(self, draft: str) -> None:
        """Remove a draft that will not be sent; one that stays behind does no harm."""
        try:
            self._ask("DELETE", f"/messages/{draft}", None, expected=204)
        except (MailRefused, DriftauditError):
            return

    def attach(self, draft: str, name: str, kind: str, content: bytes) -> None:
        """Attach a file to a draft: at once, or in parts where it is large."""
        place = f"/messages/{draft}/attachments"
        if len(content) < IN_ONE_PIECE:
            self._ask("POST", place, json.dumps(attachment(name, kind, content)).encode(), expected=201)
            return
        item = {"attachmentType": "file", "name": name, "size": len(content), "contentType": kind}
        asked = json.dumps({"AttachmentItem": item}).encode()
        for _ in range(_SESSIONS):
            session = told_by(self._ask("POST", f"{place}/createUploadSession", asked, expected=201))
            upload = Upload(self._client, self._root, self._pause)
            if upload.whole(str(session.get("uploadUrl", "")), content) or self._is_attached(place, name):
                return
        raise MailRefused("the service ended each upload before it was whole")

    def identity(self) -> str:
        """Sign in and return the token, which says as whom; nothing is asked of the mailbox."""
        return self._tokens.token()

    def _is_attached(self, place: str, name: str) -> bool:
        """Tell whether a file is there although the answer that said so was lost."""
        answer = self._ask("GET", f"{place}?$select=name", None, expected=200)
        return any(found.get("name") == name for found in told_by(answer).get("value", ()))

    def _ask(
        self, method: str, path: str, content: bytes | None, *, expected: int, sends: bool = False
    ) -> httpx.Response:
        """Return the answer that is expected; what did surely not send is tried again a few times."""
        renewed, attempt = False, 1
        while True:
            answer = self._once(method, path, content, sends=sends)
            status = answer.status_code if answer is not None else 0
            if answer is not None and status == expected:
                return answer
            if status == 401 and not renewed:
                renewed = True
                self._tokens.renewed()
                continue
            if sends and status in RETRIED - {429, 503}:
                raise MailUnclear(f"the service failed with status {status} while it took the mail")
            if (status and status not in RETRIED) or attempt >= ATTEMPTS:
                raise self._refusal(answer)
            self._pause(attempt, answer)
            attempt += 1

    def _once(self, method: str, path: str, content: bytes | None, *, sends: bool) -> httpx.Response | None:
        """Send once; return None if nobody answered and nothing was sent."""
        import httpx

        headers = {"authorization": f"Bearer {self._tokens.token()}", "accept": "application/json"}
        if content:
            headers["content-type"] = "application/json"
        try:
            return self._client.request(method, self._root.text + self._place + path, content=content, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
            return None
        except httpx.RequestError:
            if sends:
                raise MailUnclear("the connection ended while the service took the mail") from None
            return None

    def _pause(self, attempt: int, answer: httpx.Response | None) -> None:
        headers: Mapping[str, str] = answer.headers if answer is not None else {}
        date = instant(headers.get("date", ""))
        asked = retry_after(headers, date.isoformat() if date else "")
        self._sleep(min(120.0, asked) if asked is not None else 2.0 * 4 ** (attempt - 1))

    def _refusal(self, answer: httpx.Response | None) -> MailRefused:
        """Return in the service's words why it takes no mail."""
        if answer is None:
            return MailRefused(f"{self._root.origin[1]} cannot be reached")
        said = told_by(answer).get("error")
        told = said if isinstance(said, dict) else {}
        code, message = str(told.get("code", "")), str(told.get("message", ""))
        words = ": ".join(text for text in (code, message) if text) or "without a word"
        why = visible(f"refused with status {answer.status_code} ({words}"[:_LONGEST].rstrip(".")) + ")"
        return MailRefused(
            why, code, status=answer.status_code, too_large=answer.status_code == 413 or code.lower() in _TOO_LARGE
        )


def attachment(name: str, kind: str, content: bytes) -> dict[str, str]:
    """Return a file as it stands in a message."""
    text = base64.b64encode(content).decode("ascii")
    return {"@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentType": kind, "contentBytes": text}


def _whole(message: Message) -> bytes:
    return json.dumps({"message": message, "saveToSentItems": True}).encode()
