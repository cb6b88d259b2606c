"""The sign-in of whoever sends mail: another application than the one that reads, with secrets of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from driftaudit.errors import DriftauditError, UsageError
from driftaudit.graph.clouds import cloud
from driftaudit.graph.credentials import APP, SignIn
from driftaudit.graph.sign_in import PASSWORD, SECRET, TOKEN, sign_in
from driftaudit.graph.token import TokenSource

_NAMES = (APP, SECRET, PASSWORD, TOKEN)
E = TypeVar("E", bound=DriftauditError)


@dataclass(frozen=True, slots=True)
class Sender:
    """As whom mail is sent, and as whom the tenant is read, which must not be the same."""

    cloud: str
    tenant_id: str
    method: str
    app_id: str
    certificate: Path | None
    reader_method: str
    reader_app_id: str


@dataclass(frozen=True, slots=True)
class MailTokens:
    """Tokens of the sender, whose refusals name the settings of mail."""

    _source: TokenSource = field(repr=False)

    def token(self) -> str:
        """Return a token; raise SignInRefused if there is none."""
        try:
            return self._source.token()
        except DriftauditError as error:
            raise _of_mail(error) from None

    def renewed(self) -> str:
        """Return a newer token."""
        try:
            return self._source.renewed()
        except DriftauditError as error:
            raise _of_mail(error) from None


def mail_tokens(sender: Sender, environment: Mapping[str, str]) -> MailTokens:
    """Return the tokens of the sender; nothing is asked of anybody before the first one."""
    own = {name: environment.get(_mail_name(name), "") for name in _NAMES}
    app = sender.app_id or own[APP]
    reader = sender.reader_app_id or environment.get(APP, "")
    own_identity = sender.method == sender.reader_method == "managed-identity"
    if (app and app.lower() == reader.lower()) or (own_identity and not app and not reader):
        raise UsageError(
            "[mail] signs in as the application that reads the tenant.",
            "Register another one that may send and nothing else, and name it in [mail] app_id.",
        )
    wanted = SignIn(cloud(sender.cloud), {**environment, **own}, sender.tenant_id, app, sender.certificate)
    try:
        return MailTokens(sign_in(sender.method, wanted))
    except DriftauditError as error:
        raise _of_mail(error) from None


def _mail_name(name: str) -> str:
    """Return the variable in which the sender's secret of this kind stands."""
    return name.replace("DRIFTAUDIT_", "DRIFTAUDIT_MAIL_")


def _of_mail(error: E) -> E:
    """Return an error of signing in with the settings of mail in the place of the reader's."""
    texts = [error.happened, error.next_step]
    for name in _NAMES:
        texts = [text.replace(name, _mail_name(name)) for text in texts]
    return type(error)(*(text.replace("[sign_in]", "[mail]") for text in texts))
