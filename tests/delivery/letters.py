"""Letters, settings and pauses for tests of channels."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from driftaudit.config import Config, Report
from driftaudit.delivery.letter import Attachment, Letter, Post
from driftaudit.delivery_settings import Mail, Send
from driftaudit.report.mail import MailText

NOW = datetime(2026, 10, 1, 4, 0, 0, tzinfo=UTC)
KIM, BO, CY = "kim@contoso.example", "bo@contoso.example", "cy@contoso.example"
PDF = b"%PDF-1.7\r\n.\r\n..\n\x00\xff" + bytes(range(256)) * 40


def letter(*to: str, content: bytes = PDF, form: str = "pdf") -> Letter:
    """Return a letter with one attachment, in lines of every kind."""
    name = f"access-drift-contoso-2026-09-30.{form}"

    def words(whole: bool) -> MailText:
        said = f"Attached: {name}" if whole else f"It lies at /srv/reports/{name}"
        html = f"<p>Kim Sørensen &amp; {said}</p>"
        return MailText("Contoso: All is well – 30 September", f"Kim Sørensen\n.\n{said}\n", html)

    return Letter("<1f@contoso.example>", to, (Attachment(name, form, f"/srv/reports/{name}", content),), words, NOW)


class Naps(list[float]):
    """Pauses that are only written down."""

    def sleep(self, seconds: float) -> None:
        """Note how long somebody would have waited."""
        self.append(seconds)


def post(naps: Naps, environment: dict[str, str], *, folder: Path = Path(), **mail: Any) -> Post:
    """Return what a channel works with."""
    settings: dict[str, Any] = {"sender": "reports@contoso.example"} | mail
    config = Config(mail=Mail(**settings), report=Report(folder=folder))
    return Post(config, environment, naps.sleep)


def way(*to: str, **more: Any) -> Send:
    """Return a way that mail goes to these."""
    return Send(to=to, place="driftaudit.toml, line 1", **more)
