"""The documents keep their word: what they tell to type works, and what they name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import msgspec
import pytest

import driftaudit
from driftaudit.audit.checks import checks
from driftaudit.audit.exceptions import read_exceptions
from driftaudit.cli.main import cli, main
from driftaudit.config import Config, read_config
from tests.kept_loads import sample

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)


def _code(text: str) -> str:
    """Return what is set as code, in blocks and in sentences."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


def _toml(begin: str) -> str:
    """Return the README's block of TOML that begins with this."""
    (found,) = [text for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if text.startswith(begin)]
    return found


def test_the_commands_of_the_documents_exist() -> None:
    mentioned = set(re.findall(r"\bdriftaudit ([a-z]+)", _code(README + CHANGELOG)))
    assert mentioned >= {"load", "audit", "sql"}
    assert mentioned <= set(cli.list_commands(click.Context(cli)))


def test_the_targets_of_the_documents_exist() -> None:
    mentioned = set(re.findall(r"\bmake ([a-z]+)", _code(README + CONTRIBUTING + CHANGELOG)))
    assert mentioned >= {"demo", "test"}
    assert mentioned <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_the_exception_of_the_readme_is_one(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.toml"
    path.write_text(_toml("[[exception]]"), "utf-8")
    (told,) = read_exceptions(path, checks().keys())
    assert told.check == "grant_past_expiry"


def test_the_configuration_of_the_readme_is_the_default(tmp_path: Path) -> None:
    text = _toml("[tenant]")
    path = tmp_path / "driftaudit.toml"
    path.write_text(re.sub(r'"(driftaudit[^"]*)"', rf'"{tmp_path.as_posix()}/\1"', text), "utf-8")
    told, default = read_config(path, {}), Config()
    assert told.audit.exceptions == tmp_path / "exceptions.toml"
    audit = msgspec.structs.replace(told.audit, exceptions=None)
    assert (told.tenant, audit, told.report) == (default.tenant, default.audit, default.report)
    assert told.store.database.name == default.store.database.name
    assert {table: set(keys) for table, keys in tomllib.loads(text).items()} == {
        table: set(getattr(default, table).__struct_fields__) for table in default.__struct_fields__
    }


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the first night of the sample, loaded."""
    return sample(tmp_path_factory, 1)


def test_there_are_five_questions() -> None:
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize("question", QUESTIONS, ids=["wrong", "why", "most", "next", "unread"])
def test_a_question_of_the_readme_has_an_answer(
    database: Path, question: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--db", str(database), "sql", question, "--format", "csv"]) == 0
    assert len(capfd.readouterr().out.splitlines()) > 1


def test_the_changelog_knows_the_version() -> None:
    assert driftaudit.__version__ in CHANGELOG


def test_the_disclaimer_stands_in_the_readme() -> None:
    assert "Independent project, not affiliated with or endorsed by Microsoft." in README
