"""What can become of a mail on its way out, and what the service says about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
"""How often something is tried that surely did not send."""


class MailRefused(Exception):
    """The mail has not left."""

    def __init__(self, why: str, code: str = "", *, status: int = 0, too_large: bool = False) -> None:
        """Say why, with the service's word and number for it."""
        super().__init__(why)
        self.why, self.code, self.status, self.too_large = why, code, status, too_large


class MailUnclear(Exception):
    """The mail may have left or not."""


def told_by(answer: httpx.Response) -> dict[str, Any]:
    """Return what an answer says; one that is no object says nothing."""
    try:
        said = json.loads(answer.content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
