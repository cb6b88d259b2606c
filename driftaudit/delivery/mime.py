"""A letter as the bytes of a mail."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from driftaudit.delivery.letter import Letter

HEADER = "X-Driftaudit-Delivery"
"""By this header a person finds a letter of the ledger in any mailbox."""


def mime(letter: Letter, sender: str, recipients: tuple[str, ...], *, with_attachments: bool) -> bytes:
    """Return a mail with a plain and an HTML part and the attachments; a line break in a header is an error."""
    said = letter.words(with_attachments)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = said.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.id
    message[HEADER] = letter.id.strip("<>")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(said.plain)
    message.add_alternative(said.html, subtype="html")
    for attachment in letter.attachments if with_attachments else ():
        kind, _, subtype = attachment.type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    return message.as_bytes()
