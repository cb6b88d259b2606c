"""Every way to sign in gives a token or one sentence with the next step; secrets stay where they are."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from driftaudit.errors import DriftauditError, NothingRead, UsageError
from driftaudit.graph.claims import claims_of
from driftaudit.graph.clouds import cloud
from driftaudit.graph.credentials import CredentialTokens, SignIn
from driftaudit.graph.failures import SignInRefused, Unreachable
from driftaudit.graph.sign_in import sign_in
from tests.graph.bench import TENANT, jwt
from tests.graph.entra import APP, Entra, entra
from tests.graph.https import certificate_files
from tests.graph.small_server import Reply, SmallServer, serving

CANARY = "canary-4f8e1b7c-secret"
SECRET = {"DRIFTAUDIT_CLIENT_SECRET": CANARY}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Entra]:
    """Return a place to sign in."""
    with entra(tmp_path, monkeypatch) as found:
        yield found


def number(token: str) -> str:
    """Return the how-manieth token it is."""
    _, middle, _ = token.split(".")
    return json.loads(base64.urlsafe_b64decode(middle + "=="))["jti"]


def test_a_secret_signs_in(place: Entra) -> None:
    tokens = sign_in("secret", place.wanted(SECRET))
    claims = claims_of(tokens.token())
    assert claims is not None
    assert claims.tenant_id == TENANT
    (asked,) = place.asked
    assert (asked["client_id"], asked["client_secret"]) == (APP, CANARY)
    assert asked["scope"] == "https://graph.microsoft.com/.default"


@pytest.mark.parametrize("password", ["", CANARY])
def test_a_certificate_signs_in(place: Entra, tmp_path: Path, password: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    _, both = certificate_files(folder, password)
    environment = {"DRIFTAUDIT_CERTIFICATE_PASSWORD": password}
    assert sign_in("certificate", place.wanted(environment, certificate=both)).token()
    assert place.asked[0]["client_assertion"].count(".") == 2


def test_a_federated_token_signs_in(place: Entra, tmp_path: Path) -> None:
    file = tmp_path / "federated"
    file.write_text("federated-token")
    assert sign_in("workload-identity", place.wanted({"AZURE_FEDERATED_TOKEN_FILE": str(file)})).token()
    assert place.asked[0]["client_assertion"] == "federated-token"


def test_a_person_signs_in_by_device_code_once(place: Entra) -> None:
    told: list[tuple[str, str]] = []
    tokens = sign_in("device-code", place.wanted(prompt=lambda address, code: told.append((address, code))))
    assert [number(tokens.token()), number(tokens.renewed())] == ["1", "1"]
    assert told == [("https://entra.contoso.example/device", "ABCD-EFGH")]


def test_a_managed_identity_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(SmallServer()) as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.root}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "h")
        path = f"/msi/token?api-version=2019-08-01&resource=https://graph.microsoft.com&client_id={APP}"
        server.says(path, Reply({"access_token": jwt(), "expires_on": "4102444800", "token_type": "Bearer"}))
        tokens = sign_in("managed-identity", SignIn(cloud("public"), {"DRIFTAUDIT_CLIENT_ID": APP}))
        assert (tokens.token(), server.paths()) == (jwt(), [path])


def test_a_machine_without_an_identity_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(SmallServer()) as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.root}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "h")
        with pytest.raises(SignInRefused, match=r"gives this machine no such identity\. Assign one to it"):
            sign_in("managed-identity", SignIn(cloud("public"), {})).token()


def test_the_azure_cli_signs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    az = tmp_path / "az"
    said = {"accessToken": jwt(), "expiresOn": "2100-01-01 00:00:00.000000", "expires_on": 4102444800}
    az.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\n")
    az.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert sign_in("azure-cli", SignIn(cloud("public"), {}, tenant_id=TENANT)).token() == jwt()


def test_a_token_brought_along_is_used_as_it_is() -> None:
    tokens = sign_in("token", SignIn(cloud("public"), {"DRIFTAUDIT_ACCESS_TOKEN": f" {CANARY}\n"}))
    assert (tokens.token(), tokens.renewed()) == (CANARY, CANARY)


def test_tokens_are_kept_and_renewed(place: Entra) -> None:
    tokens = sign_in("secret", place.wanted(SECRET))
    assert [number(tokens.token()), number(tokens.token()), number(tokens.renewed())] == ["1", "1", "2"]


def test_one_sign_in_serves_two_audiences(place: Entra) -> None:
    tokens = sign_in("secret", place.wanted(SECRET))
    assert isinstance(tokens, CredentialTokens)
    tokens.for_audience("https://contoso.sharepoint.com").token()
    assert place.asked[0]["scope"] == "https://contoso.sharepoint.com/.default"


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ("AADSTS90002: Tenant 'x' not found.", f"there is no tenant {TENANT}"),
        ("AADSTS700016: Application with identifier 'x' was not found.", f"knows no application {APP}"),
        ("AADSTS7000215: Invalid client secret provided.", "the client secret is wrong"),
        ("AADSTS7000222: The provided client secret keys are expired.", "the client secret is wrong or has ended"),
        ("AADSTS700027: The certificate is not registered.", "not one of the application's"),
        ("AADSTS700024: Client assertion is not within its valid time range.", "the time of this machine is wrong"),
        ("AADSTS53003: Access has been blocked.", "Conditional Access forbids it"),
        (f"AADSTS99999: Something new about {CANARY}\x1b[31m.", r"Something new about \*\*\*␛\[31m"),
    ],
)
def test_a_refusal_is_one_sentence(place: Entra, refusal: str, says: str) -> None:
    place.refuses = refusal
    with pytest.raises(SignInRefused, match=says) as caught:
        sign_in("secret", place.wanted(SECRET)).token()
    assert (caught.value.exit_code, caught.value.happened.count("\n")) == (5, 0)
    assert caught.value.next_step.endswith(".")


def test_no_network_is_one_sentence(place: Entra) -> None:
    wanted = place.wanted(SECRET)
    place.server.shutdown()
    place.server.server_close()
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1:\d+ cannot be reached to sign in\. Check the network"):
        sign_in("secret", wanted).token()


def test_a_web_page_instead_of_a_sign_in_is_one_sentence(place: Entra) -> None:
    path = f"/{TENANT}/oauth2/v2.0/token"
    place.server.replace(path, Reply(b"<html>Sign in to the proxy", 200, {"Content-Type": "text/html"}))
    with pytest.raises(NothingRead) as caught:
        sign_in("secret", place.wanted(SECRET)).token()
    assert CANARY not in str(caught.value)


def test_a_tenant_that_cannot_be_one_is_one_sentence(place: Entra) -> None:
    with pytest.raises(SignInRefused, match=r"there is no tenant contoso example!\. Check \[tenant\] id"):
        sign_in("secret", place.wanted(SECRET, tenant_id="contoso example!")).token()


def test_an_azure_cli_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SignInRefused, match=r"Azure CLI is not there or not signed in\. Run `az login`"):
        sign_in("azure-cli", SignIn(cloud("public"), {})).token()


@pytest.mark.parametrize(
    ("method", "changes", "says"),
    [
        ("password", {}, "no sign-in called 'password'.*managed-identity"),
        ("secret", {"environment": {}}, "needs DRIFTAUDIT_CLIENT_SECRET, which is not set"),
        ("token", {"environment": {}}, "needs DRIFTAUDIT_ACCESS_TOKEN"),
        ("secret", {"tenant_id": ""}, "needs the tenant"),
        ("secret", {"app_id": ""}, "needs an application.*DRIFTAUDIT_CLIENT_ID"),
        ("certificate", {}, r"needs one\. Name its file in \[sign_in\] certificate"),
        ("certificate", {"certificate": Path("none.pem")}, "certificate none.pem cannot be read: No such file"),
        ("certificate", {"certificate": Path()}, "cannot be read"),
        ("workload-identity", {}, "needs AZURE_FEDERATED_TOKEN_FILE"),
        ("workload-identity", {"environment": {"AZURE_FEDERATED_TOKEN_FILE": "none"}}, "which is no file"),
        ("device-code", {}, "needs somebody to read it"),
    ],
)
def test_what_is_not_configured_is_told_before_anybody_is_asked(
    method: str, changes: dict[str, Any], says: str
) -> None:
    given: dict[str, Any] = {"environment": SECRET, "tenant_id": TENANT, "app_id": APP} | changes
    with pytest.raises(UsageError, match=says) as caught:
        sign_in(method, SignIn(cloud("public"), **given))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nx\n", b"\x30\x82\x00"])
def test_a_certificate_that_is_none_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "certificate.pem"
    file.write_bytes(content)
    wanted = SignIn(cloud("public"), {}, tenant_id=TENANT, app_id=APP, certificate=file)
    with pytest.raises(UsageError, match=r"certificate\.pem cannot be opened: no PEM or PKCS12"):
        sign_in("certificate", wanted).token()


def test_a_wrong_password_is_one_sentence(tmp_path: Path) -> None:
    _, both = certificate_files(tmp_path, "right")
    environment = {"DRIFTAUDIT_CERTIFICATE_PASSWORD": CANARY}
    wanted = SignIn(cloud("public"), environment, tenant_id=TENANT, app_id=APP, certificate=both)
    with pytest.raises(UsageError, match="or a wrong password") as caught:
        sign_in("certificate", wanted).token()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_no_secret_shows(place: Entra, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    place.refuses = f"AADSTS99999: You sent {CANARY}."
    names = ("CLIENT_SECRET", "ACCESS_TOKEN", "CERTIFICATE_PASSWORD", "SHAREPOINT_TOKEN")
    environment = {f"DRIFTAUDIT_{name}": CANARY for name in names}
    environment["AZURE_FEDERATED_TOKEN_FILE"] = str(tmp_path / "federated")
    (tmp_path / "federated").write_text(CANARY)
    folder = tmp_path / "own"
    folder.mkdir()
    _, both = certificate_files(folder, CANARY)
    wanted = place.wanted(environment, certificate=both, prompt=lambda address, code: None)
    shown = [repr(wanted)]
    for method in ("secret", "certificate", "workload-identity", "device-code", "token"):
        tokens = sign_in(method, wanted)
        try:
            tokens.token()
        except DriftauditError as error:
            shown += [repr(error), "".join(traceback.format_exception(error))]
        shown.append(repr(tokens))
    assert "\n".join(shown).count("AADSTS99999: You sent ***") >= 4
    assert CANARY not in "\n".join(shown)
