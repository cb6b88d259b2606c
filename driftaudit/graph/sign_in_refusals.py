"""Why a sign-in did not work, in one sentence with a next step; what was sent never stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from driftaudit.foreign_text import visible
from driftaudit.graph.failures import GraphFailure, SignInRefused, Unreachable

if TYPE_CHECKING:
    from driftaudit.graph.credentials import SignIn

_LONGEST = 200
_SHORTEST_SECRET = 6
_SECRETS = (
    "DRIFTAUDIT_CLIENT_SECRET",
    "DRIFTAUDIT_CERTIFICATE_PASSWORD",
    "DRIFTAUDIT_ACCESS_TOKEN",
    "DRIFTAUDIT_SHAREPOINT_TOKEN",
)
_NETWORK = {"ServiceRequestError", "ServiceResponseError", "ServiceRequestTimeoutError", "ServiceResponseTimeoutError"}
_NETWORK_WORDS = ("Failed to establish a new connection", "Failed to resolve", "Max retries exceeded", "timed out")
"""What is left of such an error where msal wraps it."""
_TENANT = ("there is no tenant {tenant}", "Check [tenant] id, and [tenant] cloud if it is a national cloud.")
_SECRET = ("the client secret is wrong or has ended", "Make a new secret, or better use a certificate.")
_FEDERATION = (
    "the application trusts no such federated token",
    "Compare the issuer, subject and audience of its federated credential.",
)
_INTERACTION = (
    "a rule of the tenant asks the person for more",
    "Sign in again with the device code, or ask for an exception for this application.",
)
_CODES = {
    "90002": _TENANT,
    "900021": _TENANT,
    "900023": _TENANT,
    "700016": (
        "the tenant {tenant} knows no application {app}",
        "Check [sign_in] app_id, and that an administrator has consented in this tenant.",
    ),
    "7000215": _SECRET,
    "7000222": _SECRET,
    "7000112": ("the application {app} is disabled", "Enable it in Entra."),
    "700027": ("the certificate is not one of the application's", "Upload its public part to the application."),
    "700024": ("the time of this machine is wrong", "Set the clock of this machine and sign in again."),
    "70021": _FEDERATION,
    "700211": _FEDERATION,
    "700212": _FEDERATION,
    "700213": _FEDERATION,
    "65001": ("nobody has consented to the permissions", "Open the address that `driftaudit permissions` prints."),
    "50076": _INTERACTION,
    "50079": _INTERACTION,
    "50173": ("the sign-in was revoked", "Sign in again."),
    "53003": ("Conditional Access forbids it", "Ask for an exception for this application or this place."),
    "70016": ("nobody entered the code in time", "Start again and enter the code within 15 minutes."),
    "70020": ("nobody entered the code in time", "Start again and enter the code within 15 minutes."),
}
_UNAVAILABLE = {
    "managed-identity": (
        "Azure gives this machine no such identity",
        "Assign one to it, check [sign_in] app_id (empty for its own), or set another [sign_in] method.",
    ),
    "azure-cli": ("the Azure CLI is not there or not signed in", "Run `az login`, or set [sign_in] method."),
    "workload-identity": ("there is no federated token", "Mount it and set AZURE_FEDERATED_TOKEN_FILE."),
}


def refused(method: str, wanted: SignIn, error: Exception) -> GraphFailure:
    """Return the failure that an error of azure-identity is."""
    host = wanted.cloud.authority.removeprefix("https://")
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _NETWORK or any(words in str(error) for words in _NETWORK_WORDS):
        return Unreachable(
            f"{_place(method, host)} cannot be reached to sign in.",
            "Check the network and, behind a proxy, HTTPS_PROXY and REQUESTS_CA_BUNDLE.",
        )
    known = _known(method, str(error), names)
    if known:
        why, step = (text.format(tenant=visible(wanted.tenant_id), app=visible(wanted.app)) for text in known)
        return SignInRefused(f"Signing in by {method} was refused: {why}.", step)
    if "ValueError" in names and "tenant" in str(error).lower():
        why, step = (text.format(tenant=visible(wanted.tenant_id)) for text in _TENANT)
        return SignInRefused(f"Signing in by {method} was refused: {why}.", step)
    return SignInRefused(
        f"Signing in by {method} was refused: {_words(error, wanted)}.", "`driftaudit doctor` tells more."
    )


def _known(method: str, text: str, names: set[str]) -> tuple[str, str] | None:
    """Return what is known about an error: by Microsoft's code for it, or because the method is not there."""
    code = re.search(r"AADSTS(\d+)", text)
    if code and code[1] in _CODES:
        return _CODES[code[1]]
    if "AuthenticationRequiredError" in names:
        return "the sign-in cannot be renewed without the person", "Sign in again and collect again."
    if "CredentialUnavailableError" in names:
        return _UNAVAILABLE.get(method)
    if "Timed out waiting for user" in text:
        return _CODES["70020"]
    return None


def _words(error: Exception, wanted: SignIn) -> str:
    """Return the first sentence of a foreign error, without anything secret."""
    text = " ".join(str(error).split()) or type(error).__name__
    for name in _SECRETS:
        given = wanted.environment.get(name, "").strip()
        if len(given) >= _SHORTEST_SECRET:
            text = text.replace(given, "***")
    return visible(re.split(r"(?<=[a-z])\. | Trace ID", text)[0][:_LONGEST]).rstrip(".")


def _place(method: str, host: str) -> str:
    return "The managed identity of this machine" if method == "managed-identity" else host
