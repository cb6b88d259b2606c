"""The report in a real browser: quiet, alone, filtered, linked, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from driftaudit.report.html import render_html
from driftaudit.report.mail import Occasion, mail
from driftaudit.report.settings import ReportSettings
from tests.report import made_audit as made
from tests.report import made_whole as whole
from tests.report.browser import Page, browser, chromium
from tests.report.hostile import NAMES, hostile
from tests.report.pages import texts_of_pdf

PROGRAM = chromium()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed: apt-get install chromium")
VISIBLE = "return [...document.querySelectorAll('table.findings tbody tr')].filter((row) => row.offsetParent).length"
COUNTER = "return document.getElementById('counter').textContent"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Give the one tab of a Chromium that lives as long as this file's tests."""
    with browser(PROGRAM or "", tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample report."""
    file = tmp_path_factory.mktemp("sample") / "report.html"
    file.write_text(render_html(made.audit(), ReportSettings("Contoso Ltd", "Confidential")), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report with more findings than plain rows."""
    file = tmp_path_factory.mktemp("large") / "report.html"
    file.write_text(render_html(made.audit(made.many(2500)), ReportSettings()), encoding="utf-8")
    return file


def test_the_page_is_quiet_and_asks_for_nothing(tab: Page, sample: Path) -> None:
    tab.open(sample)
    assert tab.run(COUNTER) == "23 findings"
    assert (tab.errors, tab.requests) == ([], [sample.as_uri()])


def test_with_all_checks_it_is_quiet_too_and_filters_what_is_accepted(tab: Page, tmp_path: Path) -> None:
    file = tmp_path / "whole.html"
    file.write_text(render_html(whole.audit(), ReportSettings()), encoding="utf-8")
    tab.open(file, hash_="#state=accepted")
    assert (tab.errors, tab.requests) == ([], [file.as_uri()])
    assert (tab.run(COUNTER), tab.run(VISIBLE)) == ("1 of 39 findings", 1)
    assert tab.run("return ['contents', 'changed', 'measures'].every((id) => document.getElementById(id).hidden)")


def test_its_own_fonts_are_used(tab: Page, sample: Path) -> None:
    tab.open(sample)
    tab.run("return document.fonts.ready.then(() => 1)")
    assert tab.run("return document.fonts.check('600 33px \"Source Serif 4 Display\"')")


def test_a_chip_filters_and_a_second_click_shows_all(tab: Page, sample: Path) -> None:
    tab.open(sample)
    press = "document.querySelector('button[data-value=grant_past_expiry]').click();"
    tab.run(press)
    assert (tab.run(VISIBLE), tab.run(COUNTER)) == (11, "11 of 23 findings")
    assert tab.run("return document.querySelector('button[data-value=grant_past_expiry]').ariaPressed") == "true"
    assert tab.run("return location.hash") == "#check=grant_past_expiry"
    tab.run(press)
    assert (tab.run(VISIBLE), tab.run(COUNTER)) == (23, "23 findings")


def test_a_number_of_page_one_is_a_filter(tab: Page, sample: Path) -> None:
    tab.open(sample)
    tab.run("document.querySelector('a[data-only=review_unanswered]').click()")
    assert tab.run(VISIBLE) == 5


def test_search_finds_a_name_without_its_accents(tab: Page, sample: Path) -> None:
    tab.open(sample)
    tab.run("const box = document.getElementById('search'); box.value = 'JORG'; box.dispatchEvent(new Event('input'))")
    assert (tab.run(VISIBLE), tab.run(COUNTER)) == (2, "2 of 23 findings")
    tab.run("document.getElementById('show-all').click()")
    assert tab.run(VISIBLE) == 23


def test_filter_and_search_live_in_the_address(tab: Page, sample: Path) -> None:
    tab.open(sample, hash_="#severity=info&q=silence")
    assert (tab.run(VISIBLE), tab.run(COUNTER)) == (1, "1 of 23 findings")
    tab.open(sample, hash_="#owner=Tom%20Okafor&state=new")
    assert tab.run(COUNTER) == "3 of 23 findings"


def test_no_finding_fits_is_said(tab: Page, sample: Path) -> None:
    tab.open(sample, hash_="#q=nobody+at+all")
    assert tab.run("return document.getElementById('nothing-fits').offsetParent !== null")


def test_slash_focuses_the_search_and_escape_clears_it(tab: Page, sample: Path) -> None:
    tab.open(sample)
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key="/", text="/" if kind == "keyDown" else "")
    assert tab.run("return document.activeElement.id") == "search"
    tab.call("Input.insertText", text="priya")
    assert tab.run(VISIBLE) == 2
    tab.call("Input.dispatchKeyEvent", type="keyDown", key="Escape")
    assert tab.run(VISIBLE) == 23


def test_a_deep_link_lands_on_its_row_below_the_tools(tab: Page, sample: Path) -> None:
    anchor = re.findall(r'<tr id="(f-[0-9a-f]{12})"', sample.read_text(encoding="utf-8"))[14]
    tab.open(sample, hash_=f"#{anchor}")
    top, bottom = tab.run(
        f"const box = document.getElementById('{anchor}').getBoundingClientRect(); return [box.top, box.bottom]"
    )
    under = tab.run("return document.querySelector('.filters').getBoundingClientRect().bottom")
    assert under <= top < bottom <= 1000
    assert tab.run(f"return document.querySelector('tr:target').id === '{anchor}'")


def test_the_theme_follows_the_system_and_the_button(tab: Page, sample: Path) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    tab.open(sample, dark=True)
    assert tab.run(paper) == "rgb(18, 24, 30)"
    tab.run("document.getElementById('theme').click()")
    assert tab.run(paper) == "rgb(255, 255, 255)"


def test_without_script_everything_is_there(tab: Page, sample: Path) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(sample)
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    assert tab.run(VISIBLE) == 23
    assert tab.run("return document.querySelector('.filters').offsetParent === null")
    assert tab.errors == []


@pytest.mark.parametrize("width", [1180, 400])
def test_nothing_runs_out_of_the_window(tab: Page, sample: Path, width: int) -> None:
    tab.open(sample, width=width)
    assert tab.run("return document.documentElement.scrollWidth") <= width


def test_printed_it_is_light_without_tools_and_says_what_it_is_on_every_page(tab: Page, sample: Path) -> None:
    tab.open(sample, dark=True)
    pages = texts_of_pdf(tab.printed())
    assert all("Snapshot 5" in text and "not affiliated" in text for text in pages)
    assert "Search" not in pages[0]
    assert "20 grants should not be there." in pages[0]


def test_hostile_names_do_nothing(tab: Page, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(render_html(hostile(made.audit()), ReportSettings(NAMES[0], NAMES[1])), encoding="utf-8")
    tab.open(file)
    assert (tab.errors, tab.requests) == ([], [file.as_uri()])
    assert tab.run("return [document.scripts.length, document.images.length]") == [1, 0]
    assert tab.run("return document.querySelector('.top .organisation').textContent") == NAMES[0]


def test_many_findings_are_drawn_as_one_scrolls(tab: Page, large: Path) -> None:
    drawn = "return document.querySelectorAll('.list-row').length"
    tab.open(large)
    assert (tab.errors, tab.requests) == ([], [large.as_uri()])
    assert tab.run(COUNTER) == "2\u202f500 findings"
    assert 10 < tab.run(drawn) < 80
    assert tab.run(VISIBLE) == 0
    tab.run("scrollTo(0, document.getElementById('list').offsetTop + 78 * 1200)")
    assert 10 < tab.run(drawn) < 80
    seen = tab.run("return document.elementFromPoint(100, 600).closest('.list-row') !== null")
    assert seen


def test_many_findings_can_be_searched_and_linked(tab: Page, large: Path) -> None:
    tab.open(large, hash_="#q=p02345%40contoso")
    assert tab.run("return [...document.querySelectorAll('.list-row b')].map((name) => name.textContent)") == [
        "Person 02345",
        "grp-000",
        "Member",
    ]
    key = made.many(2500)[2345].key.rpartition("/")[2]
    tab.open(large, hash_=f"#f-{key}")
    tab.run("return 0")
    assert "Person 02345" in tab.run("return document.querySelector('.list-row.target').textContent")
    top = tab.run("return document.querySelector('.list-row.target').getBoundingClientRect().top")
    assert 100 <= top < 1000


@pytest.mark.parametrize("kind", ["drifted", "incomplete", "hostile", "long", "summary"])
def test_a_mail_fits_a_phone_and_asks_for_nothing(tab: Page, tmp_path: Path, kind: str) -> None:
    attached = Occasion("Something changed.", ("access-drift-contoso-ltd-2026-09-30.pdf",))
    summary = Occasion("", lies_at=("/srv/reports/driftaudit-2026-09-30.pdf",))
    long = replace(made.audit(), tenant=replace(made.audit().tenant, name="Donaudampfschifffahrtsgesellschaft" * 3))
    audits = {"incomplete": made.incomplete(), "hostile": hostile(made.audit()), "long": long}
    settings = ReportSettings("Contoso Ltd", "Confidential") if kind in ("drifted", "incomplete") else ReportSettings()
    file = tmp_path / "mail.html"
    said = mail(audits.get(kind, made.audit()), settings, summary if kind == "summary" else attached)
    file.write_text(said.html, "utf-8")
    tab.open(file, width=390, height=844)
    assert tab.run("return document.documentElement.scrollWidth") == 390
    assert tab.run("return document.querySelector('h1').getBoundingClientRect().bottom") < 420
    assert (tab.errors, tab.requests) == ([], [file.as_uri()])
    smallest = "Math.min(...[...document.querySelectorAll('p, td, span, h2')].filter((e) => e.textContent.trim())"
    assert tab.run(f"return {smallest}.map((e) => parseFloat(getComputedStyle(e).fontSize)).filter(Boolean))") >= 13
