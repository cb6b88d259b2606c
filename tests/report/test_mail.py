"""The mail: its subject carries the verdict, both parts say the same, and no name can break out of it."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest

from driftaudit.audit.audit import Audit
from driftaudit.delivery.letter import Letter
from driftaudit.delivery.mime import mime
from driftaudit.report.mail import Occasion, file_name, mail, subject
from driftaudit.report.settings import ReportSettings
from tests.delivery.letters import NOW
from tests.report import made_audit as made
from tests.report import made_whole as whole
from tests.report.hostile import NAMES, hostile

SETTINGS = ReportSettings("Contoso Ltd", "Confidential")
ATTACHED = Occasion("You get this because something changed.", ("access-drift-contoso-ltd-2026-09-30.pdf",))
SUMMARY = Occasion("", lies_at=("/srv/reports/driftaudit-2026-09-30.pdf",), too_large=True)


def test_the_subject_says_who_what_and_when() -> None:
    assert subject(made.audit(), SETTINGS) == "Contoso Ltd: 20 grants should not be there, as of 30 September 2026"
    assert subject(made.incomplete(), SETTINGS).startswith("Contoso Ltd: At least ")


def test_both_parts_say_the_verdict_the_numbers_the_tasks_and_the_gaps() -> None:
    said = mail(made.incomplete(), SETTINGS, ATTACHED)
    html = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said.html))
    for text in (said.plain, html):
        shown = text.replace("\u00a0", " ")
        for expected in ("At least", "Contoso Ltd", "Confidential", "past their end", "not assessed", "2026-09-30"):
            assert expected in shown, expected
        assert ATTACHED.attached[0] in shown
        assert ATTACHED.why in shown
        assert "not affiliated with or endorsed by Microsoft" in shown
    assert "Named below" not in said.plain + said.html


def test_the_plain_part_is_plain() -> None:
    said = mail(made.audit(), SETTINGS, ATTACHED).plain
    assert not re.search(r"&\w+;|<[a-z]|\n{3}|[ \t]\n", said)
    assert said.splitlines()[0].replace("\u00a0", " ") == "20 grants should not be there."


def test_a_summary_says_where_the_report_lies() -> None:
    said = mail(made.audit(), SETTINGS, SUMMARY)
    for text in (said.plain, said.html):
        assert SUMMARY.lies_at[0] in text
        assert "too large for a mail" in text
        assert "attached" not in text.lower()


def test_the_file_s_name_tells_whose_report_of_which_day() -> None:
    assert file_name(made.audit(), SETTINGS, "pdf") == "access-drift-contoso-ltd-2026-09-30.pdf"
    assert file_name(made.audit(), ReportSettings("Ærø Færge & Co. / ../etc"), "html") == (
        "access-drift-r-frge-co-etc-2026-09-30.html"
    )
    assert file_name(made.audit(), ReportSettings("東京"), "pdf") == "access-drift-2026-09-30.pdf"


@pytest.mark.parametrize("audit", [hostile(made.audit()), hostile(whole.audit())], ids=["small", "whole"])
@pytest.mark.parametrize("organisation", ["", *NAMES, "Contoso\r\nBcc: eve@fabrikam.example\r\n\r\nHello"])
def test_no_name_becomes_a_header_an_element_or_a_line(audit: Audit, organisation: str) -> None:
    settings = ReportSettings(organisation)
    said = mail(audit, settings, ATTACHED)
    letter = Letter("<1@contoso.example>", ("kim@contoso.example",), (), lambda _: said, NOW)
    raw = mime(letter, "reports@contoso.example", letter.recipients, with_attachments=False)
    read = message_from_bytes(raw, policy=default)
    assert sorted(read.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "X-Driftaudit-Delivery", "Auto-Submitted", "MIME-Version",
         "Content-Type"]
    )  # fmt: skip
    assert read["To"] == "kim@contoso.example"
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", said.subject + read["Subject"])
    assert not re.search(r"<(script|img)", said.html)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\u2066]", said.plain + said.html)
