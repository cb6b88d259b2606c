"""The token in use: taken when needed, renewed in time by the service's clock, and told when it has ended."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol

from driftaudit.graph.answer import Answer, problem
from driftaudit.graph.claims import claims_of
from driftaudit.graph.clock import Clock
from driftaudit.graph.failures import SignInEnded, SignInRefused

_RENEW_BEFORE = 300.0
_TRY_AGAIN_AFTER = 60.0


class TokenSource(Protocol):
    """Where tokens come from; both may take a while and raise SignInRefused."""

    def token(self) -> str:
        """Return a token, signing in if that was not done yet."""

    def renewed(self) -> str:
        """Return a newer token, or the same where there is no other."""


class Token:
    """The token of one run; many requests share it."""

    def __init__(self, source: TokenSource, clock: Clock) -> None:
        """Take nothing yet."""
        self._source, self._clock = source, clock
        self._lock = asyncio.Lock()
        self._text: str | None = None
        self._expires_at: datetime | None = None
        self._service_time: tuple[datetime, float] | None = None
        self._next_try = 0.0

    def heard(self, date: datetime) -> None:
        """Remember what time it is for the service: no other clock counts."""
        self._service_time = date, self._clock.seconds()

    async def text(self) -> str:
        """Return the token, a new one if it is about to end."""
        if self._text is None or self._is_due():
            async with self._lock:
                if self._text is None:
                    self._take(await asyncio.to_thread(self._source.token))
                elif self._is_due():
                    await self._renew()
        return self._text or ""

    async def is_renewed(self, used: str, refused: Answer) -> bool:
        """Tell whether asking again with another token makes sense; raise SignInEnded if there is none any more."""
        ended = self._has_ended(refused)
        if not (ended or _blames_token(refused)):
            return False
        async with self._lock:
            if self._text != used:
                return True
            try:
                newer = await asyncio.to_thread(self._source.renewed)
            except SignInRefused as error:
                if ended:
                    raise _ended(error) from None
                return False
            if newer != used:
                self._take(newer)
                return True
        if ended:
            raise _ended(None)
        return False

    async def _renew(self) -> None:
        """Renew ahead of time; what fails now is tried again later, as long as the old token lasts."""
        self._next_try = self._clock.seconds() + _TRY_AGAIN_AFTER
        try:
            self._take(await asyncio.to_thread(self._source.renewed))
        except SignInRefused as error:
            if (self._seconds_left() or 0) <= 0:
                raise _ended(error) from None

    def _take(self, text: str) -> None:
        claims = claims_of(text)
        self._text, self._expires_at = text, claims.expires_at if claims else None

    def _is_due(self) -> bool:
        left = self._seconds_left()
        return left is not None and left < _RENEW_BEFORE and self._clock.seconds() >= self._next_try

    def _seconds_left(self) -> float | None:
        """Return how long the token lasts, as far as that is known."""
        if self._expires_at is None or self._service_time is None:
            return None
        date, heard_at = self._service_time
        return (self._expires_at - date).total_seconds() - (self._clock.seconds() - heard_at)

    def _has_ended(self, refused: Answer) -> bool:
        left = self._seconds_left()
        return (left is not None and left <= 0) or "expired" in problem(refused).message.lower()


def _blames_token(refused: Answer) -> bool:
    return problem(refused).code.lower() == "invalidauthenticationtoken" or "invalid_token" in refused.headers.get(
        "www-authenticate", ""
    )


def _ended(error: SignInRefused | None) -> SignInEnded:
    """Say that the sign-in ran out, and why there is no other if that is known."""
    why = f": {error.happened}" if error else " and cannot be renewed."
    return SignInEnded(
        f"The sign-in ended during the run{why}",
        error.next_step if error else "Sign in again (or bring a new token) and run `driftaudit collect` again.",
    )
