"""Faults on demand: by rule (which path, which call) or by chance (a seed and a rate)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from tests.fake_graph.clock import Clock
from tests.fake_graph.paging import expired
from tests.fake_graph.refusals import Refusal, denied, not_found, unauthorised
from tests.fake_graph.wire import End, Reply

Kind = Literal[
    "throttled",
    "broken",
    "reset",
    "dropped",
    "truncated",
    "slow",
    "html",
    "expired_page",
    "expired_sign_in",
    "wrong_date",
    "near_limit",
    "refused",
    "not_found",
]
INSTEAD = {"throttled", "broken", "html", "expired_page", "expired_sign_in", "refused", "not_found"}
IN_A_BATCH = INSTEAD - {"html", "expired_page", "expired_sign_in"}
ENDS: dict[str, End] = {"reset": "reset", "dropped": "dropped"}
_OWN_HEADERS = {"request-id", "client-request-id", "x-ms-resource-unit"}
"""What the service puts into every answer, and nobody else."""
PROXY = b"<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
BROKEN = {500: "InternalServerError", 502: "BadGateway", 503: "serviceNotAvailable", 504: "gatewayTimeout"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    kind: Kind
    status: int = 0
    retry_after: int | None = None
    as_date: bool = False
    seconds: float = 0.0


def throttled(retry_after: int | None = None, *, as_date: bool = False) -> Fault:
    """Return a 429; `retry_after` as seconds or as a date, None = it does not say when."""
    return Fault("throttled", 429, retry_after, as_date)


def broken(status: int, retry_after: int | None = None) -> Fault:
    """Return a 5xx."""
    return Fault("broken", status, retry_after)


def slow(seconds: float) -> Fault:
    """Return an answer that takes its time."""
    return Fault("slow", seconds=seconds)


def html(status: int = 200) -> Fault:
    """Return the page of a proxy that stands in the way."""
    return Fault("html", status)


def wrong_date(seconds: float) -> Fault:
    """Return a right answer whose `Date` is seconds off."""
    return Fault("wrong_date", seconds=seconds)


RESET, DROPPED, TRUNCATED = Fault("reset"), Fault("dropped"), Fault("truncated")
EXPIRED_PAGE, EXPIRED_SIGN_IN = Fault("expired_page"), Fault("expired_sign_in")
NEAR_LIMIT, REFUSED, NOT_FOUND = Fault("near_limit"), Fault("refused"), Fault("not_found")
PASSING = (
    throttled(0),
    throttled(0, as_date=True),
    throttled(),
    broken(500),
    broken(502),
    broken(503, 0),
    broken(504),
    RESET,
    DROPPED,
    TRUNCATED,
)
"""What goes wrong on a bad day and is over when it is asked again."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault at certain calls of the paths that match; `each` counts every address by itself."""

    fault: Fault
    path: str = "*"
    calls: tuple[int, ...] | None = (1,)
    """Which calls, from 1; None = all."""
    each: bool = False


@dataclass(frozen=True, slots=True)
class Chance:
    """Faults at a rate: the same ones for the same seed; never more than `at_most` in a row at one address."""

    rate: float
    seed: int = 0
    faults: tuple[Fault, ...] = PASSING
    at_most: int = 3


class Faults:
    """Decides what goes wrong."""

    def __init__(self, given: Sequence[Rule | Chance] = ()) -> None:
        """Start with the faults that are wanted."""
        self.given = list(given)
        self._calls: Counter[tuple[int, str]] = Counter()
        self._in_a_row: Counter[str] = Counter()

    def of(self, path: str, asked: str, *, further: bool, batched: bool) -> Fault | None:
        """Return what goes wrong with this request; `asked` is the address without page token."""
        for index, given in enumerate(self.given):
            if isinstance(given, Rule):
                found = self._by_rule(index, given, path, asked, further, batched)
            else:
                found = self._by_chance(index, given, asked, further, batched)
            if found:
                return found
        return None

    def _by_rule(self, index: int, rule: Rule, path: str, asked: str, further: bool, batched: bool) -> Fault | None:
        if not fnmatchcase(path, rule.path) or not _possible(rule.fault, further, batched):
            return None
        key = (index, asked if rule.each else "")
        self._calls[key] += 1
        return rule.fault if rule.calls is None or self._calls[key] in rule.calls else None

    def _by_chance(self, index: int, chance: Chance, asked: str, further: bool, batched: bool) -> Fault | None:
        possible = [fault for fault in chance.faults if _possible(fault, further, batched)]
        key = (index, asked)
        self._calls[key] += 1
        drawn = hashlib.blake2b(f"{chance.seed} {asked} {self._calls[key]}".encode(), digest_size=8).digest()
        hit = int.from_bytes(drawn[:4]) / 2**32 < chance.rate
        if not hit or not possible or self._in_a_row[asked] >= chance.at_most:
            self._in_a_row[asked] = 0
            return None
        self._in_a_row[asked] += 1
        return possible[int.from_bytes(drawn[4:]) % len(possible)]


def _possible(fault: Fault, further: bool, batched: bool) -> bool:
    """Tell whether a fault can happen to this request at all."""
    return (further or fault.kind != "expired_page") and (not batched or fault.kind in IN_A_BATCH)


def instead(fault: Fault, clock: Clock, path: str) -> Refusal | Reply | None:
    """Return what is answered instead of data."""
    headers = _retry_after(fault, clock)
    match fault.kind:
        case "throttled":
            headers |= {"x-ms-throttle-scope": "Tenant_Application/ReadWrite/*/*"}
            return Refusal(429, "TooManyRequests", "Too many requests.", headers)
        case "broken":
            return Refusal(fault.status, BROKEN.get(fault.status, "UnknownError"), "Something went wrong.", headers)
        case "html":
            return Reply(fault.status, {"content-type": "text/html; charset=utf-8"}, PROXY)
        case "expired_page":
            return expired()
        case "expired_sign_in":
            return unauthorised("Lifetime validation failed, the token is expired.")
        case "refused":
            return denied()
        case "not_found":
            return not_found(path.rpartition("/")[2])
        case _:
            return None


def _retry_after(fault: Fault, clock: Clock) -> dict[str, str]:
    if fault.retry_after is None:
        return {}
    return {"retry-after": clock.http(fault.retry_after) if fault.as_date else str(fault.retry_after)}


def spoiled(reply: Reply, fault: Fault, clock: Clock) -> Reply:
    """Return a right answer as it arrives when this goes wrong on the way."""
    headers = dict(reply.headers)
    if fault.kind == "html":
        headers = {name: text for name, text in headers.items() if name not in _OWN_HEADERS}
    if fault.kind == "wrong_date":
        headers["date"] = clock.http(fault.seconds)
    if fault.kind == "near_limit":
        headers["x-ms-throttle-limit-percentage"] = "0.9"
    body = reply.body[: len(reply.body) * 2 // 3] if fault.kind == "truncated" else reply.body
    end = ENDS.get(fault.kind, "whole")
    return replace(reply, headers=headers, body=body, end=end, delay=fault.seconds if fault.kind == "slow" else 0.0)
