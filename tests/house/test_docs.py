"""The documents keep their word: what they tell to type works, and what they name is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

import driftaudit
from driftaudit.audit.checks import checks
from driftaudit.audit.exceptions import read_exceptions
from driftaudit.cli._settings import initial
from driftaudit.cli.main import cli, main
from driftaudit.config import Config, read_config
from driftaudit.delivery.letter import Post
from driftaudit.delivery.plan import checked
from driftaudit.delivery_settings import Send
from driftaudit.report.pdf import APT_LINE
from tests.kept_loads import sample

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ADMINISTRATION = (ROOT / "docs" / "administration.md").read_text("utf-8")
CALL = re.compile(r"^(?:sudo )?(?:/opt/driftaudit/bin/)?driftaudit (.+)$", re.MULTILINE)
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
    mentioned = set(re.findall(r"\bdriftaudit ([a-z]+)", _code(README + CHANGELOG + ADMINISTRATION)))
    assert mentioned >= {"load", "audit", "sql"}
    assert mentioned <= set(cli.list_commands(click.Context(cli)))


def _calls(text: str) -> list[list[str]]:
    """Return the arguments of every call of driftaudit that is set as code."""
    lines = [shlex.split(found[1], comments=True) for found in CALL.finditer(_code(text))]
    ends = [min((line.index(sign) for sign in (">", "|") if sign in line), default=None) for line in lines]
    return [line[:end] for line, end in zip(lines, ends, strict=True)]


@pytest.mark.parametrize("text", [README, ADMINISTRATION], ids=["README", "administration"])
def test_every_call_of_the_documents_is_one_that_the_program_takes(text: str) -> None:
    calls = _calls(text)
    assert len(calls) > 10
    for call in calls:
        context = cli.make_context("driftaudit", [*call])
        command, name, rest = cli, "", [word for word in (*context._protected_args, *context.args)]
        while isinstance(command, click.Group) and rest:
            name, *rest = rest
            found = command.get_command(context, name)
            assert found is not None, call
            command = found
        if rest:
            command.make_context(name, rest, parent=context)


def test_the_administrator_is_told_what_the_files_of_deploy_say(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", ADMINISTRATION, re.DOTALL)
    path = tmp_path / "driftaudit.toml"
    path.write_text(text, "utf-8")
    config = read_config(path, {})
    service = (ROOT / "deploy" / "driftaudit.service").read_text("utf-8")
    for certificate in (config.sign_in.certificate, config.mail.certificate):
        assert f":{certificate}\n" in service
    for place in (config.store.database, config.store.exports, config.report.folder):
        assert place.as_posix().startswith("/var/lib/driftaudit/")
    assert f"--no-install-recommends python3-venv {APT_LINE.partition('-y ')[2]}" in ADMINISTRATION
    links = re.findall(r"\]\(([^)#]+)\)", ADMINISTRATION)
    assert {"../deploy/Containerfile", "../README.md"} <= {*links}
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_exit_codes_are_the_same_everywhere() -> None:
    told = [re.findall(r"^\| (\d) \|", text, re.MULTILINE) for text in (README, ADMINISTRATION)]
    assert told[0] == told[1] == [*"012345678"]


def test_the_targets_of_the_documents_exist() -> None:
    mentioned = set(re.findall(r"\bmake ([a-z]+)", _code(README + CONTRIBUTING + CHANGELOG)))
    assert mentioned >= {"demo", "test"}
    assert mentioned <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_the_exception_of_the_readme_is_one(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.toml"
    path.write_text(_toml("[[exception]]"), "utf-8")
    (told,) = read_exceptions(path, checks().keys())
    assert told.check == "grant_past_expiry"


def test_the_configuration_of_the_readme_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _toml("[tenant]")
    path = tmp_path / "driftaudit.toml"
    path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_config(None, {}) == Config()
    assert text in initial(), "it is what `driftaudit config init` writes"


def test_the_ways_of_the_readme_lead_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "driftaudit.toml"
    path.write_text(_toml("[mail]"), "utf-8")
    config = read_config(path, {})
    first, second = checked(config, Post(config, {"DRIFTAUDIT_MAIL_PASSWORD": "p"}, print))
    assert (first[0].channel, second[0].channel) == ("mail", "folder")
    shown = {key for way in tomllib.loads(_toml("[mail]"))["send"] for key in way}
    assert shown == set(Send.__struct_fields__) - {"place"}


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
