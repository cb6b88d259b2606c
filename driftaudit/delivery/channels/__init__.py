"""The ways a report leaves: one file each, and the folder is the list.

A file `NAME.py` is the channel NAME, a file `mail_VIA.py` is mail with `[mail] via = "VIA"`. Each has `REPEATABLE`,
`recipients`, `check`, `deliver` and `ready`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, cast

from driftaudit.config import Config
from driftaudit.delivery.letter import Letter, Post, Receipts
from driftaudit.delivery_settings import Send
from driftaudit.errors import UsageError
from driftaudit.toml_file import nearest


class Channel(Protocol):
    """What the file of a channel holds."""

    REPEATABLE: bool
    """Whether delivering the same report once more changes nothing, so that a run that died leaves no doubt."""

    def recipients(self, send: Send) -> tuple[str, ...]:
        """Return for whom the way is, as the ledger names them."""

    def check(self, send: Send, post: Post) -> None:
        """Raise UsageError for settings with which nothing could leave."""

    def deliver(self, letter: Letter, send: Send, post: Post) -> Receipts:
        """Let the letter leave and return what came of it for each recipient; raise only for a wrong setting."""

    def ready(self, send: Send, post: Post) -> str:
        """Return in a sentence that a letter could leave, having tried all but that; raise if it could not."""


def channel(send: Send, config: Config) -> Channel:
    """Return the channel of a way; raise UsageError if there is none of that name."""
    files = {path.stem for path in Path(__file__).parent.glob("[a-z]*.py")}
    name = f"mail_{config.mail.via}" if send.channel == "mail" else send.channel
    if name not in files or "_" in send.channel:
        known = sorted({stem.partition("_")[0] for stem in files})
        raise UsageError(f"{send.place}: there is no channel {send.channel!r}.", nearest(send.channel, known))
    return cast("Channel", importlib.import_module(f"{__name__}.{name}"))
