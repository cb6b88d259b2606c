"""The `report` command: which files it writes, of which snapshot, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from tests.audit.once import audited_once
from tests.audit.small_tenant import tenant
from tests.store.blank import blank
from tests.store.made_export import made

__all__ = ["audited_once"]
pytestmark = pytest.mark.usefixtures("audited_once")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of two snapshots."""
    path = blank(tmp_path_factory.mktemp("report") / "small.duckdb")
    for day, names in ((1, ["ada", "bob"]), (5, ["ada", "bob", "cyd"])):
        load_and_record(path, made(day, tenant(names)), given={}, accept_shrink=(), tell=print)
    return path


def _report(database: Path, *arguments: str | Path) -> int:
    return main(["--db", str(database), "report", *map(str, arguments)])


def _text(path: Path) -> str:
    """Return a page without its fonts, whose letters spell anything."""
    return re.sub(r"base64,[\w+/=]+", "", path.read_text("utf-8"))


def test_a_file_s_name_chooses_the_format(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _report(database, "-o", tmp_path / "new" / "q3.html") == 0
    page = _text(tmp_path / "new" / "q3.html")
    assert page.lower().startswith("<!doctype html>")
    assert "Cyd" in page
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["q3.html"]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"Wrote {tmp_path / 'new' / 'q3.html'}.\n")


def test_a_pdf_is_a_pdf(database: Path, tmp_path: Path) -> None:
    assert _report(database, "-o", tmp_path / "q3.pdf") == 0
    assert (tmp_path / "q3.pdf").read_bytes().startswith(b"%PDF-")


def test_a_folder_gets_the_snapshot_s_date(database: Path, tmp_path: Path) -> None:
    assert _report(database, "--at", "1", "--format", "html", "-o", tmp_path) == 0
    page = _text(tmp_path / "driftaudit-2026-07-01.html")
    assert "Bob" in page
    assert "Cyd" not in page


def test_one_file_for_two_formats_is_refused(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _report(database, "--format", "html", "--format", "pdf", "-o", tmp_path / "q3.html") == 2
    assert "is one file for 2 formats. Name a folder, or one --format." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_that_is_not_there(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _report(database, "--at", "9", "-o", tmp_path / "q3.html") == 2
    assert "There is no snapshot 9." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
