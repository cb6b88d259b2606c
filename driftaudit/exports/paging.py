"""Paging as the lines tell it: which next pages were announced and which of them were read, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from driftaudit.exports.strict import PageError

_Asked = tuple[str, str]
"""A scope, and what was asked about it."""


@dataclass
class Paging:
    """What the lines of one collection say about further pages."""

    announced: set[_Asked] = field(default_factory=set)
    read: set[_Asked] = field(default_factory=set)
    cut_off: set[_Asked] = field(default_factory=set)

    def note(self, scope: str, request: str, next_link: str | None, cut_off_at: str | None) -> None:
        """Remember what one line tells; a next link back to the line itself leads nowhere."""
        own = (scope, target(request))
        following = (scope, target(next_link)) if next_link else None
        self.read.add(own)
        if following == own:
            self.cut_off.add(own)
        elif following:
            self.announced.add(following)
        if cut_off_at is not None:
            self.cut_off.add((scope, cut_off_at))

    def unfinished(self) -> set[str]:
        """Return the scopes of which a page is missing; the empty one is a collection without scopes."""
        return {scope for scope, _ in (self.announced - self.read) | self.cut_off}

    def reason(self, owners: str | None) -> str | None:
        """Say in words what is missing, if anything is; `owners` are what its scopes are called, if it has scopes."""
        if not self.unfinished():
            return None
        if owners is not None:
            return f"{len(self.unfinished())} of its {owners} with further pages that were not read"
        if self.announced - self.read:
            return "the last page says that there are more, which were not read"
        return "it ends exactly where a first page ends, and further pages were not read"


def target(url: str) -> str:
    """Return a request's path and query, the part that a next link and the request that follows it share."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise PageError(f"its request or next link is no address ({error})") from error
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
