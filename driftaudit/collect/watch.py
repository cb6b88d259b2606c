"""Whoever watches a run: told when a collection begins, after each page, and what came of it."""

from __future__ import annotations

from typing import Protocol

from driftaudit.exports.manifest import Entry
from driftaudit.graph.events import Event


class Watch(Protocol):
    """Shows a run to a person or writes it down."""

    def begun(self, name: str, number: int, of: int) -> None:
        """Hear that a collection begins, by its number, of so many."""

    def page(self, name: str, rows: int) -> None:
        """Hear how many rows of it are written down."""

    def scopes(self, name: str, done: int, of: int) -> None:
        """Hear how many of its scopes are done."""

    def closed(self, name: str, entry: Entry) -> None:
        """Hear what came of it."""

    def told(self, event: Event) -> None:
        """Hear that the client asks again or has to wait."""
