"""The channel `mail` via Microsoft Graph, by an application that may send and does not read the tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from driftaudit.delivery.addresses import check_addresses
from driftaudit.delivery.letter import LARGEST, TOO_LARGE, Letter, Post, Receipt, Receipts, for_all
from driftaudit.delivery.mime import HEADER
from driftaudit.delivery_settings import Send
from driftaudit.errors import DriftauditError

if TYPE_CHECKING:
    from driftaudit.graph.mailbox import Mailbox

REPEATABLE = False
_GRAPH_URL = "DRIFTAUDIT_GRAPH_URL"
_BAD_ADDRESS = "errorinvalidrecipients"
_FORBIDDEN = 403


def recipients(send: Send) -> tuple[str, ...]:
    """Return the addresses, each once."""
    return tuple(dict.fromkeys(address.lower() for address in send.to))


def check(send: Send, post: Post) -> None:
    """Raise UsageError if an address or the sign-in is missing, or the sign-in is the reader's."""
    check_addresses(send, post.config.mail)
    _mailbox(post)


def deliver(letter: Letter, send: Send, post: Post) -> Receipts:
    """Send in one piece below 3 MB, by a draft up to 25 MB, and above that a summary that says where the file lies."""
    from driftaudit.graph.mail_failures import MailRefused, MailUnclear

    try:
        with _mailbox(post) as mailbox:
            return _deliver(letter, mailbox)
    except MailRefused as refusal:
        return for_all(letter, Receipt("refused", refusal.why))
    except MailUnclear as unclear:
        return for_all(letter, Receipt("unclear", str(unclear)))
    except DriftauditError as error:
        return for_all(letter, Receipt("refused", error.happened.rstrip(".")))


def ready(send: Send, post: Post) -> str:
    """Return that the sign-in works; no mail is sent and the mailbox is not looked at."""
    from driftaudit.graph.claims import claims_of

    with _mailbox(post) as mailbox:
        claims = claims_of(mailbox.identity())
    roles = sorted(claims.roles) if claims else []
    held = f", which may do {', '.join(roles)}" if roles else ""
    return f"Signed in to send as {post.config.mail.sender}{held}."


def _deliver(letter: Letter, mailbox: Mailbox) -> Receipts:
    """Send to all, or to each alone where the service refuses one address for all."""
    from driftaudit.graph.mail_failures import MailRefused

    whole = letter.size <= LARGEST
    try:
        _send(letter, letter.recipients, mailbox, whole=whole)
    except MailRefused as refusal:
        if refusal.code.lower() == _BAD_ADDRESS and len(letter.recipients) > 1:
            return {to: _alone(letter, to, mailbox, whole=whole) for to in letter.recipients}
        if not (refusal.too_large and whole and letter.attachments):
            raise
        whole = False
        _send(letter, letter.recipients, mailbox, whole=False)
    return for_all(letter, Receipt("sent", None if whole else TOO_LARGE))


def _alone(letter: Letter, to: str, mailbox: Mailbox, *, whole: bool) -> Receipt:
    from driftaudit.graph.mail_failures import MailRefused, MailUnclear

    try:
        _send(letter, (to,), mailbox, whole=whole)
    except MailRefused as refusal:
        return Receipt("refused", refusal.why)
    except MailUnclear as unclear:
        return Receipt("unclear", str(unclear))
    return Receipt("sent", None if whole else TOO_LARGE)


def _send(letter: Letter, to: tuple[str, ...], mailbox: Mailbox, *, whole: bool) -> None:
    from driftaudit.graph.mailbox import IN_ONE_PIECE, attachment

    message = _message(letter, to, whole=whole)
    if not whole:
        mailbox.send(message)
        return
    attached = [attachment(each.name, each.type, each.content) for each in letter.attachments]
    if letter.size < IN_ONE_PIECE and mailbox.fits(complete := {**message, "attachments": attached}):
        mailbox.send(complete)
    else:
        _send_draft(letter, message, mailbox)


def _send_draft(letter: Letter, message: dict[str, Any], mailbox: Mailbox) -> None:
    """Send by a draft; one that is not sent does not stay behind."""
    from driftaudit.graph.mail_failures import MailRefused

    try:
        draft = mailbox.draft(message)
    except MailRefused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        raise MailRefused(f"{refusal.why}; from 3 MB up the sender needs Mail.ReadWrite too", refusal.code) from None
    try:
        for each in letter.attachments:
            mailbox.attach(draft, each.name, each.type, each.content)
        mailbox.send_draft(draft)
    except (MailRefused, DriftauditError):
        mailbox.drop(draft)
        raise


def _message(letter: Letter, to: tuple[str, ...], *, whole: bool) -> dict[str, Any]:
    """Return the mail as the service takes it; it makes the plain part from the HTML itself."""
    said = letter.words(whole)
    return {
        "subject": said.subject,
        "body": {"contentType": "HTML", "content": said.html},
        "toRecipients": [{"emailAddress": {"address": address}} for address in to],
        "internetMessageHeaders": [{"name": HEADER, "value": letter.id.strip("<>")}],
    }


def _mailbox(post: Post) -> Mailbox:
    """Return the mailbox of the sender, signed in as [mail] says."""
    from driftaudit.graph.address import root_from
    from driftaudit.graph.clouds import cloud
    from driftaudit.graph.mail_sign_in import Sender, mail_tokens
    from driftaudit.graph.mailbox import Mailbox

    mail, reader, tenant = post.config.mail, post.config.sign_in, post.config.tenant
    sender = Sender(tenant.cloud, tenant.id, mail.method, mail.app_id, mail.certificate, reader.method, reader.app_id)
    root = root_from(post.environment, _GRAPH_URL, cloud(tenant.cloud).graph_root).text
    return Mailbox(root, mail_tokens(sender, post.environment), mail.sender, post.sleep)
