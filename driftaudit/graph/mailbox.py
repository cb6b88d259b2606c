"""The mailbox of the sender: a mail in one piece, or a draft, its attachments in parts, and then the draft is sent.

This client is apart from the one that reads: it has another sign-in, and only mail leaves by it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

from driftaudit.errors import DriftauditError, UsageError
from driftaudit.foreign_text import visible
from driftaudit.graph.address import root_of
from driftaudit.graph.patience import RETRIED, instant, retry_after
from driftaudit.graph.token import TokenSource

if TYPE_CHECKING:
    import httpx

PART = 10 * 320 * 1024
"""Bytes of one part of an upload: under 4 MB, and a multiple of what the service counts in."""
IN_ONE_PIECE = 3_000_000
"""Bytes from which an attachment is uploaded in parts."""
_LARGEST_REQUEST = 4_000_000
_ATTEMPTS, _SESSIONS = 4, 3
_LONGEST = 200
_TOO_LARGE = {"errormessagesizeexceeded", "errorattachmentsizelimitexceeded", "requestentitytoolarge"}

Message = dict[str, Any]


class MailRefused(Exception):
    """The mail has not left."""

    def __init__(self, why: str, code: str = "", *, too_large: bool = False) -> None:
        """Say why, with the service's word for it."""
        super().__init__(why)
        self.why, self.code, self.too_large = why, code, too_large


class MailUnclear(Exception):
    """The mail may have left or not."""


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
        return quote(str(_json(answer).get("id", "")), safe="=")

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
            session = _json(self._ask("POST", f"{place}/createUploadSession", asked, expected=201))
            if self._upload(str(session.get("uploadUrl", "")), content) or self._is_attached(place, name):
                return
        raise MailRefused("the service ended each upload before it was whole")

    def identity(self) -> str:
        """Sign in and return the token, which says as whom; nothing is asked of the mailbox."""
        return self._tokens.token()

    def _upload(self, url: str, content: bytes) -> bool:
        """Upload all parts; return False if the service does not know the upload any more."""
        self._check(url)
        at, failed = 0, 0
        while at < len(content):
            answer = self._part(url, content, at)
            status = answer.status_code if answer is not None else 0
            if answer is not None and status in (200, 202):
                taken = _next(answer, at + PART)
                failed = 0 if taken > at else failed + 1
                at = taken
            elif status == 201:
                return True
            elif status in (404, 410):
                return False
            elif status in (0, 409, 416) or status in RETRIED:
                failed += 1
                self._pause(failed, answer)
                at = self._asked_for(url, at)
            else:
                raise MailRefused(f"a part of the upload was refused with status {status}", too_large=status == 413)
            if failed >= _ATTEMPTS:
                raise MailRefused(f"the upload does not go on ({status or 'no answer'})")
            if at < 0:
                return False
        raise MailRefused("the upload ended without the service's word that it is whole")

    def _part(self, url: str, content: bytes, at: int) -> httpx.Response | None:
        """Send one part, without the token: the address itself is the permission."""
        import httpx

        part = content[at : at + PART]
        headers = {"content-range": f"bytes {at}-{at + len(part) - 1}/{len(content)}"}
        headers["content-type"] = "application/octet-stream"
        try:
            return self._client.put(url, content=part, headers=headers)
        except httpx.TransportError:
            return None

    def _asked_for(self, url: str, at: int) -> int:
        """Return from which byte the service wants more; -1 if it does not know the upload any more."""
        import httpx

        try:
            answer = self._client.get(url)
        except httpx.TransportError:
            return at
        if answer.status_code in (404, 410):
            return -1
        return _next(answer, at) if answer.status_code == 200 else at

    def _is_attached(self, place: str, name: str) -> bool:
        """Tell whether a file is there although the answer that said so was lost."""
        answer = self._ask("GET", f"{place}?$select=name", None, expected=200)
        return any(found.get("name") == name for found in _json(answer).get("value", ()))

    def _check(self, url: str) -> None:
        """Raise MailRefused for an address of an upload that is not encrypted, or none."""
        parts = urlsplit(url)
        try:
            leads = root_of(f"{parts.scheme}://{parts.netloc}", "The address of the upload")
        except UsageError as error:
            raise MailRefused(error.happened.rstrip(".")) from None
        if leads.is_loopback and not self._root.is_loopback:
            raise MailRefused("the address of the upload leads to this machine")

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
            if (status and status not in RETRIED) or attempt >= _ATTEMPTS:
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
        except httpx.TransportError:
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
        said = _json(answer).get("error")
        told = said if isinstance(said, dict) else {}
        code, message = str(told.get("code", "")), str(told.get("message", ""))
        words = ": ".join(text for text in (code, message) if text) or "without a word"
        why = visible(f"refused with status {answer.status_code} ({words}"[:_LONGEST].rstrip(".")) + ")"
        return MailRefused(why, code, too_large=answer.status_code == 413 or code.lower() in _TOO_LARGE)


def attachment(name: str, kind: str, content: bytes) -> dict[str, str]:
    """Return a file as it stands in a message."""
    text = base64.b64encode(content).decode("ascii")
    return {"@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentType": kind, "contentBytes": text}


def _whole(message: Message) -> bytes:
    return json.dumps({"message": message, "saveToSentItems": True}).encode()


def _json(answer: httpx.Response) -> dict[str, Any]:
    """Return what an answer says; one that is no object says nothing."""
    try:
        said = json.loads(answer.content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _next(answer: httpx.Response, otherwise: int) -> int:
    """Return the byte from which the service wants more."""
    said = {name.lower(): value for name, value in _json(answer).items()}.get("nextexpectedranges")
    first = str(said[0]).partition("-")[0] if isinstance(said, list) and said else ""
    return int(first) if first.isdecimal() else otherwise
