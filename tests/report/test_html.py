"""The report on a screen, before any browser reads it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from driftaudit.report.html import render_html
from driftaudit.report.settings import ReportSettings
from tests.report import made_audit as made
from tests.report.hostile import NAMES, hostile
from tests.report.pages import text_of

SAMPLE = render_html(made.audit(), ReportSettings("Contoso Ltd", "Confidential"))


def test_one_file_names_no_other() -> None:
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', SAMPLE)
    assert not re.findall(r"url\((?!\"?data:)", SAMPLE)
    assert SAMPLE.count("data:font/woff2;base64,") == 5


def test_every_finding_that_stands_has_a_row_to_link_to() -> None:
    anchors = re.findall(r'<tr id="(f-[0-9a-f]{12})"', SAMPLE)
    assert len(anchors) == len(set(anchors)) == len(made.audit().open_findings)


def test_the_same_audit_gives_the_same_page() -> None:
    assert render_html(made.audit(), ReportSettings("Contoso Ltd", "Confidential")) == SAMPLE


def test_the_identity_of_the_evidence_stands_on_the_page_and_on_every_printed_one() -> None:
    assert "Snapshot 5  ·  as of 2026-09-30 02:00:04 UTC  ·  tenant 7d1c42e0" in SAMPLE
    assert "driftaudit 0.1.0. Independent project, not affiliated with or endorsed by Microsoft." in SAMPLE
    assert '@bottom-left { content: "Snapshot 5' in SAMPLE


def test_only_our_own_script_is_allowed() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', SAMPLE)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy[1].replace("&#39;", "'").replace("&#43;", "+"))


def test_a_demo_says_so_where_the_classification_stands() -> None:
    page = render_html(made.audit(), ReportSettings("Contoso Ltd", "Confidential", demo=True))
    assert "Demo: invented data" in page
    assert ">Confidential<" not in page


def test_the_organisation_is_the_tenant_unless_named() -> None:
    assert "Contoso Ltd" in text_of(render_html(made.audit(), ReportSettings()), "verdict")


def test_hostile_names_are_shown_and_never_become_markup() -> None:
    page = render_html(hostile(made.audit()), ReportSettings(NAMES[0], NAMES[1]))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page)
    assert page.encode("utf-8")
    assert "[U+202E]" in page
    assert "␀" in page


def test_more_findings_than_rows_become_data_that_cannot_leave_its_element() -> None:
    audit = made.audit(made.many(2001, resources=3))
    audit = hostile(replace(audit, checks=made.counted(audit.findings)))
    page = render_html(audit, ReportSettings())
    block = re.search(r'<script type="application/json" id="all-findings">(.*?)</script>', page, re.DOTALL)
    assert block
    records = json.loads(block[1])
    assert len(records) == 2001
    assert "<" not in block[1]
    assert len(re.findall(r'<tr id="f-', page)) == 2000
    assert "1 more of these findings are not printed here" in page


def test_a_page_without_findings_says_that_the_checks_passed() -> None:
    page = render_html(made.audit(()), ReportSettings())
    assert page.count("Everything this check needs was read, and it found nothing.") == 3
    assert "All access has a reason today." in page
