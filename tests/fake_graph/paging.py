"""Pages: how much of a list one answer holds, and the opaque token with which the next one is asked for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.fake_graph.query import Options
from tests.fake_graph.refusals import Refusal, unsupported
from tests.fake_graph.route import Route

LIFE = 3600
"""Seconds of the service's clock after which a page token is no longer taken."""
SIGN_IN_MOST = 120
EXPANDED_MOST = 100
"""Users and groups with an expanded relation come a hundred at a time, whatever `$top` says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list a page begins; an `empty` page holds nothing and still leads on."""

    start: int
    empty: bool = False
    advanced: bool = False


class Tokens:
    """Makes and reads page tokens; nobody else can."""

    def __init__(self, secret: bytes) -> None:
        """Sign with `secret`."""
        self._secret = secret

    def made(self, place: Place, asked: str, now: int) -> str:
        """Return a token that leads to a place in the list that was `asked` for."""
        body = struct.pack(">QIBB", now, place.start, place.empty, place.advanced)
        return base64.urlsafe_b64encode(b"\x01" + body + self._signed(body, asked)).decode()

    def read(self, token: str, asked: str, now: int) -> Place:
        """Return where a token leads; refuses one that is not from here, for another list, or too old."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except (binascii.Error, ValueError):
            raw = b""
        body, signature = raw[1:15], raw[15:]
        if len(body) != 14 or signature != self._signed(body, asked):
            raise unsupported("The specified page token value is invalid: invalid page token specified.")
        made_at, start, empty, advanced = struct.unpack(">QIBB", body)
        if now - made_at > LIFE:
            raise expired()
        return Place(start, bool(empty), bool(advanced))

    def sealed(self, state: dict[str, Any]) -> str:
        """Return a token that holds a state."""
        body = msgspec.json.encode(state)
        return base64.urlsafe_b64encode(self._signed(body, "") + body).decode()

    def opened(self, token: str) -> dict[str, Any] | None:
        """Return the state that a token holds, if it is from here."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except (binascii.Error, ValueError):
            return None
        return msgspec.json.decode(raw[25:]) if raw[:25] == self._signed(raw[25:], "") else None

    def _signed(self, body: bytes, asked: str) -> bytes:
        return hashlib.blake2b(body + asked.encode(), key=self._secret, digest_size=25).digest()


def expired() -> Refusal:
    """Return the refusal of a token that is too old."""
    told = "The specified page token value has expired and can no longer be included in your request."
    return Refusal(400, "Directory_ExpiredPageToken", told)


def page_size(route: Route, options: Options, cap: int | None) -> int:
    """Return how many records a page holds; `cap` makes all pages shorter than asked for."""
    most = route.most
    if options.top is not None and route.top == "refused" and not 1 <= options.top <= most:
        raise unsupported(f"Invalid page size specified: '{options.top}'. Must be between 1 and {most} inclusive.")
    size = route.page if options.top is None or route.top == "ignored" else min(options.top, most)
    if route.directory and options.expand:
        size = min(size, EXPANDED_MOST)
    if route.kind == "user" and "signInActivity" in (options.select or ()):
        size = min(size, SIGN_IN_MOST)
    return max(1, min(size, cap or size))


def next_place(place: Place, size: int, total: int, with_empty: bool) -> Place | None:
    """Return where the next page begins; the second page of every four is an empty one before the real one."""
    if place.empty:
        return Place(place.start, False, place.advanced)
    start = place.start + size
    if start >= total:
        return None
    return Place(start, with_empty and start // size % 4 == 1, place.advanced)
