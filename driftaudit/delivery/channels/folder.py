"""The channel `folder`: the report as files with the date in their names, each whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from driftaudit.delivery.letter import Attachment, Letter, Post, Receipt, Receipts, for_all
from driftaudit.delivery_settings import Send
from driftaudit.errors import UsageError

REPEATABLE = True


def recipients(send: Send) -> tuple[str, ...]:
    """Return the folder."""
    return (str((send.path or Path()).absolute()),)


def check(send: Send, post: Post) -> None:
    """Raise UsageError if no folder is named, or nothing to put there."""
    if send.path is None:
        raise UsageError(f"{send.place}: the channel folder needs a path.", 'Write as in path = "/srv/reports".')
    if not send.attach:
        raise UsageError(f"{send.place}: nothing would be put into {send.path}.", 'Write as in attach = ["pdf"].')


def deliver(letter: Letter, send: Send, post: Post) -> Receipts:
    """Write the files; one of the same name and other content is never replaced."""
    folder = send.path or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [_put(folder, attachment, letter) for attachment in letter.attachments]
    except OSError as error:
        return for_all(letter, Receipt("refused", f"{error.strerror or type(error).__name__}"))
    return for_all(letter, Receipt("sent", ", ".join(names)))


def ready(send: Send, post: Post) -> str:
    """Return that the folder can be written to."""
    folder = (send.path or Path()).absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"Nothing can be written to {folder}.", "Check the path and who may write there.")
    return f"{folder} can be written to."


def _put(folder: Path, attachment: Attachment, letter: Letter) -> str:
    """Put one file into the folder and return its name."""
    path = folder / attachment.name
    if path.exists() and path.read_bytes() != attachment.content:
        path = path.with_name(f"{path.stem}-{letter.id[1:9]}{path.suffix}")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(attachment.content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path.name
