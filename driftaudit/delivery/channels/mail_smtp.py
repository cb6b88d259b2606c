"""The channel `mail` via a mail server: STARTTLS with a checked certificate, then a sign-in, then the letter."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress

from driftaudit.delivery.addresses import check_addresses
from driftaudit.delivery.letter import ATTEMPTS, LARGEST, TOO_LARGE, Letter, Post, Receipt, Receipts, pause
from driftaudit.delivery.mime import mime
from driftaudit.delivery_settings import ACCESS_TOKEN, PASSWORD, Mail, Send
from driftaudit.errors import DeliveryFailed, UsageError
from driftaudit.foreign_text import visible

REPEATABLE = False
_SECONDS, _TAKING_SECONDS = 60.0, 600.0
"""For an answer, and for the one to a whole letter, which the server may look through first."""
_LONGEST = 160
_IMPLICIT_TLS = 465
_TOO_LARGE = (552, 523)
_SECRET_OF = {"password": PASSWORD, "xoauth2": ACCESS_TOKEN}


class _Refused(Exception):
    """The server said no to everything: to the sender, or to the letter as a whole."""

    def __init__(self, code: int, said: bytes) -> None:
        super().__init__(code)
        self.code, self.said = code, _words(code, said)


class _Unclear(Exception):
    """The connection ended after the letter had left and before the server said that it has it."""

    def __init__(self, refused: Mapping[str, tuple[int, str]]) -> None:
        super().__init__()
        self.refused = refused


def recipients(send: Send) -> tuple[str, ...]:
    """Return the addresses, each once."""
    return tuple(dict.fromkeys(address.lower() for address in send.to))


def check(send: Send, post: Post) -> None:
    """Raise UsageError if an address, the server or the secret is missing."""
    mail = post.config.mail
    check_addresses(send, mail)
    if not mail.host:
        raise UsageError("Mail via smtp needs a server.", 'Set it as in [mail] host = "mail.contoso.example".')
    if mail.port == _IMPLICIT_TLS:
        raise UsageError("[mail] port 465 is for another kind of TLS.", "Use the port for STARTTLS, which is 587.")
    name = _SECRET_OF.get(mail.auth)
    if name and not post.environment.get(name, "").strip():
        raise UsageError(f"[mail] auth = {mail.auth!r} needs {name}, which is not set.", "Set it in the environment.")


def deliver(letter: Letter, send: Send, post: Post) -> Receipts:
    """Send to all who are accepted; what is refused for the moment is tried again, a letter too large is a summary."""
    told: Receipts = {}
    whole = letter.size <= LARGEST
    left, attempt = letter.recipients, 1
    while left:
        try:
            refused = _send(letter, left, post, with_attachments=whole)
            note = None if whole else TOO_LARGE
            told |= {to: Receipt("sent", note) for to in left if to not in refused}
        except _Refused as refusal:
            if refusal.code in _TOO_LARGE and whole and letter.attachments:
                whole = False
                continue
            refused = dict.fromkeys(left, (refusal.code, refusal.said))
        except DeliveryFailed as failure:
            refused = dict.fromkeys(left, (400, failure.happened))
        except _Unclear as unclear:
            lost = Receipt("unclear", "the connection ended while the server took the mail")
            refusals = {to: Receipt("refused", said) for to, (_, said) in unclear.refused.items()}
            return told | dict.fromkeys(left, lost) | refusals
        last = attempt >= ATTEMPTS
        told |= {to: Receipt("refused", said) for to, (code, said) in refused.items() if last or code >= 500}
        left = tuple(to for to in refused if to not in told)
        if left:
            post.sleep(pause(attempt))
            attempt += 1
    return told


def ready(send: Send, post: Post) -> str:
    """Return that the server takes the sign-in; no mail is sent."""
    mail = post.config.mail
    try:
        with _signed_in(post) as server:
            server.noop()
    except _Refused as refusal:
        why = f"{mail.host} refuses the sign-in: {refusal.said}."
        raise DeliveryFailed(why, "Check [mail] and its secret.") from None
    return f"{mail.host} takes mail of {mail.sender}."


def _send(letter: Letter, left: tuple[str, ...], post: Post, *, with_attachments: bool) -> dict[str, tuple[int, str]]:
    """Send once and return who was refused, by code and words."""
    sender = post.config.mail.sender
    content = mime(letter, sender, left, with_attachments=with_attachments)
    with _signed_in(post) as server:
        limit = server.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < len(content):
            raise _Refused(_TOO_LARGE[0], b"larger than the server takes")
        _expect(server.mail(sender, [f"size={len(content)}"] if limit or server.has_extn("size") else []))
        answers = {to: server.rcpt(to) for to in left}
        refused = {to: (code, _words(code, said)) for to, (code, said) in answers.items() if code not in (250, 251)}
        if len(refused) < len(left):
            _hand_over(server, content, refused)
    return refused


def _hand_over(server: smtplib.SMTP, content: bytes, refused: Mapping[str, tuple[int, str]]) -> None:
    """Give the server the letter; from its first byte on, a broken connection leaves open whether it was taken."""
    code, said = server.docmd("data")
    if code != 354:
        raise _Refused(code, said)
    try:
        if server.sock is not None:
            server.sock.settimeout(_TAKING_SECONDS)
        server.send(_dotted(content))
        answer = server.getreply()
    except (OSError, smtplib.SMTPException):
        raise _Unclear(refused) from None
    _expect(answer)


def _dotted(content: bytes) -> bytes:
    """Return a letter as it stands on the wire: a dot that begins a line doubled, and the dot that ends it."""
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


@contextmanager
def _signed_in(post: Post) -> Generator[smtplib.SMTP]:
    """Give a connection that is encrypted and signed in; raise DeliveryFailed if there is none."""
    mail = post.config.mail
    try:
        domain = mail.sender.rpartition("@")[2]
        server = smtplib.SMTP(mail.host, mail.port, local_hostname=domain, timeout=_SECONDS)
        try:
            _encrypt(server, mail)
            _sign_in(server, post)
            yield server
        finally:
            with suppress(OSError):
                server.quit()
            server.close()
    except smtplib.SMTPResponseException as error:
        raise _Refused(error.smtp_code, _bytes(error.smtp_error)) from None
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "no TLS"
        raise _Refused(500, f"its certificate is not trusted here ({why})".encode()) from None
    except OSError as error:
        what = "it hung up" if isinstance(error, smtplib.SMTPException) else error.strerror or "no answer in time"
        raise DeliveryFailed(f"{mail.host} cannot be reached ({what})", "Check [mail] host and port.") from None


def _encrypt(server: smtplib.SMTP, mail: Mail) -> None:
    """Go on under TLS, or not at all."""
    server.ehlo()
    if not server.has_extn("starttls"):
        raise _Refused(500, b"it offers no STARTTLS, and nothing is sent in the open")
    server.starttls(context=_trusted(mail))
    server.ehlo()


def _trusted(mail: Mail) -> ssl.SSLContext:
    """Return what is asked of the server's certificate: that somebody trusted made it, for this name."""
    try:
        context = ssl.create_default_context(cafile=mail.ca_file)
    except (OSError, ssl.SSLError):
        raise UsageError(f"{mail.ca_file} holds no certificates.", "Name a PEM file in [mail] ca_file.") from None
    context.hostname_checks_common_name = False
    return context


def _sign_in(server: smtplib.SMTP, post: Post) -> None:
    """Sign in as configured; what the server says of a refusal never repeats the secret."""
    mail = post.config.mail
    if mail.auth == "none":
        return
    secret, user = post.environment[_SECRET_OF[mail.auth]].strip(), mail.user or mail.sender
    try:
        if mail.auth == "password":
            server.login(user, secret)
            return
        told = "\x01".join((f"user={user}", f"auth=Bearer {secret}", "", ""))
        code, said = server.docmd("AUTH", f"XOAUTH2 {_encoded(told)}")
        if code == 334:
            # The reason stands in the challenge; an empty answer ends it.
            code, said = server.docmd("")
        _expect((code, said))
    except smtplib.SMTPAuthenticationError as error:
        raise _Refused(error.smtp_code, _bytes(error.smtp_error).replace(secret.encode(), b"***")) from None
    except smtplib.SMTPNotSupportedError:
        raise _Refused(500, b"it offers no sign-in by password") from None


def _expect(answer: tuple[int, bytes]) -> None:
    """Raise _Refused for an answer that is no yes."""
    code, said = answer
    if code not in (235, 250):
        raise _Refused(code, said)


def _words(code: int, said: bytes) -> str:
    text = visible(" ".join(said.decode("utf-8", "replace").split())[:_LONGEST]).rstrip(".")
    return f"{code} {text}".strip()


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
