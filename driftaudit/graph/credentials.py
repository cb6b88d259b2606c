"""Who signs in, and the tokens that come of it; azure-identity is asked when a token is needed, not before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.errors import UsageError
from driftaudit.graph.clouds import Cloud
from driftaudit.graph.failures import SignInRefused
from driftaudit.graph.sign_in_refusals import refused

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

APP = "DRIFTAUDIT_CLIENT_ID"

# azure-identity logs what it raises, and a logger without a handler prints.
logging.getLogger("azure").addHandler(logging.NullHandler())
logging.getLogger("msal").addHandler(logging.NullHandler())

Prompt = Callable[[str, str], None]
"""Told the address to open and the code to enter there."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signs in, where, and with what; the environment never shows."""

    cloud: Cloud
    environment: Mapping[str, str] = field(repr=False)
    tenant_id: str = ""
    app_id: str = ""
    certificate: Path | None = None
    prompt: Prompt | None = None
    audience: str = ""
    """Whom the token is for; empty is Microsoft Graph."""

    @property
    def scope(self) -> str:
        """Return what the token is asked for: everything that was consented to."""
        return f"{self.audience or self.cloud.graph_root}/.default"

    @property
    def app(self) -> str:
        """Return the application that signs in."""
        return self.app_id or self.environment.get(APP, "")


@dataclass(frozen=True, slots=True)
class BroughtToken:
    """A token that is there already."""

    _text: str = field(repr=False)

    def token(self) -> str:
        """Return it."""
        return self._text

    def renewed(self) -> str:
        """Return it: there is no other."""
        return self._text


@dataclass
class CredentialTokens:
    """Tokens by one of azure-identity's credentials, which is made when it is needed."""

    method: str
    wanted: SignIn
    _make: Callable[[], TokenCredential] = field(repr=False)
    is_personal: bool = False
    _credential: TokenCredential | None = field(default=None, repr=False)

    def token(self) -> str:
        """Return a token; raise SignInRefused if there is none."""
        try:
            self._credential = self._credential or self._make()
            return self._credential.get_token(self.wanted.scope).token
        except (UsageError, SignInRefused):
            raise
        except Exception as error:
            # Whatever azure-identity and what it stands on raise, it is a sign-in that did not work; their texts
            # may quote what was sent, so that the chain ends here.
            raise refused(self.method, self.wanted, error) from None

    def renewed(self) -> str:
        """Return a newer token; a person is not asked again in the middle of a run."""
        if not self.is_personal:
            self._credential = None
        return self.token()

    def for_audience(self, audience: str) -> CredentialTokens:
        """Return tokens of the same sign-in for another service, as in https://contoso.sharepoint.com."""
        return replace(self, wanted=replace(self.wanted, audience=audience))
