"""The `snapshots prune` command: what it removes, what it keeps, and that no kept answer changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from driftaudit.cli.main import main
from tests.audit.once import audited_once
from tests.kept_loads import NIGHTS, sample

__all__ = ["audited_once"]
KEEPS_QUARTERS = "[retention]\ndaily = 1\nweekly = 0\n"
"""Of the sample: the end of June, which is the oldest too, and the end of September."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sample's exports where runs put them, loaded."""
    place = tmp_path_factory.mktemp("filled")
    for night in NIGHTS:
        shutil.copytree(night, place / "driftaudit-exports" / night.name)
    (place / "driftaudit.toml").write_text(KEEPS_QUARTERS, "utf-8")
    shutil.move(sample(tmp_path_factory), place / "driftaudit.duckdb")
    return place


@pytest.fixture
def place(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, in which commands run."""
    shutil.copytree(filled, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def exports(place: Path) -> list[str]:
    """Return the names of the export folders."""
    return sorted(path.name for path in (place / "driftaudit-exports").iterdir())


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a command printed; it must end well or with findings not read whole."""
    capsys.readouterr()
    assert main(list(arguments)) in (0, 4)
    return capsys.readouterr().out


def test_a_dry_run_names_them_and_removes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = exports(place)
    told = said(capsys, "snapshots", "prune", "--dry-run")
    assert [line.split(",")[0] for line in told.splitlines()] == ["Snapshot 2", "Snapshot 3", "Snapshot 4"]
    assert exports(place) == before
    assert len(said(capsys, "snapshots", "list").splitlines()) == 1 + len(NIGHTS)


def test_no_answer_about_a_kept_snapshot_changes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = [("audit", "--format", "json", "--at", at) for at in ("1", "5")]
    before = [said(capsys, *question) for question in questions]
    said(capsys, "snapshots", "prune")
    assert exports(place) == [NIGHTS[0].name, NIGHTS[-1].name]
    assert [said(capsys, *question) for question in questions] == before
    assert len(said(capsys, "snapshots", "list").splitlines()) == 1 + 2


def test_what_was_pruned_cannot_be_asked_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "snapshots", "prune")
    capsys.readouterr()
    assert main(["audit", "--at", "3"]) == 2
    assert "Snapshot 3 was pruned on " in capsys.readouterr().err
    assert "snapshot 1 " in said(capsys, "audit", "--at", "2026-09-01"), "the newest kept before that day"


def test_it_does_nothing_twice_and_touches_nothing_else(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = place / "driftaudit-exports" / "notes"
    other.mkdir()
    (place / "driftaudit-exports" / NIGHTS[1].name / "manifest.json").write_text("{}", "utf-8")
    said(capsys, "snapshots", "prune")
    assert exports(place) == sorted([NIGHTS[0].name, NIGHTS[1].name, NIGHTS[-1].name, "notes"])
    assert said(capsys, "snapshots", "prune") == ""


def test_a_folder_that_has_come_back_goes_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "snapshots", "prune")
    shutil.copytree(NIGHTS[2], place / "driftaudit-exports" / "back")
    assert "Snapshot 3, " in said(capsys, "snapshots", "prune")
    assert "back" not in exports(place)
