"""The export before: the newest of the same tenant, from which a run can go on unless something is doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from driftaudit.collectors._record import Collection
from driftaudit.errors import IntegrityError
from driftaudit.exports.export import Line, jsonl_lines
from driftaudit.exports.manifest import Delta, Entry, Manifest, exports_in, utc, verify_collection
from driftaudit.exports.strict import decoded

NONE_BEFORE = "there is no export of this tenant beside it to go on from"
_SKIPPED = Entry(status="skipped")


class Listed(msgspec.Struct, gc=False):
    """As much of a directory object as tells which one it is."""

    id: str
    type: str = msgspec.field(name="@odata.type", default="")


class _Page(msgspec.Struct, gc=False):
    value: list[Listed]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)


_PAGES = msgspec.json.Decoder(_Page)


@dataclass(frozen=True, slots=True)
class Before:
    """A closed export, and the collection of which it is asked."""

    folder: Path
    manifest: Manifest
    sha256: str
    collection: Collection

    @property
    def delta(self) -> Delta | None:
        """Return how the collection was read, if the service was asked what had changed."""
        told = self.manifest.collections[self.collection.name].delta
        return None if told is msgspec.UNSET else told

    @property
    def pages(self) -> int:
        """Return how many answers hold the collection."""
        return self.manifest.collections[self.collection.name].pages or 0

    def gaps(self) -> set[str]:
        """Return the scopes that were not read."""
        return {gap.scope.lower() for gap in self.manifest.collections[self.collection.name].gaps}

    def lines(self) -> Iterator[Line]:
        """Yield the collection's lines; a damaged file is a PageError."""
        return lines_of(self.folder, self.manifest, self.collection.name)

    def doubt(self, now: Manifest, permissions: list[str] | None, full_every: int) -> str | None:
        """Say why a run that begins cannot go on from this export, if it cannot."""
        delta = self.delta
        if delta is None or delta.file is None:
            return f"{self.folder.name} holds no link to what has changed since"
        if (who := _who(self.manifest)) != _who(now) or delta.permissions != permissions or permissions is None:
            return f"{self.folder.name} was read by {'another sign-in' if who != _who(now) else 'other permissions'}"
        if delta.request != self.collection.delta:
            return f"{self.folder.name} asked for changes in another way"
        if delta.all_again:
            return f"far fewer rows than before stood in {self.folder.name}"
        if delta.runs + 1 >= full_every:
            return f"of {full_every} runs one reads every scope"
        return self._unsure(now) or self._damaged()

    def _unsure(self, now: Manifest) -> str | None:
        """Say which list of those who can be members is not known whole, now or before."""
        for name in self.collection.delta_tells_not_of:
            for manifest in (self.manifest, now):
                if manifest.collections.get(name, _SKIPPED).status != "complete":
                    return f"{name} were not read whole"
        return None

    def _damaged(self) -> str | None:
        """Say which file is not what the manifest promises."""
        try:
            for name in (self.collection.name, *self.collection.delta_tells_not_of):
                verify_collection(self.folder, self.manifest, name)
        except IntegrityError as error:
            return error.happened.rstrip(".")
        return None


def newest(folder: Path, now: Manifest, collection: Collection) -> Before | None:
    """Return the newest closed export of the tenant, beside a folder, in which the collection was read, if any."""
    found = [
        Before(path, manifest, sha256, collection)
        for path, manifest, sha256 in exports_in(folder.parent)
        if path.name != folder.name
        and manifest.state == "closed"
        and manifest.tenant_id.lower() == now.tenant_id.lower()
        and manifest.collections.get(collection.name, _SKIPPED).file is not None
        and utc(manifest.taken_at) < utc(now.taken_at)
    ]
    return max(found, key=lambda before: utc(before.manifest.taken_at), default=None)


def lines_of(folder: Path, manifest: Manifest, name: str) -> Iterator[Line]:
    """Yield the lines of one collection of a closed export."""
    return (numbered.line for numbered in jsonl_lines(folder, manifest)(name))


def listed(page: bytes | msgspec.Raw) -> list[Listed]:
    """Return the objects on a page; what is no such page is a PageError."""
    return listed_and_next(page)[0]


def listed_and_next(page: bytes | msgspec.Raw) -> tuple[list[Listed], str | None]:
    """Return the objects on a page and the link to the next page; what is no such page is a PageError."""
    found = decoded(_PAGES, page)
    return found.value, found.next_link


def ids_of(folder: Path, manifest: Manifest, name: str) -> Iterator[str]:
    """Yield the id of everybody in a list."""
    for line in lines_of(folder, manifest, name):
        yield from (each.id.lower() for each in listed(line.page))


def _who(manifest: Manifest) -> tuple[str | None, str | None, str]:
    return manifest.app_id, manifest.signed_in_as, manifest.cloud
