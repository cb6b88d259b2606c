"""The sender signs in apart from the reader, and what is refused names the sender's settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from driftaudit.errors import UsageError
from driftaudit.graph import mail_sign_in
from driftaudit.graph.clouds import CLOUDS
from driftaudit.graph.failures import SignInRefused
from driftaudit.graph.mail_sign_in import Sender, mail_tokens
from tests.graph.bench import TENANT
from tests.graph.entra import APP, entra
from tests.graph.https import certificate_files

READER = "0f0e2b10-0000-4000-8000-0000000000ff"
SENDER = Sender("public", TENANT, "secret", APP, None, "certificate", READER)
SECRETS = {"DRIFTAUDIT_MAIL_CLIENT_SECRET": "canary-5e0d", "DRIFTAUDIT_CLIENT_SECRET": "of the reader"}


def test_the_sender_brings_its_own_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with entra(tmp_path, monkeypatch) as place:
        monkeypatch.setattr(mail_sign_in, "cloud", lambda name: replace(CLOUDS[name], authority=place.authority))
        tokens = mail_tokens(SENDER, SECRETS)
        assert tokens.token() != tokens.renewed()
        assert {asked["client_secret"] for asked in place.asked} == {"canary-5e0d"}
        assert {asked["client_id"] for asked in place.asked} == {APP}


def test_a_refusal_names_the_sender_s_settings_and_not_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entra(tmp_path, monkeypatch) as place:
        monkeypatch.setattr(mail_sign_in, "cloud", lambda name: replace(CLOUDS[name], authority=place.authority))
        place.refuses = "AADSTS700016: Application not found; canary-5e0d."
        with pytest.raises(SignInRefused, match=r"Check \[mail\] app_id") as caught:
            mail_tokens(SENDER, SECRETS).token()
    assert "canary" not in str(caught.value)


def test_a_certificate_with_a_password_names_the_sender_s_variable(tmp_path: Path) -> None:
    _, both = certificate_files(tmp_path, "canary-open")
    sender = replace(SENDER, method="certificate", certificate=both)
    with pytest.raises(UsageError, match="Put the password in DRIFTAUDIT_MAIL_CERTIFICATE_PASSWORD"):
        mail_tokens(sender, {"DRIFTAUDIT_CERTIFICATE_PASSWORD": "canary-open"}).token()


@pytest.mark.parametrize(
    ("method", "app", "reader_method", "reader"),
    [
        ("secret", READER.upper(), "certificate", READER),
        ("managed-identity", "", "managed-identity", ""),
        ("workload-identity", READER, "workload-identity", READER),
    ],
)
def test_the_reader_may_not_send(method: str, app: str, reader_method: str, reader: str) -> None:
    sender = replace(SENDER, method=method, app_id=app, reader_method=reader_method, reader_app_id=reader)
    with pytest.raises(UsageError, match="signs in as the application that reads the tenant"):
        mail_tokens(sender, SECRETS)


def test_another_managed_identity_may() -> None:
    both = replace(SENDER, method="managed-identity", reader_method="managed-identity", reader_app_id="")
    assert mail_tokens(both, {}) is not None
