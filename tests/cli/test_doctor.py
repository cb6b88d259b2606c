"""The `doctor` command: what it finds before anything is read, and with which code it ends."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from driftaudit.audit.checks import checks
from driftaudit.audit.permission_ids import GRAPH
from driftaudit.audit.permissions import permissions
from driftaudit.cli import _certificate, _clock
from driftaudit.collect.order import for_persons
from driftaudit.errors import UsageError
from tests.cli.reading import Desk, Said
from tests.fake_graph import Rule
from tests.fake_graph.faults import html
from tests.fake_graph.permissions import FOR_PERSONS
from tests.graph.bench import jwt
from tests.graph.entra import APP
from tests.store.made_export import TENANT

NEEDED = [permission.name for permission in permissions(checks().values(), for_persons()) if permission.api == GRAPH]


@pytest.fixture(autouse=True)
def no_pdf(desk: Desk) -> None:
    """Ask for no PDF: what it needs is the machine's business."""
    desk.set("DRIFTAUDIT_REPORT_FORMATS", "html")


def _sign_in(desk: Desk, roles: Iterable[str] = NEEDED) -> None:
    desk.sign_in(desk.fake.token(roles))


def _lines(said: Said, what: str, state: str) -> list[str]:
    """Return the texts of the rows about something in a state."""
    words = [line.split(None, len(what.split()) + 1) for line in said.out.splitlines()]
    return [row[-1].strip() for row in words if row[:-1] == [*what.split(), state]]


def test_all_is_well(desk: Desk) -> None:
    _sign_in(desk)
    asked = desk.asked
    said = desk.run("doctor")
    assert said.code == 0
    assert " problem " not in said.out
    assert _lines(said, "Permission", "note") == []
    assert _lines(said, "Service", "ok") == [f"{desk.fake.url} answers for Contoso Ltd."]
    assert _lines(said, "Clock", "ok") == ["This machine's clock agrees with the service's."]
    (who,) = _lines(said, "Sign-in", "ok")
    assert desk.fake.tenant_id in who
    assert desk.asked == asked + 1, "one question is enough"
    assert desk.exports == []


def test_a_missing_permission_says_what_will_be_empty(desk: Desk) -> None:
    _sign_in(desk, [name for name in NEEDED if name != "AccessReview.Read.All"])
    said = desk.run("doctor")
    assert said.code == 4
    (row,) = _lines(said, "Permission", "problem")
    assert row.startswith("AccessReview.Read.All (Microsoft Graph) is not granted: contacted reviewers, ")
    assert "not assessed: review_denied_access_present, review_overdue, review_unanswered" in row


def test_what_is_left_out_needs_no_permission(desk: Desk) -> None:
    _sign_in(desk, [name for name in NEEDED if name != "User-LifeCycleInfo.Read.All"])
    assert desk.run("doctor").code == 4
    desk.set("DRIFTAUDIT_COLLECT_SKIP", "leave_dates")
    assert desk.run("doctor").code == 0


def test_what_is_held_in_vain_is_told_and_what_writes_first(desk: Desk) -> None:
    wide = ["Policy.Read.All", "Mail.Send", "User.ReadWrite.All"]
    _sign_in(desk, [*(name for name in NEEDED if name != "User.Read.All"), *wide])
    said = desk.run("doctor")
    assert said.code == 0
    assert _lines(said, "Permission", "note") == [
        "Mail.Send (Microsoft Graph) is not needed and allows more than reading: take it away.",
        "User.ReadWrite.All (Microsoft Graph) is more than is needed and allows more than reading: "
        "User.Read.All would do.",
        "Policy.Read.All (Microsoft Graph) is not needed: take it away.",
    ]


def test_sharepoint_has_permissions_of_its_own(desk: Desk) -> None:
    desk.sign_in(desk.fake.token(NEEDED), desk.fake.sharepoint_token(roles=["Sites.Manage.All"]))
    said = desk.run("doctor")
    assert said.code == 4
    (row,) = _lines(said, "Permission", "problem")
    assert row.startswith(
        "Sites.FullControl.All (SharePoint) is not granted: site members, site role assignments will be empty"
    )
    assert _lines(said, "Permission", "note") == [
        "Sites.Manage.All (SharePoint) is not needed and allows more than reading: take it away."
    ]


def test_without_a_sign_in_for_sharepoint_its_members_are_left_out(desk: Desk) -> None:
    _sign_in(desk)
    for name in ("URL", "TOKEN"):
        desk.patch.delenv(f"DRIFTAUDIT_SHAREPOINT_{name}")
    said = desk.run("doctor")
    assert said.code == 0
    assert _lines(said, "SharePoint", "note") == [
        "No sign-in is configured; site_members, site_role_assignments will be left out."
    ]


def test_a_person_is_not_asked_for_what_only_applications_can_read(desk: Desk) -> None:
    scopes = [name for name in (*NEEDED, *FOR_PERSONS) if not name.startswith("Sites.")]
    desk.sign_in(desk.fake.token(scopes=[*scopes, "openid", "User.Read"], signed_in_as="ada@contoso.example"))
    said = desk.run("doctor")
    assert said.code == 0
    assert "ada@contoso.example" in said.out


def test_a_clock_that_is_off_is_told_and_harmless(desk: Desk) -> None:
    _sign_in(desk)
    before = _clock.local_time()
    desk.patch.setattr(_clock, "local_time", lambda: before + timedelta(days=1))
    said = desk.run("doctor")
    assert said.code == 0
    (told,) = _lines(said, "Clock", "note")
    assert told.startswith("This machine's clock is 1 day ahead of the service's. Harmless for findings")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (299, None),
        (-299, None),
        (300, "5 minutes ahead of the service's"),
        (-7200, "2 hours behind the service's"),
        (-86400, "1 day behind the service's"),
        (200000, "2 days ahead of the service's"),
    ],
)
def test_a_difference_is_told_in_its_largest_unit(seconds: int, told: str | None) -> None:
    service = datetime(2026, 9, 30, tzinfo=UTC)
    assert _clock.difference(service, service + timedelta(seconds=seconds)) == told


def test_a_sign_in_that_does_not_work_is_code_5_and_the_rest_is_still_told(desk: Desk) -> None:
    _sign_in(desk)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    desk.set("DRIFTAUDIT_GRAPH_URL", f"http://127.0.0.1:{port}")
    said = desk.run("doctor")
    assert said.code == 5
    assert len(_lines(said, "Service", "problem")) == 1
    assert len(_lines(said, "Disk, exports", "ok")) == 1


def test_a_proxy_is_told_apart_from_the_service(desk: Desk) -> None:
    _sign_in(desk)
    desk.fake.faults.given.append(Rule(html(), calls=None))
    said = desk.run("doctor")
    assert said.code == 5
    assert "web page (HTML)" in _lines(said, "Service", "problem")[0]


def test_a_token_that_has_ended(desk: Desk) -> None:
    desk.sign_in(desk.fake.token(NEEDED, expires_at=desk.fake.clock.timestamp() - 60))
    said = desk.run("doctor")
    assert said.code == 5
    assert "The sign-in ended" in _lines(said, "Service", "problem")[0]


def test_another_tenant_is_code_8_and_is_not_asked(desk: Desk) -> None:
    _sign_in(desk)
    desk.set("DRIFTAUDIT_TENANT_ID", TENANT)
    asked = desk.asked
    said = desk.run("doctor")
    assert said.code == 8
    assert TENANT in _lines(said, "Sign-in", "problem")[0]
    assert desk.asked == asked


def test_a_full_disk_is_told(desk: Desk) -> None:
    _sign_in(desk)
    desk.patch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    said = desk.run("doctor")
    assert said.code == 0
    assert "may be too little" in _lines(said, "Disk, exports", "note")[0]


def _certified(path: Path, ends: datetime, password: bytes | None = None) -> Path:
    """Write a certificate with its key; as PKCS12 if there is a password."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "driftaudit.contoso.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends - timedelta(days=365))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    if password:
        locked = serialization.BestAvailableEncryption(password)
        path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, made, None, locked))
        return path
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("days", "state", "words"), [(-1, "problem", "that is over"), (10, "note", "before"), (200, "ok", "ends on")]
)
def test_the_end_of_the_certificate_is_told(desk: Desk, days: int, state: str, words: str) -> None:
    ends = _clock.local_time() + timedelta(days=days)
    desk.set("DRIFTAUDIT_SIGN_IN_METHOD", "certificate")
    desk.set("DRIFTAUDIT_SIGN_IN_CERTIFICATE", str(_certified(desk.folder / "app.pem", ends)))
    said = desk.run("doctor")
    (row,) = _lines(said, "Certificate", state)
    assert f"{ends:%Y-%m-%d}" in row
    assert words in row
    assert "Set [tenant] id" in _lines(said, "Sign-in", "problem")[0]


def test_a_packed_certificate_needs_its_password(tmp_path: Path) -> None:
    ends = datetime(2027, 1, 31, tzinfo=UTC)
    path = _certified(tmp_path / "app.pfx", ends, b"correct horse")
    assert _certificate.ends_at(path, "correct horse") == ends
    for password in (None, "wrong"):
        with pytest.raises(UsageError, match="holds no certificate, or its password is another one") as caught:
            _certificate.ends_at(path, password)
        assert "wrong" not in str(caught.value)


def test_a_missing_certificate_is_a_matter_of_configuration(desk: Desk) -> None:
    desk.set("DRIFTAUDIT_SIGN_IN_METHOD", "certificate")
    desk.set("DRIFTAUDIT_SIGN_IN_APP_ID", APP)
    desk.set("DRIFTAUDIT_TENANT_ID", desk.fake.tenant_id)
    desk.set("DRIFTAUDIT_SIGN_IN_CERTIFICATE", "gone.pem")
    said = desk.run("doctor")
    assert said.code == 2
    assert len(_lines(said, "Sign-in", "problem")) == len(_lines(said, "Certificate", "problem")) == 1


def test_without_a_way_to_send_nothing_is_said_of_delivery(desk: Desk) -> None:
    _sign_in(desk)
    assert "Delivery" not in desk.run("doctor").out


def test_it_says_whether_a_report_could_leave(desk: Desk) -> None:
    _sign_in(desk)
    folder = desk.folder / "out"
    (desk.folder / "driftaudit.toml").write_text(
        f'[mail]\nvia = "graph"\nmethod = "token"\nsender = "reports@contoso.example"\n'
        f'[[send]]\nchannel = "folder"\npath = "{folder}"\n[[send]]\nto = ["kim@contoso.example"]\n',
        "utf-8",
    )
    said = desk.run("doctor")
    assert said.code == 2
    (why,) = _lines(said, "Delivery", "problem")
    assert why.startswith("Signing in by token needs DRIFTAUDIT_MAIL_ACCESS_TOKEN, which is not set.")
    desk.set("DRIFTAUDIT_MAIL_ACCESS_TOKEN", jwt(roles=["Mail.Send"], jti="canary-mail"))
    said = desk.run("doctor")
    assert said.code == 0
    assert _lines(said, "Delivery, folder", "ok") == [f"{folder} can be written to."]
    assert _lines(said, "Delivery, mail", "ok") == [
        "Signed in to send as reports@contoso.example, which may do Mail.Send."
    ]
    (desk.folder / "out").write_text("no folder", "utf-8")
    said = desk.run("doctor")
    assert said.code == 7
    assert _lines(said, "Delivery, folder", "problem") == [
        f"Nothing can be written to {folder}. Check the path and who may write there."
    ]
