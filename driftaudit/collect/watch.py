"""Whoever watches a run: told when a collection begins, after each page, and what came of it."""

from __future__ import annotations

from typing import Protocol

from driftaudit.exports.manifest import Entry
from driftaudit.graph.events import Event


class Watch(Protocol):
    """Shows a run to a person or writes it down."""

    def begun(self, name: str, number: int, of: int) -> None:
        """A collection begins, as the so-manieth of so many."""

    def page(self, name: str, rows: int) -> None:
        """One answer with so many rows was written down."""

    def scopes(self, name: str, done: int, of: int) -> None:
        """So many of a collection's scopes are done."""

    def closed(self, name: str, entry: Entry) -> None:
        """A collection is closed."""

    def told(self, event: Event) -> None:
        """The client asked again, was answered or has to wait."""
