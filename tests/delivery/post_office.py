"""A real mail server on loopback that takes mail after STARTTLS and a sign-in, and refuses by script."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.graph.https import certificate_files

USER, SECRET = "reports@contoso.example", "canary-5f1c-password"
TOKEN = "canary-77aa-token"  # noqa: S105


@dataclass
class Office:
    """What the server has been sent, and what it says in place of yes, once per entry."""

    port: int = 0
    ca_file: Path = Path()
    at_data: list[str] = field(default_factory=list)
    at_sender: list[str] = field(default_factory=list)
    of_recipient: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    on_taken: Callable[[], None] = lambda: None
    hangs_up: bool = False
    """Take the next mail and end the connection without a word."""

    @property
    def mails(self) -> list[EmailMessage]:
        """Return what was taken, read as mail."""
        return [message_from_bytes(content, policy=default) for _, content in self.taken]  # type: ignore[misc]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Take a sender, or say what the script says."""
        if self.at_sender:
            return self.at_sender.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Take a recipient, or say what the script says."""
        if self.of_recipient.get(address):
            return self.of_recipient[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, or say what the script says."""
        if self.at_data:
            return self.at_data.pop(0)
        self.taken.append((list(envelope.rcpt_tos), envelope.content))
        self.on_taken()
        if self.hangs_up:
            self.hangs_up = False
            server.transport.abort()
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        """Let in who brings the token."""
        told = base64.b64decode(args[1]).decode()
        if told == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            self.signed_in.append(USER)
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    def lets_in(self, server: Any, session: Any, envelope: Any, mechanism: str, told: Any) -> AuthResult:
        """Let in who knows the password."""
        known = told.login == USER.encode() and told.password == SECRET.encode()
        if known:
            self.signed_in.append(told.login.decode())
        return AuthResult(success=known, handled=False)


@contextmanager
def office(folder: Path, **settings: Any) -> Generator[Office]:
    """Run a mail server for as long as it is needed."""
    public, both = certificate_files(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    made = Office(ca_file=public)
    usual: dict[str, Any] = {
        "hostname": "mail.contoso.example",
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": made.lets_in,
        "data_size_limit": 40_000_000,
    }

    class _Controller(Controller):
        def factory(self) -> SMTP:
            return SMTP(made, loop=self.loop, **usual | settings)

        def _trigger_server(self) -> None:
            assert isinstance(self.server, asyncio.Server)
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = _Controller(made, hostname="127.0.0.1", port=0, ready_timeout=20)
    controller.start()
    try:
        made.port = controller.port
        yield made
    finally:
        controller.stop()
