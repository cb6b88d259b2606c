"""What a channel is given, and what it says came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from driftaudit.config import Config
from driftaudit.report.mail import MailText

LARGEST = 25_000_000
"""Bytes of all attachments together that a mail carries."""
ATTEMPTS = 4
"""How often something is tried that the other side refused for the moment."""
TYPES = {"pdf": "application/pdf", "html": "text/html"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a report."""

    name: str
    form: str
    path: str
    """Where it lies."""
    content: bytes = field(repr=False)

    @property
    def type(self) -> str:
        """Return its media type."""
        return TYPES[self.form]


@dataclass(frozen=True, slots=True)
class Letter:
    """A report for some recipients; its words depend on whether the attachments come with it."""

    id: str
    """Stands in the mail, the same for the same letter, so that a person can look for it."""
    recipients: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    words: Callable[[bool], MailText] = field(repr=False)
    """Given whether the attachments are in it."""
    at: datetime

    @property
    def size(self) -> int:
        """Return the bytes of all attachments."""
        return sum(len(attachment.content) for attachment in self.attachments)


@dataclass(frozen=True, slots=True)
class Post:
    """What a channel works with besides the letter."""

    config: Config
    environment: Mapping[str, str] = field(repr=False)
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a letter for one recipient; unclear: it may have left or not."""

    state: Literal["sent", "refused", "unclear"]
    reason: str | None = None


Receipts = dict[str, Receipt]
TOO_LARGE = "sent as a summary without the report, which is too large for a mail"
"""What a receipt says of a letter that left without its attachments."""


def for_all(letter: Letter, receipt: Receipt) -> Receipts:
    """Return the same receipt for every recipient."""
    return dict.fromkeys(letter.recipients, receipt)


def pause(attempt: int, asked: float | None = None) -> float:
    """Return the seconds to wait after so many attempts: what was asked for, up to two minutes, else 2, 8, 32."""
    return min(120.0, asked) if asked is not None else 2.0 * 4 ** (attempt - 1)
