"""The tables of `driftaudit.toml` that say how a report leaves: `[mail]`, and one `[[send]]` per way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

When = Literal["always", "changed", "threshold"]
MailMethod = Literal["managed-identity", "workload-identity", "certificate", "secret", "token"]

PASSWORD = "DRIFTAUDIT_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
ACCESS_TOKEN = "DRIFTAUDIT_MAIL_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
MAIL_CERTIFICATE_PASSWORD = "DRIFTAUDIT_MAIL_CERTIFICATE_PASSWORD"  # noqa: S105 - the name of a variable
SECRETS = frozenset(
    {
        PASSWORD,
        ACCESS_TOKEN,
        "DRIFTAUDIT_MAIL_CLIENT_ID",
        "DRIFTAUDIT_MAIL_CLIENT_SECRET",
        MAIL_CERTIFICATE_PASSWORD,
    }
)
"""Variables that begin like settings of `[mail]` and are none: they stand in no file."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """From where mail leaves, and as whom: a sign-in of its own, which cannot read the tenant."""

    via: Annotated[Literal["graph", "smtp"], Meta(description="or smtp")] = "graph"
    sender: Annotated[str, Meta(description="the mailbox that sends")] = ""
    method: Annotated[
        MailMethod, Meta(description="managed-identity, workload-identity, secret, token: how it signs in to Graph")
    ] = "certificate"
    app_id: Annotated[str, Meta(description="another application than the one that reads")] = ""
    certificate: Annotated[Path | None, Meta(description="PEM or PKCS12 with its private key")] = None
    host: Annotated[str, Meta(description="for smtp")] = ""
    port: Annotated[int, Meta(ge=1, le=65535, description="STARTTLS, always")] = 587
    auth: Annotated[
        Literal["password", "xoauth2", "none"], Meta(description="xoauth2, none: how it signs in to the mail server")
    ] = "password"
    user: Annotated[str, Meta(description="empty: the sender")] = ""
    ca_file: Annotated[Path | None, Meta(description="PEM of whom to trust in place of the public authorities")] = None


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """One way a report leaves: by which channel, to whom and when."""

    channel: Annotated[str, Meta(description="or folder")] = "mail"
    to: Annotated[tuple[str, ...], Meta(description='addresses, as in ["kim@contoso.example"]')] = ()
    path: Annotated[Path | None, Meta(description="where the channel folder puts it")] = None
    when: Annotated[When, Meta(description="changed, threshold; these two with a sign of life")] = "always"
    threshold: Annotated[
        Literal["high", "medium", "low", "info"], Meta(description="for when = threshold: from which severity up")
    ] = "high"
    attach: Annotated[tuple[Literal["pdf", "html"], ...], Meta(description="in which formats")] = ("pdf",)
    place: str = ""
    """The line of the file; no setting."""
