"""Signing in: one function per method, each returns where the tokens come from; secrets are in the environment only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.errors import UsageError
from driftaudit.graph.credentials import APP, BroughtToken, CredentialTokens, SignIn
from driftaudit.graph.token import TokenSource

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

TOKEN = "DRIFTAUDIT_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
SHAREPOINT_TOKEN = "DRIFTAUDIT_SHAREPOINT_TOKEN"  # noqa: S105 - the name of a variable
SECRET = "DRIFTAUDIT_CLIENT_SECRET"  # noqa: S105 - the name of a variable
PASSWORD = "DRIFTAUDIT_CERTIFICATE_PASSWORD"  # noqa: S105 - the name of a variable
_FEDERATED_TOKEN = "AZURE_FEDERATED_TOKEN_FILE"  # noqa: S105 - the name of a variable


def sign_in(method: str, wanted: SignIn) -> TokenSource:
    """Return the tokens of a method; nothing is asked of anybody before the first token."""
    if method not in METHODS:
        raise UsageError(f"There is no sign-in called {method!r}.", f"[sign_in] method knows: {', '.join(METHODS)}.")
    return METHODS[method](wanted)


def managed_identity(wanted: SignIn) -> TokenSource:
    """Sign in as the identity that Azure gives to this machine."""
    app = wanted.app or None

    def credential() -> TokenCredential:
        from azure.identity import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=app)

    return CredentialTokens("managed-identity", wanted, credential)


def workload_identity(wanted: SignIn) -> TokenSource:
    """Sign in with the token file that a cluster or a pipeline hands to its workloads."""
    _need(wanted)
    path = Path(_secret(wanted, _FEDERATED_TOKEN, "workload identity"))
    if not path.is_file():
        raise UsageError(f"{_FEDERATED_TOKEN} names {path}, which is no file.", "Mount the federated token there.")

    def credential() -> TokenCredential:
        from azure.identity import WorkloadIdentityCredential

        return WorkloadIdentityCredential(
            tenant_id=wanted.tenant_id, client_id=wanted.app, token_file_path=str(path), **_where(wanted)
        )

    return CredentialTokens("workload-identity", wanted, credential)


def certificate(wanted: SignIn) -> TokenSource:
    """Sign in as an application that proves itself by a certificate with its private key."""
    _need(wanted)
    if wanted.certificate is None:
        raise UsageError("Signing in by certificate needs one.", "Name its file in [sign_in] certificate.")
    path, data = wanted.certificate, _read(wanted.certificate)
    password = wanted.environment.get(PASSWORD) or None

    def credential() -> TokenCredential:
        from azure.identity import CertificateCredential

        try:
            return CertificateCredential(
                wanted.tenant_id, wanted.app, certificate_data=data, password=password, **_where(wanted)
            )
        except (ValueError, TypeError):
            raise UsageError(
                f"The certificate {path} cannot be opened: no PEM or PKCS12 with an RSA key, or a wrong password.",
                f"Put the password in {PASSWORD}, and the private key into the file.",
            ) from None

    return CredentialTokens("certificate", wanted, credential)


def azure_cli(wanted: SignIn) -> TokenSource:
    """Sign in as whoever is signed in to the Azure CLI."""

    def credential() -> TokenCredential:
        from azure.identity import AzureCliCredential

        return AzureCliCredential(tenant_id=wanted.tenant_id)

    return CredentialTokens("azure-cli", wanted, credential)


def device_code(wanted: SignIn) -> TokenSource:
    """Sign in as a person who enters a code in a browser, here or elsewhere."""
    _need(wanted)
    prompt = wanted.prompt
    if prompt is None:
        raise UsageError("A device code needs somebody to read it.", "Use another sign-in method for unattended runs.")

    def credential() -> TokenCredential:
        from azure.identity import DeviceCodeCredential

        person = DeviceCodeCredential(
            wanted.app,
            tenant_id=wanted.tenant_id,
            prompt_callback=lambda address, code, _: prompt(address, code),
            disable_automatic_authentication=True,
            **_where(wanted),
        )
        person.authenticate(scopes=[wanted.scope])
        return person

    return CredentialTokens("device-code", wanted, credential, is_personal=True)


def secret(wanted: SignIn) -> TokenSource:
    """Sign in as an application with a client secret; only for those who ask for it."""
    _need(wanted)
    text = _secret(wanted, SECRET, "secret")

    def credential() -> TokenCredential:
        from azure.identity import ClientSecretCredential

        return ClientSecretCredential(wanted.tenant_id, wanted.app, text, **_where(wanted))

    return CredentialTokens("secret", wanted, credential)


def token_brought_along(wanted: SignIn) -> TokenSource:
    """Use a token that somebody else got; there is no other when it ends."""
    return BroughtToken(_secret(wanted, TOKEN, "token").strip())


METHODS: dict[str, Callable[[SignIn], TokenSource]] = {
    "managed-identity": managed_identity,
    "workload-identity": workload_identity,
    "certificate": certificate,
    "azure-cli": azure_cli,
    "device-code": device_code,
    "secret": secret,
    "token": token_brought_along,
}


def _where(wanted: SignIn) -> dict[str, Any]:
    # The addresses are our own, nobody else need vouch for them.
    return {"authority": wanted.cloud.authority, "disable_instance_discovery": True, "retry_total": 2}


def _need(wanted: SignIn) -> None:
    """Raise if something is not configured without which nobody can sign in."""
    if not wanted.tenant_id:
        raise UsageError("Signing in needs the tenant.", "Set [tenant] id to its id or one of its domains.")
    if not wanted.app:
        raise UsageError("Signing in needs an application.", f"Set [sign_in] app_id or {APP} to its client id.")


def _secret(wanted: SignIn, name: str, method: str) -> str:
    text = wanted.environment.get(name, "")
    if not text.strip():
        raise UsageError(f"Signing in by {method} needs {name}, which is not set.", "Set it in the environment.")
    return text


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"The certificate {path} cannot be read: {error.strerror or 'no such file'}.",
            "Check the path in [sign_in] certificate and who may read it.",
        ) from None
