"""The manifest of an export folder: what was collected, how completely, and the hashes that prove it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from driftaudit.errors import IntegrityError
from driftaudit.exports.strict import PageError, decoded

NAME = "manifest.json"
DELETED = "deleted"
"""The code of a gap that is none of ours: what was asked about was deleted after it was listed."""
Status = Literal["complete", "partial", "failed", "skipped"]


class Gap(msgspec.Struct, frozen=True):
    """One scope that was not read, and what the service said."""

    scope: str
    code: str
    message: str | None = None


class Delta(msgspec.Struct, kw_only=True):
    """How a collection was read whose service tells what changed: which scopes anew, which as they stood before.

    The file holds the service's answers to "what has changed?" as received; the last of them holds the link with
    which the next run asks on. A line of a scope that has not changed is the line of the export in which that scope
    was read, with the SHA-256 of that export's manifest as `from`.
    """

    request: str
    """What was asked first; a link stands for it and for nothing else."""
    permissions: list[str] | None = None
    """What the sign-in was allowed to read; null if it does not tell."""
    since: str | None = None
    """SHA-256 of the manifest of the export that was gone on from; null: every scope was read."""
    why_full: str | None = None
    """Why every scope was read."""
    runs: int = 0
    """How many runs ago every scope was read."""
    carried: int = 0
    read: int = 0
    again: list[str] = msgspec.field(default_factory=list)
    """Scopes that lost so much that the next run reads them again, whatever the service says of them."""
    all_again: bool = False
    """True: so much was lost over all that the next run reads every scope."""
    pages: int | None = None
    file: str | None = None
    bytes: int | None = None
    sha256: str | None = None


class Entry(msgspec.Struct, kw_only=True):
    """What the manifest says of one collection."""

    status: Status
    reason: str | None = None
    pages: int | None = None
    rows: int | None = None
    expected: int | None = None
    permission: str | None = None
    missing_fields: list[str] = msgspec.field(default_factory=list)
    started_at: str | None = None
    finished_at: str | None = None
    retries: int = 0
    file: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    gaps: list[Gap] = msgspec.field(default_factory=list)
    delta: Delta | msgspec.UnsetType = msgspec.UNSET
    """Only where the service tells what has changed since it was asked last."""


class UnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """The collection that is being read, and what must still hold for whoever goes on with it."""

    collection: str
    counted: int | None = None
    """How many records there were by the service's own count before the first of them was read."""
    permissions: list[str] | None = None
    """What the sign-in was allowed to read; null if it does not tell."""
    delta: Delta | None = None
    """How it is being read, where the service tells what has changed; what carries scopes on is begun again."""


class Manifest(msgspec.Struct, kw_only=True):
    """What an export folder says of itself."""

    format: Literal[1]
    state: Literal["open", "closed"]
    tenant_id: Annotated[str, msgspec.Meta(min_length=1)]
    tenant_name: str | None = None
    taken_at: datetime
    finished_at: datetime | None = None
    tool: str | None = None
    app_id: str | None = None
    signed_in_as: str | None = None
    cloud: str = "public"
    collections: dict[str, Entry]
    under_way: UnderWay | msgspec.UnsetType = msgspec.UNSET
    """Only as long as the export is open."""


def read(folder: Path) -> tuple[Manifest, str]:
    """Return the folder's closed manifest and its SHA-256, or say what is wrong with it."""
    manifest, sha256 = parsed(folder)
    if manifest.state != "closed":
        raise IntegrityError(
            f"{folder / NAME} says that the export is still open: the run that wrote it did not finish.",
            f"Finish it with `driftaudit collect --resume {folder}`, which loads it too.",
        )
    return manifest, sha256


def parsed(folder: Path) -> tuple[Manifest, str]:
    """Return the folder's manifest, open or closed, and its SHA-256, or say what is wrong with it."""
    path = folder / NAME
    try:
        raw = path.read_bytes()
        manifest = decoded(msgspec.json.Decoder(Manifest), raw)
    except (PageError, OSError) as error:
        raise IntegrityError(
            f"{path} is not a manifest of format 1: {error}.", "Export again, or load the folder it was copied from."
        ) from error
    return manifest, hashlib.sha256(raw).hexdigest()


def exports_in(place: Path) -> Iterator[tuple[Path, Manifest, str]]:
    """Yield every export under a folder, open or closed, with its manifest's hash; what cannot be read is none."""
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        with suppress(IntegrityError):
            if (folder / NAME).is_file():
                yield folder, *parsed(folder)


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its size and hash in the manifest; the first difference is an error."""
    for name in manifest.collections:
        verify_collection(folder, manifest, name)


def verify_collection(folder: Path, manifest: Manifest, name: str) -> None:
    """Compare the files of one collection; the first difference is an error."""
    entry = manifest.collections[name]
    for told in (entry, entry.delta):
        if told is not msgspec.UNSET and told.file is not None:
            _verify_file(folder, name, told)


def _verify_file(folder: Path, name: str, entry: Entry | Delta) -> None:
    """Compare one file with the manifest; a path out of the folder is refused too."""
    path = folder / str(entry.file)
    if Path(str(entry.file)).name != entry.file or not _is_file(path):
        raise IntegrityError(
            f"{folder / NAME} names the file {entry.file!r} for {name}, which is not in the folder.",
            "Copy the whole export again; nothing was changed.",
        )
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != entry.sha256:
        raise IntegrityError(
            f"{path} has SHA-256 {found[:12]}..., the manifest promises {(entry.sha256 or 'none')[:12]}...: "
            "the file was changed after it was collected.",
            "Load the original export; nothing was changed.",
        )


def _is_file(path: Path) -> bool:
    """Tell whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def utc(instant: datetime) -> datetime:
    """Return the instant in UTC without a zone, the way everything here keeps time."""
    try:
        return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
    except OverflowError:
        # The first and the last day of the calendar, moved out of it by an offset.
        return instant.replace(tzinfo=None)
