"""The `checks` command: which checks there are, and everything about one."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftaudit.audit.checks import checks
from driftaudit.cli.main import main

OWN = """-- title: My own
-- headline: of my own
-- severity: low
-- key: principal_id
-- param days: 7 (days of patience)
-- means: It means this.
-- why: Because.
-- fix: Do that.
-- example: Once upon a time.
select 1 as principal_id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one check of one's own."""
    (tmp_path / "own.sql").write_text(OWN, "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they are."""
    monkeypatch.setenv("COLUMNS", "300")


def test_list_names_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "list"]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(checks())
    for line, check in zip(lines, checks().values(), strict=True):
        assert check.said("title") in line
        assert check.severity in line


@pytest.mark.parametrize("name", checks())
def test_show_tells_everything(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["checks", "show", name]) == 0
    shown, check = capsys.readouterr().out, checks()[name]
    for key in ("title", "means", "why", "fix", "example", "reads", "requires"):
        assert check.said(key) in shown
    for control in check.controls:
        assert control in shown
    assert check.file.sha256 in shown
    assert check.file.sql in shown


def test_one_s_own_checks_are_listed_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "list", "--queries", str(folder)]) == 0
    assert "My own" in capsys.readouterr().out
    assert main(["checks", "show", "own", "--queries", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "My own (own, low)" in shown
    assert "Parameter days: 7 (days of patience)" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (OWN.replace("-- fix: Do that.\n", ""), "has no line `-- fix: ...`"),
        (
            OWN.replace("severity: low", "severity: grave"),
            "has the severity 'grave'. Use one of high, medium, low, info.",
        ),
        (
            OWN.replace("7 (days", "seven (days"),
            "the default of days is neither a whole number nor a text in single quotes",
        ),
    ],
)
def test_a_check_that_lacks_something_says_what(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: str, sentence: str
) -> None:
    (folder / "own.sql").write_text(wrong, "utf-8")
    assert main(["checks", "list", "--queries", str(folder)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_check_cannot_take_the_name_of_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(iter(checks()))
    (folder / "own.sql").rename(folder / f"{name}.sql")
    assert main(["checks", "list", "--queries", str(folder)]) == 2
    assert "has the name of another check" in capsys.readouterr().err


def test_an_unknown_check_is_answered_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "show", "grant"]) == 2
    assert f"There is no check 'grant'. There are: {', '.join(checks())}." in capsys.readouterr().err
