"""Runs against the fake service: a tenant collected as the command line would do it, only that no time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from driftaudit.collect import Services, Wanted, collect
from driftaudit.exports.manifest import Entry, Manifest
from driftaudit.graph.claims import claims_of
from driftaudit.graph.client import Graph
from driftaudit.graph.events import Event, Retried
from driftaudit.graph.patience import Patience
from driftaudit.graph.sharepoint import HEADERS, SharePoint
from driftaudit.graph.token import TokenSource
from tests.fake_graph import Fake
from tests.fake_graph.permissions import EVERYTHING, SITE_MEMBERS
from tests.graph.bench import FakeClock


@dataclass
class Seen:
    """What a run tells whoever watches it."""

    begun_names: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def begun(self, name: str, number: int, of: int) -> None:
        """Remember the order."""
        self.begun_names.append(name)

    def page(self, name: str, rows: int) -> None:
        """Remember the newest number of rows."""
        self.rows[name] = rows

    def scopes(self, name: str, done: int, of: int) -> None:
        """See that no more is done than there is."""
        assert done <= of

    def closed(self, name: str, entry: Entry) -> None:
        """Remember what came of it."""
        self.entries[name] = entry

    def told(self, event: Event) -> None:
        """Remember what the client did."""
        self.events.append(event)

    @property
    def retries(self) -> int:
        """Return how often something was asked again."""
        return sum(isinstance(event, Retried) for event in self.events)


@dataclass(frozen=True)
class Fixed:
    """A sign-in that has one token."""

    text: str

    def token(self) -> str:
        """Return it."""
        return self.text

    def renewed(self) -> str:
        """Return it once more."""
        return self.text


@dataclass
class Run:
    """One run: the fake it asks, and what it may and should do."""

    fake: Fake
    exports: Path
    roles: tuple[str, ...] = EVERYTHING
    without: frozenset[str] = frozenset()
    """Permissions that the sign-in lacks."""
    only: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    members_too: bool = False
    sharepoint: bool = True
    sharepoint_roles: tuple[str, ...] = tuple(SITE_MEMBERS)
    sharepoint_source: TokenSource | None = None
    """The sign-in for SharePoint, where it is another than one that works."""
    patience: Patience = field(default_factory=Patience)
    seen: Seen = field(default_factory=Seen)

    def collected(self) -> Path:
        """Return the export folder."""
        return asyncio.run(self._collected())

    async def _collected(self) -> Path:
        text = self.fake.token(self.roles, without=self.without)
        async with Graph(
            self.fake.url, Fixed(text), told=self.seen.told, clock=FakeClock(), patience=self.patience
        ) as graph:
            if not self.sharepoint:
                return await self._collect(Services(graph), text)
            token = self.sharepoint_source or Fixed(self.fake.sharepoint_token(self.sharepoint_roles))
            root = self.fake.sharepoint_url
            async with Graph(root, token, headers=HEADERS, clock=FakeClock(), patience=self.patience) as client:
                return await self._collect(Services(graph, SharePoint(client, root)), text)

    async def _collect(self, services: Services, token: str) -> Path:
        wanted = Wanted(self.exports, only=self.only, skipped=self.skipped, members_too=self.members_too)
        return await collect(services, claims_of(token), wanted, self.seen)


def manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder."""
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)


def requests(folder: Path, names: Iterable[str]) -> set[str]:
    """Return what was asked for the collections of these names, as their lines say."""
    import gzip

    told = [gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).splitlines() for name in names]
    return {msgspec.json.decode(line)["request"] for lines in told for line in lines}
