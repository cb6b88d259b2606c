"""Mail by Microsoft Graph: in one piece, in parts or as a summary, never silently not at all, and never twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest

from driftaudit.config import SignIn
from driftaudit.delivery.channels import mail_graph
from driftaudit.delivery.letter import TOO_LARGE, Letter, Post, Receipt
from driftaudit.errors import UsageError
from tests.delivery.fake_mail import SENDER, FakeMail, fake_mail
from tests.delivery.letters import BO, CY, KIM, PDF, Naps, letter, post, way
from tests.graph.bench import jwt

TOKEN = jwt(jti="canary-31ab")
NAME = "access-drift-contoso-2026-09-30.pdf"
MB = 1_000_000


@dataclass
class Desk:
    """A sender at the service."""

    mail: FakeMail
    naps: Naps = field(default_factory=Naps)

    def post(self, **settings: Any) -> Post:
        """Return the settings by which mail leaves here."""
        environment = {"DRIFTAUDIT_MAIL_ACCESS_TOKEN": TOKEN, "DRIFTAUDIT_GRAPH_URL": self.mail.root}
        given: dict[str, Any] = {"method": "token", "sender": SENDER}
        return post(self.naps, environment, **given | settings)

    def send(self, what: Letter, **settings: Any) -> dict[str, Receipt]:
        """Send a letter."""
        return mail_graph.deliver(what, way(*what.recipients), self.post(**settings))


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Return a desk at a service that takes everything."""
    with fake_mail(TOKEN) as mail:
        yield Desk(mail)


def _to(desk: Desk) -> list[list[str]]:
    return [[each["emailAddress"]["address"] for each in sent.message["toRecipients"]] for sent in desk.mail.sent]


def test_a_small_report_goes_in_one_piece(desk: Desk) -> None:
    assert desk.send(letter(KIM, BO)) == {KIM: Receipt("sent"), BO: Receipt("sent")}
    (sent,) = desk.mail.sent
    assert sent.files == {NAME: PDF}
    assert desk.mail.asked == ["POST /v1.0/users/reports%40contoso.example/sendMail"]
    assert _to(desk) == [[KIM, BO]]
    assert sent.message["subject"] == "Contoso: All is well – 30 September"
    assert "Kim Sørensen &amp; Attached" in sent.message["body"]["content"]
    assert sent.message["internetMessageHeaders"] == [{"name": "X-Driftaudit-Delivery", "value": "1f@contoso.example"}]


@pytest.mark.parametrize("size", [3 * MB, 7 * MB + 13, 25 * MB])
def test_a_larger_report_goes_in_parts(desk: Desk, size: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    assert desk.send(letter(KIM, content=content[:size])) == {KIM: Receipt("sent")}
    (sent,) = desk.mail.sent
    assert sent.files == {NAME: content[:size]}
    assert len(desk.mail.parts) == -(-size // (10 * 320 * 1024))
    assert (desk.mail.drafts, desk.mail.sessions) == ({}, {})


def test_a_report_just_below_3_mb_still_fits_into_the_request(desk: Desk) -> None:
    assert desk.send(letter(KIM, content=b"x" * (3 * MB - 1))) == {KIM: Receipt("sent")}
    assert len(desk.mail.sent[0].files[NAME]) == 3 * MB - 1


def test_two_files_go_each_in_its_way(desk: Desk) -> None:
    large, small = letter(KIM, content=b"p" * 4 * MB), letter(KIM, content=b"<p>", form="html")
    both = replace(large, attachments=large.attachments + small.attachments)
    assert desk.send(both) == {KIM: Receipt("sent")}
    assert {name: len(content) for name, content in desk.mail.sent[0].files.items()} == {
        NAME: 4 * MB,
        NAME.replace("pdf", "html"): 3,
    }


def test_above_25_mb_a_summary_says_where_the_file_lies(desk: Desk) -> None:
    assert desk.send(letter(KIM, content=b"x" * (25 * MB + 1))) == {KIM: Receipt("sent", TOO_LARGE)}
    (sent,) = desk.mail.sent
    assert sent.files == {}
    assert f"It lies at /srv/reports/{NAME}" in sent.message["body"]["content"]


@pytest.mark.parametrize("word", ["sendMail", "messages"])
def test_a_mailbox_that_takes_less_gets_the_summary(desk: Desk, word: str) -> None:
    desk.mail.faults[word] = [(413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.")]
    content = PDF if word == "sendMail" else b"x" * 4 * MB
    assert desk.send(letter(KIM, content=content)) == {KIM: Receipt("sent", TOO_LARGE)}


def test_an_upload_goes_on_where_the_service_says(desk: Desk) -> None:
    desk.mail.faults["PUT"] = [None, 503, "lost"]
    content = bytes(range(256)) * 40_000
    assert desk.send(letter(KIM, content=content)) == {KIM: Receipt("sent")}
    assert desk.mail.sent[0].files == {NAME: content}
    assert desk.naps == [7.0, 8.0]


def test_an_upload_that_expires_begins_again(desk: Desk) -> None:
    desk.mail.faults["PUT"] = [None, "expire"]
    content = b"x" * 8 * MB
    assert desk.send(letter(KIM, content=content)) == {KIM: Receipt("sent")}
    assert desk.mail.sent[0].files == {NAME: content}
    assert sum("createUploadSession" in asked for asked in desk.mail.asked) == 2


def test_an_upload_that_always_expires_ends_and_leaves_no_draft(desk: Desk) -> None:
    desk.mail.faults["PUT"] = ["expire"] * 9
    told = desk.send(letter(KIM, content=b"x" * 4 * MB))
    assert told == {KIM: Receipt("refused", "the service ended each upload before it was whole")}
    assert (desk.mail.sent, desk.mail.drafts) == ([], {})


def test_a_lost_word_that_the_upload_is_whole_does_not_attach_twice(desk: Desk) -> None:
    desk.mail.faults["PUT"] = [None, "lost"]
    content = b"x" * 4 * MB
    assert desk.send(letter(KIM, content=content)) == {KIM: Receipt("sent")}
    assert desk.mail.sent[0].files == {NAME: content}
    assert sum("createUploadSession" in asked for asked in desk.mail.asked) == 1


def test_an_upload_does_not_leave_in_the_open(desk: Desk) -> None:
    asked = desk.post()
    desk.mail.root = "http://eve.fabrikam.example"
    told = mail_graph.deliver(letter(KIM, content=b"x" * 4 * MB), way(KIM), asked)
    said = "The address of the upload must begin with https: http://eve.fabrikam.example"
    assert told == {KIM: Receipt("refused", said)}


def test_what_is_refused_for_the_moment_is_tried_again(desk: Desk) -> None:
    desk.mail.faults["sendMail"] = [429, 503]
    assert desk.send(letter(KIM)) == {KIM: Receipt("sent")}
    assert (len(desk.mail.sent), desk.naps) == (1, [2.0, 7.0])


@pytest.mark.parametrize("fault", [500, 502, 504, "lost"])
def test_what_may_have_been_sent_is_not_sent_again(desk: Desk, fault: Any) -> None:
    desk.mail.faults["sendMail"] = [fault]
    (told,) = desk.send(letter(KIM)).values()
    assert told.state == "unclear"
    assert len(desk.mail.asked) == 1


def test_a_draft_whose_answer_is_lost_is_not_sent_again(desk: Desk) -> None:
    desk.mail.loses_answer = True
    (told,) = desk.send(letter(KIM, content=b"x" * 4 * MB)).values()
    assert told.state == "unclear"
    assert len(desk.mail.sent) == 1


def test_an_address_that_is_refused_for_all_is_refused_alone(desk: Desk) -> None:
    bad = (400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    desk.mail.faults["sendMail"] = [bad, bad]
    told = desk.send(letter(KIM, BO, CY))
    assert _to(desk) == [[BO], [CY]]
    assert {to: receipt.state for to, receipt in told.items()} == {KIM: "refused", BO: "sent", CY: "sent"}


def test_a_refusal_is_told_in_the_services_words(desk: Desk) -> None:
    told = desk.send(letter(KIM), sender="other@contoso.example")
    said = "refused with status 403 (ErrorAccessDenied: Access to OData is disabled)"
    assert told == {KIM: Receipt("refused", said)}


def test_a_sender_that_may_not_make_drafts_is_told_what_it_lacks(desk: Desk) -> None:
    desk.mail.faults["messages"] = [(403, "ErrorAccessDenied", "")]
    (told,) = desk.send(letter(KIM, content=b"x" * 4 * MB)).values()
    assert told.state == "refused"
    assert (told.reason or "").endswith("(ErrorAccessDenied); from 3 MB up the sender needs Mail.ReadWrite too")


def test_a_token_that_is_not_taken_is_told_and_never_shown(desk: Desk) -> None:
    desk.mail.token = "another"  # noqa: S105
    told = desk.send(letter(KIM))
    assert told == {KIM: Receipt("refused", "refused with status 401 (InvalidAuthenticationToken)")}


def test_no_log_holds_the_token_or_an_address(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    desk.mail.faults["PUT"] = [503]
    assert desk.send(letter(KIM, content=b"x" * 4 * MB)) == {KIM: Receipt("sent")}
    assert all(secret not in caplog.text for secret in (TOKEN, KIM, "reports", "/upload/", "All is well"))
    assert TOKEN not in repr([desk.post(), letter(KIM)])


def test_a_service_that_is_not_there(desk: Desk) -> None:
    post = desk.post()
    nowhere = replace(post, environment={**post.environment, "DRIFTAUDIT_GRAPH_URL": "http://127.0.0.1:1"})
    told = mail_graph.deliver(letter(KIM), way(KIM), nowhere)
    assert told == {KIM: Receipt("refused", "127.0.0.1 cannot be reached")}
    assert desk.naps == [2.0, 8.0, 32.0]


def test_doctor_signs_in_and_asks_for_nothing(desk: Desk) -> None:
    assert mail_graph.ready(way(KIM), desk.post()) == f"Signed in to send as {SENDER}."
    assert desk.mail.asked == []


@pytest.mark.parametrize(
    ("mail", "reader", "environment", "said"),
    [
        ({"method": "token"}, {}, {}, "needs DRIFTAUDIT_MAIL_ACCESS_TOKEN, which is not set"),
        ({"method": "secret", "app_id": "a"}, {}, {}, "needs DRIFTAUDIT_MAIL_CLIENT_SECRET, which is not set"),
        ({"method": "secret"}, {}, {}, "Set [mail] app_id or DRIFTAUDIT_MAIL_CLIENT_ID"),
        ({"method": "certificate", "app_id": "a"}, {}, {}, "Name its file in [mail] certificate"),
        ({"method": "secret", "app_id": "A"}, {"app_id": "a"}, {}, "signs in as the application that reads"),
        ({"method": "managed-identity"}, {}, {}, "signs in as the application that reads"),
        ({"app_id": "a"}, {}, {"DRIFTAUDIT_CLIENT_ID": "a"}, "signs in as the application that reads"),
        ({"sender": "nobody"}, {}, {}, "[mail] sender is no address: 'nobody'"),
    ],
)
def test_settings_with_which_nothing_could_leave(mail: Any, reader: Any, environment: Any, said: str) -> None:
    made = post(Naps(), environment, **mail)
    config = msgspec.structs.replace(
        made.config,
        sign_in=SignIn(**reader),
        tenant=msgspec.structs.replace(made.config.tenant, id="9f2c7a10-0000-4000-8000-00000000c0de"),
    )
    with pytest.raises(UsageError) as caught:
        mail_graph.check(way(KIM), replace(made, config=config))
    assert said in str(caught.value)
