"""One answer of the service: the bytes as received, and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from driftaudit.foreign_text import visible

_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said to one request; a refusal is an answer too."""

    request: str
    """Path and query with version, as asked; the full URL where it was asked as one."""
    status: int
    body: bytes
    headers: Mapping[str, str]
    """The names are in lower case."""
    at: str
    """The answer's Date header as an instant in UTC; empty if no answer so far has told one."""
    retries: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was refused, in the service's own words, safe to show."""

    code: str
    message: str


class _Words(msgspec.Struct):
    code: Any = None
    message: Any = None


class _Refusal(msgspec.Struct):
    error: _Words | str | None = None
    odata_error: _Words | None = msgspec.field(default=None, name="odata.error")


def problem(answer: Answer) -> Problem:
    """Return what a refusal says of itself; the status stands in for a code that is missing."""
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except ValueError:
        return Problem(str(answer.status), "")
    said = refusal.error or refusal.odata_error
    if isinstance(said, _Words):
        return Problem(_text(said.code) or str(answer.status), _text(said.message))
    return Problem(_text(said) or str(answer.status), "")


def _text(said: Any) -> str:
    """Return foreign words in one short visible line; SharePoint wraps its message once more."""
    inner = said.get("value") if isinstance(said, dict) else said
    return visible(" ".join(inner.split())[:_LONGEST_MESSAGE]) if isinstance(inner, str) else ""
