"""The `demo` command: one call, and the report is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from driftaudit.cli.main import main
from tests.kept_loads import kept

SCREEN = 50
"""Lines of a tall terminal."""


@pytest.fixture
def demo(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where the demo goes; what it loads is loaded once for all tests that need it."""
    monkeypatch.setattr("driftaudit.audit.loading.load_and_record", kept(tmp_path_factory))
    return tmp_path / "demo"


def test_the_demo_writes_the_report_and_says_what_to_try_next(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo.mkdir()
    (demo / "contoso.duckdb").write_text("of an earlier demo")
    assert main(["demo", "-o", str(demo)]) == 0
    shown = capsys.readouterr().out
    assert {p.name for p in demo.iterdir()} >= {"report.html", "report.pdf", "contoso.duckdb"}
    assert (demo / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (demo / "report.html").read_text("utf-8").lower().startswith("<!doctype html>")
    assert f"Report: {demo / 'report.html'} and {demo / 'report.pdf'}" in shown
    assert len(shown.splitlines()) <= SCREEN
    _try_what_it_says(shown, capsys)


def _try_what_it_says(shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run every call that the demo suggests, but for the redirection; the sample is not read whole, which is code 4."""
    calls = re.findall(r"^  \S*driftaudit (.*?)(?: > .*)?$", shown, re.MULTILINE)
    assert len(calls) >= 3
    for call in calls:
        assert main(shlex.split(call)) in (0, 4), call
        assert "Error" not in capsys.readouterr().err
