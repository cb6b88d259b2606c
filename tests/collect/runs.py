"""Runs against the fake service: a tenant collected as the command line would do it, only that no time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from driftaudit.collect import Services, Wanted, collect, resume
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

LEFT_OUT = (("sign_ins", "left out by configuration"),)
"""What the sample leaves out too."""


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


class Stopped(BaseException):
    """Ends a run as ctrl-C does, at a place that a test chooses."""


@dataclass
class Stopping(Seen):
    """Stops the run after so many pages of a collection; with none behind it."""

    name: str = ""
    after: int = 0
    pages: int = 0

    def page(self, name: str, rows: int) -> None:
        """Stop the run if this was the last page that it may see."""
        super().page(name, rows)
        self.pages += name == self.name
        if name == self.name and self.pages == self.after:
            raise Stopped

    def closed(self, name: str, entry: Entry) -> None:
        """Stop the run if it may see no page of the next collection."""
        super().closed(name, entry)
        if name == self.name:
            raise Stopped


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
    scopes: tuple[str, ...] = ()
    """What a person who signs in may read; none: it is an application."""
    without: frozenset[str] = frozenset()
    """Permissions that the sign-in lacks."""
    only: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    members_too: bool = False
    full_every: int = 1
    newest: dict[str, datetime] = field(default_factory=dict)
    sharepoint: bool = True
    sharepoint_roles: tuple[str, ...] = tuple(SITE_MEMBERS)
    sharepoint_source: TokenSource | None = None
    """The sign-in for SharePoint, where it is another than one that works."""
    patience: Patience = field(default_factory=Patience)
    seen: Seen = field(default_factory=Seen)
    signed_in_as: str | None = None
    cloud: str = "public"
    folder: Path | None = None
    """The folder in which to go on, if it is not a new run."""

    def collected(self) -> Path:
        """Return the export folder."""
        return asyncio.run(self._collected())

    def broken(self, name: str, after: int) -> Path:
        """Return the folder of a run that stops after so many pages, or with none behind a collection; time passes."""
        self.seen = Stopping(name=name, after=after)
        with suppress(Stopped):
            raise AssertionError(f"{self.collected()} was read to its end")
        self.seen = Seen()
        self.fake.clock.advance(60)
        (self.folder,) = self.exports.iterdir()
        return self.folder

    async def _collected(self) -> Path:
        text = self.fake.token(self.roles, without=self.without, scopes=self.scopes, signed_in_as=self.signed_in_as)
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
        claims = claims_of(token)
        wanted = Wanted(
            self.exports,
            cloud=self.cloud,
            only=self.only,
            skipped=self.skipped,
            members_too=self.members_too,
            full_every=self.full_every,
            newest=self.newest,
        )
        if self.folder is not None:
            return await resume(services, claims, self.folder, wanted, self.seen)
        return await collect(services, claims, wanted, self.seen)


def manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder."""
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)


def requests(folder: Path, names: Iterable[str]) -> set[str]:
    """Return what was asked for the collections of these names, as their lines say."""
    import gzip

    told = [gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).splitlines() for name in names]
    return {msgspec.json.decode(line)["request"] for lines in told for line in lines}
