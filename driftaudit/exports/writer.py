"""Writing an export folder: an answer is a whole line before the next request, a closed collection has its hash."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from driftaudit.collectors import collections
from driftaudit.exports.manifest import NAME, Delta, Entry, Manifest, UnderWay
from driftaudit.exports.unfinished import NOTHING, Kept

_OPEN, _PACKED = ".jsonl", ".jsonl.gz"
_CHANGES = ".delta"
_CHUNK = 1 << 20
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_LEVEL = 6


class ExportWriter:
    """A folder that is being written; until `finish` its manifest says that it is open."""

    def __init__(self, folder: Path, manifest: Manifest, *, again: bool = False) -> None:
        """Make the folder, which must not be there yet, with the manifest in it; or go on with one that is open."""
        self.folder, self.manifest = folder, manifest
        if again:
            self._tidy()
        else:
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
            self._save()

    def open(self, name: str, kept: Kept = NOTHING) -> CollectionFile:
        """Return the file for the answers of one collection, with nothing in it but what is kept."""
        path = self.path(name)
        return CollectionFile(path, kept.pages, kept.first_at, kept.last_at, kept.size)

    def open_changes(self, name: str, pages: int = 0) -> CollectionFile:
        """Return the file for what the service says has changed, with nothing in it or with the pages that it has."""
        path = self.path_of_changes(name)
        return CollectionFile(path, pages, size=path.stat().st_size if pages else 0)

    def path_of_changes(self, name: str) -> Path:
        """Return where what has changed in a collection stands while that is being read."""
        return self.folder / f"{name}{_CHANGES}{_OPEN}"

    def path(self, name: str) -> Path:
        """Return where the answers of a collection stand while it is being read."""
        return self.folder / f"{name}{_OPEN}"

    def begin(self, under_way: UnderWay) -> None:
        """Write down which collection is being read, before the first of its answers."""
        self.manifest.under_way = under_way
        self._save()

    def close(self, name: str, entry: Entry, file: CollectionFile | None = None) -> None:
        """Write down what came of a collection, and pack its answers if it has any."""
        if file is not None:
            _seal(entry, file)
            if entry.delta is not msgspec.UNSET and entry.delta.pages:
                _seal(entry.delta, self.open_changes(name, entry.delta.pages))
        self.manifest.collections[name] = entry
        self._save()
        # Not before the manifest names the packed file: whoever dies in between has lost nothing.
        for path in (self.path(name), self.path_of_changes(name)):
            path.unlink(missing_ok=True)

    def finish(self, finished_at: str) -> Path:
        """Close the export; from now on it can be loaded."""
        self.manifest.state, self.manifest.under_way = "closed", msgspec.UNSET
        self.manifest.finished_at = msgspec.convert(finished_at, type=type(self.manifest.taken_at), strict=False)
        self._save()
        return self.folder

    def _tidy(self) -> None:
        """Remove what a run left that died between two steps: the answers of what is closed, and half a packing."""
        entries = self.manifest.collections
        for name in collections():
            for path in (self.path(name), self.path_of_changes(name)):
                if name in entries:
                    path.unlink(missing_ok=True)
                if name not in entries or entries[name].file is None:
                    path.with_suffix(_PACKED).unlink(missing_ok=True)

    def _save(self) -> None:
        """Write the manifest, all of it or nothing."""
        text = msgspec.json.format(msgspec.json.encode(self.manifest), indent=1)
        temporary = self.folder / f".{NAME}"
        temporary.write_bytes(text)
        temporary.chmod(_PRIVATE_FILE)
        os.replace(temporary, self.folder / NAME)


@dataclass
class CollectionFile:
    """The answers of one collection while it is being read."""

    path: Path
    pages: int = 0
    first_at: str | None = None
    last_at: str | None = None
    size: InitVar[int] = 0
    """How many bytes stay of what a run before has left."""
    _file: BinaryIO = field(init=False, repr=False)

    def __post_init__(self, size: int) -> None:
        """Open it behind what stays."""
        self._file = self.path.open("r+b" if size else "wb")
        self.path.chmod(_PRIVATE_FILE)
        self.back_to((size, self.pages))

    def add(
        self, scope: str | None, request: str, at: str, page: bytes | msgspec.Raw, origin: str | None = None
    ) -> None:
        """Write one answer as a line; it is on its way to the disk when this returns."""
        head: dict[str, Any] = {"scope": scope, "request": request, "at": at}
        if origin is not None:
            head["from"] = origin
        body = bytes(page).replace(b"\r", b" ").replace(b"\n", b" ")
        self._file.writelines((msgspec.json.encode(head)[:-1], b',"page":', body, b"}\n"))
        self._file.flush()
        self.pages += 1
        if origin is None:
            self.first_at, self.last_at = self.first_at or at, at

    def mark(self) -> tuple[int, int]:
        """Return the place up to which everything is to be kept."""
        return self._file.tell(), self.pages

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget every answer since a mark."""
        place, self.pages = mark
        self.first_at = self.first_at if self.pages else None
        self._file.seek(place)
        self._file.truncate()

    def restart(self) -> None:
        """Forget every answer: the service no longer knows how to go on."""
        self.back_to((0, 0))

    def pack(self) -> Path:
        """Close the file and put a packed one beside it."""
        self._file.close()
        packed = self.path.with_suffix(_PACKED)
        # No name and no time inside: the same answers give the same bytes.
        with self.path.open("rb") as plain, packed.open("wb") as to, _gzip(to) as target:
            shutil.copyfileobj(plain, target, _CHUNK)
        packed.chmod(_PRIVATE_FILE)
        return packed

    def leave(self) -> None:
        """Close the file and leave it as it is; an error of the disk was told already."""
        with suppress(OSError):
            self._file.close()

    def drop(self) -> None:
        """Close the file and leave nothing."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def _seal(entry: Entry | Delta, file: CollectionFile) -> None:
    """Pack a file and write down what proves it."""
    packed = file.pack()
    entry.pages, entry.file = file.pages, packed.name
    entry.bytes, entry.sha256 = packed.stat().st_size, _sha256(packed)


def _gzip(to: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=to, mtime=0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
