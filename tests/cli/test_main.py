"""The program: finds its commands, speaks in sentences, ends with the right code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import driftaudit.cli
from driftaudit.cli.main import cli, main

COMMANDS = cli.list_commands(click.Context(cli))


def test_every_file_is_a_command() -> None:
    folder = Path(driftaudit.cli.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"main"}
    assert {name.replace("-", "_") for name in COMMANDS} == {name for name in files if not name.startswith("_")}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str().strip()
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"driftaudit {name}" in shown
    assert "\\b" not in shown, "a raw docstring hides the character from click"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    silent = [p.name for p in command.params if isinstance(p, click.Option) and not (p.help or p.hidden)]
    assert silent == []


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "  sql " in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("driftaudit 0.")


def test_an_unknown_command_is_answered_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lod"]) == 2
    error = capsys.readouterr().err
    assert "There is no command 'lod'" in error
    assert ", ".join(COMMANDS) in error


@pytest.mark.parametrize("name", ["main", "_options", "../sql", "__init__"])
def test_a_helper_is_no_command(name: str) -> None:
    assert main([name]) == 2


def test_a_wrong_option_is_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--nonsense"]) == 2
    assert "--nonsense" in capsys.readouterr().err


def test_an_error_is_one_sentence_and_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(tmp_path / "none.toml"), "sql", "select 1"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"Error: There is no configuration file at {tmp_path / 'none.toml'}. " + (
        "Check the path given with --config; `driftaudit config init FILE` writes one.\n"
    )


def test_an_error_can_be_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--log-format", "json", "--db", str(tmp_path / "none"), "sql", "select 1"]) == 2
    told = json.loads(capsys.readouterr().err)
    assert told["level"] == "error"
    assert told["next_step"] == "Load an export first: driftaudit load DIR"
    assert told["exit_code"] == 2


def test_a_reader_that_leaves_early_is_no_error() -> None:
    program = [sys.executable, "-c", "import sys; from driftaudit.cli.main import main; sys.exit(main(['--help']))"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.close()
        assert run.stderr is not None
        assert run.stderr.read() == b""
    assert run.returncode == 0
