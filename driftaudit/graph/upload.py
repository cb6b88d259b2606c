"""An upload of one large file in parts, to the address that the service gave for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from driftaudit.errors import UsageError
from driftaudit.graph.address import Root, root_of
from driftaudit.graph.mail_failures import ATTEMPTS, MailRefused, told_by
from driftaudit.graph.patience import RETRIED

if TYPE_CHECKING:
    import httpx

PART = 10 * 320 * 1024
"""Bytes of one part: under 4 MB, and a multiple of what the service counts in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A client, for which root it is, and how it waits after so many failures and an answer."""

    client: httpx.Client
    root: Root
    pause: Callable[[int, httpx.Response | None], None]

    def whole(self, url: str, content: bytes) -> bool:
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
                self.pause(failed, answer)
                at = self._asked_for(url, at)
            else:
                raise MailRefused(f"a part of the upload was refused with status {status}", too_large=status == 413)
            if failed >= ATTEMPTS:
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
            return self.client.put(url, content=part, headers=headers)
        except (httpx.RequestError, httpx.InvalidURL):
            return None

    def _asked_for(self, url: str, at: int) -> int:
        """Return from which byte the service wants more; -1 if it does not know the upload any more."""
        import httpx

        try:
            answer = self.client.get(url)
        except (httpx.RequestError, httpx.InvalidURL):
            return at
        if answer.status_code in (404, 410):
            return -1
        return _next(answer, at) if answer.status_code == 200 else at

    def _check(self, url: str) -> None:
        """Raise MailRefused for an address of an upload that is not encrypted, or none."""
        parts = urlsplit(url)
        try:
            leads = root_of(f"{parts.scheme}://{parts.netloc}", "The address of the upload")
        except UsageError as error:
            raise MailRefused(error.happened.rstrip(".")) from None
        if leads.is_loopback and not self.root.is_loopback:
            raise MailRefused("the address of the upload leads to this machine")


def _next(answer: httpx.Response, otherwise: int) -> int:
    """Return the byte from which the service wants more."""
    said = {name.lower(): value for name, value in told_by(answer).items()}.get("nextexpectedranges")
    first = str(said[0]).partition("-")[0] if isinstance(said, list) and said else ""
    return int(first) if first.isdecimal() else otherwise
