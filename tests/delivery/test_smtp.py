"""Mail by a real server: what arrives is what was sent, and every refusal is told of whom it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from driftaudit.delivery.channels import mail_smtp
from driftaudit.delivery.letter import TOO_LARGE, Letter, Post, Receipt
from driftaudit.errors import DeliveryFailed, UsageError
from tests.delivery.letters import BO, CY, KIM, PDF, Naps, letter, post, way
from tests.delivery.post_office import SECRET, TOKEN, USER, Office, office

PASSWORD = {"DRIFTAUDIT_MAIL_PASSWORD": SECRET}


@dataclass
class Counter:
    """A sender at a mail server."""

    office: Office
    naps: Naps = field(default_factory=Naps)

    def post(self, environment: dict[str, str] | None = None, **mail: Any) -> Post:
        """Return the settings by which mail gets here."""
        given: dict[str, Any] = {"via": "smtp", "host": "127.0.0.1", "port": self.office.port}
        return post(self.naps, environment or PASSWORD, **given | {"ca_file": self.office.ca_file} | mail)

    def send(self, what: Letter, **more: Any) -> dict[str, Receipt]:
        """Send a letter."""
        chosen = self.post(**more)
        mail_smtp.check(way(*what.recipients), chosen)
        return mail_smtp.deliver(what, way(*what.recipients), chosen)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Return a counter at a server that takes everything."""
    with office(tmp_path) as opened:
        yield Counter(opened)


def test_what_arrives_is_what_was_sent(counter: Counter) -> None:
    assert counter.send(letter(KIM, BO)) == {KIM: Receipt("sent"), BO: Receipt("sent")}
    ((to, _),), (mail,) = counter.office.taken, counter.office.mails
    assert to == [KIM, BO]
    assert counter.office.signed_in == [USER]
    assert mail["Subject"] == "Contoso: All is well – 30 September"
    assert (mail["To"], mail["Message-ID"]) == (f"{KIM}, {BO}", "<1f@contoso.example>")
    assert mail["X-Driftaudit-Delivery"] == "1f@contoso.example"
    assert mail["Date"] == "Thu, 01 Oct 2026 04:00:00 +0000"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines()[:3] == [
        "Kim Sørensen",
        ".",
        "Attached: access-drift-contoso-2026-09-30.pdf",
    ]
    assert "Kim Sørensen &amp;" in html.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "access-drift-contoso-2026-09-30.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF
    assert counter.naps == []


def test_a_page_arrives_byte_by_byte(counter: Counter) -> None:
    page = ("<p>\r\n.\r\n. Ærø 鳥\n\n</p>" + "x" * 5000).encode()
    counter.send(letter(KIM, content=page, form="html"))
    (attached,) = counter.office.mails[0].iter_attachments()
    assert attached.get_content_type() == "text/html"
    assert attached.get_payload(decode=True) == page


def test_one_of_three_is_refused_and_the_others_get_it(counter: Counter) -> None:
    counter.office.of_recipient[BO] = ["550 5.1.1 No such mailbox."]
    told = counter.send(letter(KIM, BO, CY))
    assert told == {KIM: Receipt("sent"), CY: Receipt("sent"), BO: Receipt("refused", "550 5.1.1 No such mailbox")}
    assert [to for to, _ in counter.office.taken] == [[KIM, CY]]
    assert counter.naps == []


def test_what_is_refused_for_the_moment_is_tried_again(counter: Counter) -> None:
    counter.office.at_data = ["451 4.3.0 Try later"]
    assert counter.send(letter(KIM)) == {KIM: Receipt("sent")}
    assert (len(counter.office.taken), counter.naps) == (1, [2.0])


def test_only_who_was_refused_for_the_moment_is_tried_again(counter: Counter) -> None:
    counter.office.of_recipient[BO] = ["451 4.2.1 Greylisted", "451 4.2.1 Greylisted"]
    assert counter.send(letter(KIM, BO)) == {KIM: Receipt("sent"), BO: Receipt("sent")}
    assert [to for to, _ in counter.office.taken] == [[KIM], [BO]]
    assert counter.naps == [2.0, 8.0]


def test_patience_ends(counter: Counter) -> None:
    counter.office.at_sender = ["451 4.3.0 Try later"] * 9
    assert counter.send(letter(KIM)) == {KIM: Receipt("refused", "451 4.3.0 Try later")}
    assert counter.naps == [2.0, 8.0, 32.0]


@pytest.mark.parametrize("at", ["at_data", "at_sender"])
def test_a_letter_too_large_becomes_a_summary_that_says_where_the_file_lies(counter: Counter, at: str) -> None:
    setattr(counter.office, at, ["552 5.3.4 Message too big"])
    assert counter.send(letter(KIM)) == {KIM: Receipt("sent", TOO_LARGE)}
    (mail,) = counter.office.mails
    assert list(mail.iter_attachments()) == []
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "It lies at /srv/reports/access-drift-contoso-2026-09-30.pdf" in plain.get_content()


def test_the_size_that_the_server_tells_is_believed(tmp_path: Path) -> None:
    with office(tmp_path, data_size_limit=9_000) as opened:
        assert Counter(opened).send(letter(KIM)) == {KIM: Receipt("sent", TOO_LARGE)}
        assert len(opened.taken) == 1


def test_above_25_mb_nothing_is_attached(counter: Counter) -> None:
    assert counter.send(letter(KIM, content=b"x" * 25_000_001)) == {KIM: Receipt("sent", TOO_LARGE)}


def test_a_connection_that_ends_while_the_letter_is_taken_leaves_it_open(counter: Counter) -> None:
    counter.office.hangs_up = True
    counter.office.of_recipient[BO] = ["550 5.1.1 No such mailbox."]
    told = counter.send(letter(KIM, BO))
    assert {to: receipt.state for to, receipt in told.items()} == {KIM: "unclear", BO: "refused"}
    assert len(counter.office.taken) == 1
    assert counter.naps == []


def test_a_token_signs_in_too(counter: Counter) -> None:
    token = {"DRIFTAUDIT_MAIL_ACCESS_TOKEN": TOKEN}
    assert counter.send(letter(KIM), environment=token, auth="xoauth2") == {KIM: Receipt("sent")}
    assert counter.office.signed_in == [USER]


@pytest.mark.parametrize(
    ("auth", "name"), [("password", "DRIFTAUDIT_MAIL_PASSWORD"), ("xoauth2", "DRIFTAUDIT_MAIL_ACCESS_TOKEN")]
)
def test_a_wrong_secret_is_told_and_never_shown(
    counter: Counter, auth: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    told = counter.send(letter(KIM), environment={name: "canary-wrong"}, auth=auth)
    assert told == {KIM: Receipt("refused", "535 5.7.8 Authentication credentials invalid")}
    assert counter.office.taken == []
    assert "canary" not in "".join(capfd.readouterr()) + repr(told)


def test_a_certificate_that_nobody_trusts_gets_no_password(counter: Counter) -> None:
    (told,) = counter.send(letter(KIM), ca_file=None).values()
    assert told.state == "refused"
    assert "certificate is not trusted here" in (told.reason or "")
    assert counter.office.signed_in == []


def test_a_certificate_for_another_name_gets_no_password(counter: Counter) -> None:
    (told,) = counter.send(letter(KIM), host="localhost").values()
    assert "certificate is not trusted here" in (told.reason or "")


def test_nothing_is_sent_in_the_open(tmp_path: Path) -> None:
    with office(tmp_path, tls_context=None, require_starttls=False, auth_required=False) as opened:
        assert Counter(opened).send(letter(KIM), auth="none") == {
            KIM: Receipt("refused", "500 it offers no STARTTLS, and nothing is sent in the open")
        }
        assert opened.taken == []


def test_a_server_that_is_not_there_is_tried_a_few_times(counter: Counter) -> None:
    told = counter.send(letter(KIM), port=1)
    assert told == {KIM: Receipt("refused", "127.0.0.1 cannot be reached (Connection refused)")}
    assert counter.naps == [2.0, 8.0, 32.0]


def test_doctor_signs_in_and_sends_nothing(counter: Counter) -> None:
    assert mail_smtp.ready(way(KIM), counter.post()) == "127.0.0.1 takes mail of reports@contoso.example."
    assert (counter.office.signed_in, counter.office.taken) == ([USER], [])
    with pytest.raises(DeliveryFailed, match="refuses the sign-in: 535"):
        mail_smtp.ready(way(KIM), counter.post({"DRIFTAUDIT_MAIL_PASSWORD": "canary-wrong"}))


@pytest.mark.parametrize(
    ("to", "mail", "said"),
    [
        ((), {}, "nobody gets this mail"),
        (("kim",), {}, "line 1: to is no address: 'kim'"),
        (("kim@contoso.example\r\nBcc: eve@fabrikam.example",), {}, "line 1: to is no address"),
        (("a@b.example, c@d.example",), {}, "line 1: to is no address"),
        ((KIM,), {"sender": ""}, "[mail] sender is no address: ''"),
        ((KIM,), {"host": ""}, "Mail via smtp needs a server."),
        ((KIM,), {"port": 465}, "Use the port for STARTTLS, which is 587."),
        ((KIM,), {"auth": "xoauth2"}, "needs DRIFTAUDIT_MAIL_ACCESS_TOKEN, which is not set."),
    ],
)
def test_settings_with_which_nothing_could_leave(tmp_path: Path, to: tuple[str, ...], mail: Any, said: str) -> None:
    given = {"via": "smtp", "host": "mail.contoso.example"} | mail
    with pytest.raises(UsageError) as caught:
        mail_smtp.check(way(*to), post(Naps(), PASSWORD, **given))
    assert said in str(caught.value)
