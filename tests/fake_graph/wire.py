"""What goes over the wire: one request as it came, one reply as it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

End = Literal["whole", "reset", "dropped"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """Return the path, decoded, without the query."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> str:
        """Return the query as it came, still encoded."""
        return urlsplit(self.target).query


@dataclass(slots=True)
class Reply:
    """One reply; `end` is how the connection treats its body, `delay` how long it keeps the caller waiting."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    end: End = "whole"
    delay: float = 0.0


Application = Callable[[Request], Reply]
