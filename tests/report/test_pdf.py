"""The report on paper: complete, tagged, the same bytes twice, and no wider than its page."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from driftaudit.errors import UsageError
from driftaudit.report.pdf import own_files, render_pdf
from driftaudit.report.render import templates
from driftaudit.report.settings import ReportSettings
from tests.report import made_audit as made
from tests.report.hostile import NAMES, hostile
from tests.report.pages import texts_of_pdf
from tests.report.test_page_one import LONG, long_names, many_collections

SETTINGS = ReportSettings("Contoso Ltd", "Confidential")


def is_about_a_missing_font(record: logging.LogRecord) -> bool:
    """Tell whether a warning is about the machine's fonts: which scripts they hold is not ours to say."""
    return ".notdef" in record.getMessage()


@pytest.fixture(scope="module")
def complaints() -> Iterator[list[str]]:
    """Collect what WeasyPrint warns of."""
    found: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: None if is_about_a_missing_font(record) else found.append(record.getMessage())
    logging.getLogger("weasyprint").addHandler(handler)
    yield found
    logging.getLogger("weasyprint").removeHandler(handler)


@pytest.fixture(scope="module")
def sample(complaints: list[str]) -> bytes:
    """Print the sample audit."""
    return render_pdf(made.audit(), SETTINGS)


@pytest.fixture(scope="module")
def pages(sample: bytes) -> list[str]:
    """Return the text of each page."""
    return texts_of_pdf(sample)


def test_nothing_is_warned_of(sample: bytes, complaints: list[str]) -> None:
    assert sample.startswith(b"%PDF-")
    assert complaints == []


def test_page_one_is_the_verdict(pages: list[str]) -> None:
    assert "20 grants should not be there." in pages[0]
    assert "Nothing: all 3 checks were assessed." in pages[0]
    assert "What changed since" not in pages[0]


def test_every_page_says_what_it_was_made_from(pages: list[str]) -> None:
    for place, text in enumerate(pages):
        assert "Snapshot 5 · as of 2026-09-30 02:00:04 UTC · tenant 7d1c42e0 · export" in text
        assert "driftaudit 0.1.0. Independent project, not affiliated with or endorsed by Microsoft." in text
        assert f"Page {place + 1} of {len(pages)}" in text


def test_every_section_and_finding_is_printed(pages: list[str]) -> None:
    whole = " ".join(pages)
    for title in (
        "What changed since 16 September",
        "Access past its end",
        "What was read",
        "The proof and the method",
    ):
        assert title in whole
    for finding in made.audit().open_findings:
        assert finding.key.rpartition("/")[2] in whole


def test_it_is_tagged_titled_and_bookmarked(sample: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sample))
    marked = reader.root_object["/MarkInfo"].get_object()
    assert isinstance(marked, DictionaryObject)
    assert marked["/Marked"]
    assert reader.root_object["/Lang"] == "en"
    assert reader.metadata
    assert reader.metadata.title == "Access-drift report, Q3 2026: Contoso Ltd"
    marks = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert marks[0] == "Verdict"
    assert "pdfuaid:part" in reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else False


def test_every_drawing_has_its_numbers_as_alternative_text(sample: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sample))
    tree = reader.root_object["/StructTreeRoot"].get_object()
    assert isinstance(tree, DictionaryObject)
    told = [str(entry["/Alt"]) for entry in elements(tree) if entry.get("/S") == "/Figure"]
    assert len(told) == 4
    assert "30 Sep: outside packages 7, past their end 11, reviews unanswered 5" in told[-1]


def elements(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield every element of the structure below a node."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            yield from elements(found)


def test_the_same_audit_gives_the_same_bytes_and_leaves_the_environment_alone(
    sample: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert render_pdf(made.audit(), SETTINGS) == sample
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"


def test_long_names_and_gaps_still_fit_page_one(complaints: list[str]) -> None:
    audit = many_collections(long_names(made.incomplete()))
    findings = tuple(one for one in audit.findings if one.check != made.PAST.id)
    pages = texts_of_pdf(render_pdf(replace(audit, findings=findings), ReportSettings(LONG, "Strictly confidential")))
    assert "Not assured: incomplete" in pages[0]
    assert "What changed since" in pages[1]
    assert complaints == []


def test_hostile_names_are_printed_and_fetch_nothing(complaints: list[str]) -> None:
    whole = " ".join(texts_of_pdf(render_pdf(hostile(made.audit(made.many(10))), ReportSettings(NAMES[0], NAMES[1]))))
    assert "<script>alert(1)</script>" in whole
    assert "[U+202E]" in whole
    assert complaints == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x.css", "https://contoso.example/x", "file:///etc/hostname", "ftp://contoso.example/x"],
)
def test_only_files_of_the_report_are_served(url: str) -> None:
    with pytest.raises(ValueError, match=r"not a file of the report|disallowed protocol"):
        own_files(templates()).fetch(url)


def test_a_path_that_climbs_out_of_the_folder_is_refused() -> None:
    for climbing in ("/../pyproject.toml", "/css/../../pyproject.toml", "/%2e%2e/pyproject.toml"):
        with pytest.raises(ValueError, match="not a file of the report"):
            own_files(templates()).fetch(templates().as_uri() + climbing)


def test_a_font_of_the_report_is_served() -> None:
    assert own_files(templates()).fetch((templates() / "fonts" / "SourceSans3-Regular.ttf.woff2").as_uri())


class NoPango(MetaPathFinder):
    """Fails as WeasyPrint does where Pango is not installed."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return None


def test_without_pango_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(UsageError, match=r"PDF needs Pango.*apt-get install -y libpango-1.0-0"):
        render_pdf(made.audit(), SETTINGS)
