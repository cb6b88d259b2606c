"""What the sample leaves out on purpose: when people signed in last, made up from their ids."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

Record = dict[str, Any]
Listed = Callable[[str], Sequence[Record] | None]


def invented(listed: Listed, taken_at: str) -> dict[str, list[Record]]:
    """Return further fields of lists by path; where the folder holds sign-ins itself, it is left alone."""
    people = list(listed("/users") or [])
    if any("signInActivity" in person for person in people):
        return {}
    return {"/users": _signed_in(people, taken_at)}


def _signed_in(people: Sequence[Record], taken_at: str) -> list[Record]:
    """Return when each person signed in last; one in five never did."""
    now = datetime.fromisoformat(taken_at)
    return [{"id": person["id"], "signInActivity": _activity(person["id"], now)} for person in people]


def _activity(person: str, now: datetime) -> Record | None:
    chance = zlib.crc32(person.encode())
    if chance % 5 == 0:
        return None
    last = (now - timedelta(days=chance % 120, minutes=chance % 997)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "lastSignInDateTime": last,
        "lastSignInRequestId": person[::-1],
        "lastNonInteractiveSignInDateTime": None,
        "lastNonInteractiveSignInRequestId": None,
        "lastSuccessfulSignInDateTime": last,
        "lastSuccessfulSignInRequestId": person[::-1],
    }
