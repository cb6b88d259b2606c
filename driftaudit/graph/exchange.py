"""Asking until there is an answer: pauses, retries, renewed tokens and the time limit, for any one request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from driftaudit.graph.address import CAP, SERVICES, Root
from driftaudit.graph.answer import Answer
from driftaudit.graph.clock import Clock
from driftaudit.graph.envelope import CutOff
from driftaudit.graph.events import Event, Retried
from driftaudit.graph.failures import BrokenAnswer, GraphFailure, NotGraph, Unreachable, place
from driftaudit.graph.gate import PERCENTAGE, Gate
from driftaudit.graph.pace import PACES, Pace
from driftaudit.graph.patience import RETRIED, Patience, instant, retry_after
from driftaudit.graph.token import Token
from driftaudit.graph.wire import Fault, Received, Wire

T = TypeVar("T")
_OWN_HEADERS = ("request-id", "x-ms-ags-diagnostic", "sprequestguid")
"""One of these stands in every answer of the service, and in no proxy's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, ready to leave."""

    request: str
    url: str
    service: str
    headers: Mapping[str, str]
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Try(Generic[T]):
    """What came of sending a request once: an answer or a failure, and why it should be sent again."""

    answer: Answer | None = None
    read: T | None = None
    failure: GraphFailure | None = None
    again: str | None = None
    limit: int = 1
    paused: bool = False


@dataclass
class Exchange:
    """What all requests of a run share."""

    root: Root
    wire: Wire
    token: Token
    gate: Gate
    clock: Clock
    patience: Patience
    concurrency: int
    told: Callable[[Event], None]
    _slots: dict[str, asyncio.Semaphore] = field(init=False)
    _paces: dict[str, Pace] = field(init=False)
    _date: str = ""
    _at: str = ""
    _was_answered: bool = False

    def __post_init__(self) -> None:
        """Give each service its own number of calls at once."""
        caps = {name: min(CAP, self.concurrency) for name in SERVICES} | {SERVICES[-1]: self.concurrency}
        self._slots = {name: asyncio.Semaphore(cap) for name, cap in caps.items()}
        self._paces = {name: Pace(*limit) for name, limit in PACES.items()}

    async def ask(self, asked: Asked, read: Callable[[Answer], T]) -> tuple[Answer, T | None]:
        """Return the final answer, and what `read` makes of it if its status is 200."""
        sent = 1
        came = await self._try(asked, read, sent)
        while came.again is not None and sent < came.limit:
            self.told(Retried(asked.service, came.again, sent))
            await self.rest(1 if came.paused else sent)
            sent += 1
            came = await self._try(asked, read, sent)
        if came.failure is not None or came.answer is None:
            raise came.failure or AssertionError(asked.request)
        return came.answer, came.read

    async def rest(self, sent: int) -> None:
        """Wait as long as is right after so many tries."""
        await self.gate.rest(self.patience.wait(sent, self.clock.chance()))

    def heed(self, headers: Mapping[str, str], status: int, at: str) -> bool:
        """Let everybody pause or slow down as an answer asks for; tell whether it asked for a pause."""
        self.gate.heed(headers)
        wait = retry_after(headers, at) if status in RETRIED else None
        if wait:
            self.gate.pause(wait)
        return bool(wait)

    async def _try(self, asked: Asked, read: Callable[[Answer], T], sent: int) -> Try[T]:
        """Send once and judge what came back."""
        try:
            used, answer = await self._send(asked, sent)
            paused = self.heed(answer.headers, answer.status, answer.at)
            if answer.status in RETRIED:
                limit = self.patience.attempts_for(answer.status)
                return Try(answer, again=str(answer.status), limit=limit, paused=paused)
            if PERCENTAGE not in answer.headers:
                self.gate.ease()
            if answer.status == 401 and await self.token.is_renewed(used, answer):
                return Try(answer, again="sign-in renewed", limit=self.patience.attempts)
            self._refuse_stranger(answer)
            return Try(answer, read(answer) if answer.status == 200 else None)
        except Fault as fault:
            return Try(failure=self._unreachable(fault, sent), again=fault.what, limit=self._limit(fault))
        except CutOff as cut:
            return Try(failure=_cut_off(asked, cut), again="answer cut off", limit=self.patience.attempts)

    async def _send(self, asked: Asked, sent: int) -> tuple[str, Answer]:
        """Send when the gate and the service's own slots allow it; return the token used, and the answer."""
        async with self._slots[asked.service]:
            await self._paced(asked.service)
            await self.gate.passed()
            used = await self.token.text()
            headers = {**asked.headers, "authorization": f"Bearer {used}"}
            try:
                received = await self.wire.send(asked.url, headers, asked.content, self.gate.left())
            except TimeoutError:
                raise self.gate.over() from None
        self._was_answered = True
        at = self._heard(received)
        return used, Answer(asked.request, received.status, received.body, received.headers, at, sent - 1)

    async def _paced(self, service: str) -> None:
        """Wait where a service lets only so many requests through, which no other service has to wait for."""
        pace = self._paces.get(service)
        if pace is not None and (wait := pace.wait(self.clock.seconds())) > 0:
            await self.gate.rest(wait)

    def _heard(self, received: Received) -> str:
        """Return when the answer was given, by the service's clock."""
        date = received.headers.get("date", "")
        if date != self._date and (told := instant(date)):
            self._date, self._at = date, told.strftime("%Y-%m-%dT%H:%M:%SZ")
            self.token.heard(told)
        return self._at

    def _limit(self, fault: Fault) -> int:
        if fault.lasting:
            return 1
        return self.patience.attempts if self._was_answered else self.patience.first_attempts

    def _refuse_stranger(self, answer: Answer) -> None:
        """Raise NotGraph if the answer is a proxy's or a sign-in page's."""
        is_page = "html" in answer.headers.get("content-type", "") or answer.body[:64].lstrip()[:1] == b"<"
        leads_away = 300 <= answer.status < 400 or answer.status in (407, 511)
        if (is_page or leads_away) and not any(name in answer.headers for name in _OWN_HEADERS):
            what = "a web page (HTML)" if is_page else "a redirect or a demand to sign in"
            raise NotGraph(
                f"Something between here and {self.root.origin[1]} answered with {what}, status {answer.status}.",
                "Let this machine reach the service directly, or set HTTPS_PROXY to the right proxy.",
            )

    def _unreachable(self, fault: Fault, sent: int) -> Unreachable:
        tries = "" if sent == 1 else f" ({sent} attempts)"
        step = "Check the network, the address and, behind a proxy, HTTPS_PROXY."
        if "certificate" in fault.what:
            step = "Behind a proxy that reads TLS, set SSL_CERT_FILE to the certificates of your organisation."
        return Unreachable(f"{self.root.origin[1]} cannot be reached: {fault.what}{tries}.", step)


def _cut_off(asked: Asked, cut: CutOff) -> BrokenAnswer:
    return BrokenAnswer(
        f"The answer to {place(asked.request)} is cut off or no JSON ({cut}).", "Collect again; look at proxies."
    )
