"""Addresses of mail as they stand in the settings."""

from __future__ import annotations

import re

from driftaudit.delivery_settings import Mail, Send
from driftaudit.errors import UsageError

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(\.[\w-]+)*", re.ASCII)


def check_addresses(send: Send, mail: Mail) -> None:
    """Raise UsageError if there is no recipient, no sender, or one that is no plain address."""
    if not send.to:
        raise UsageError(f"{send.place}: nobody gets this mail.", 'Write as in to = ["kim@contoso.example"].')
    for address in send.to:
        _check(address, f"{send.place}: to")
    _check(mail.sender, "[mail] sender")


def _check(address: str, where: str) -> None:
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"{where} is no address: {address!r}.", "Write it as kim@contoso.example, in plain letters.")
