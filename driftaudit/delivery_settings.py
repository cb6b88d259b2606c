"""The tables of `driftaudit.toml` that say how a report leaves: `[mail]`, and one `[[send]]` per way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

When = Literal["always", "changed", "threshold"]
MailMethod = Literal["managed-identity", "workload-identity", "certificate", "secret", "token"]

PASSWORD = "DRIFTAUDIT_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
ACCESS_TOKEN = "DRIFTAUDIT_MAIL_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
SECRETS = frozenset(
    {
        PASSWORD,
        ACCESS_TOKEN,
        "DRIFTAUDIT_MAIL_CLIENT_ID",
        "DRIFTAUDIT_MAIL_CLIENT_SECRET",
        "DRIFTAUDIT_MAIL_CERTIFICATE_PASSWORD",
    }
)
"""Variables that begin like settings of `[mail]` and are none: they stand in no file."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """From where mail leaves, and as whom: a sign-in of its own, which cannot read the tenant."""

    via: Literal["graph", "smtp"] = "graph"
    sender: str = ""
    method: MailMethod = "certificate"
    """How the sender signs in to Graph."""
    app_id: str = ""
    certificate: Path | None = None
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    auth: Literal["password", "xoauth2", "none"] = "password"
    """How the sender signs in to the mail server."""
    user: str = ""
    """Empty: the sender."""
    ca_file: Path | None = None
    """Whom to trust in place of the public certificate authorities."""


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """One way a report leaves: by which channel, to whom and when."""

    channel: str = "mail"
    to: tuple[str, ...] = ()
    path: Path | None = None
    when: When = "always"
    threshold: Literal["high", "medium", "low", "info"] = "high"
    """For `when = "threshold"`: from which severity up."""
    attach: tuple[Literal["pdf", "html"], ...] = ("pdf",)
    place: str = ""
    """The line of the file; no setting."""
