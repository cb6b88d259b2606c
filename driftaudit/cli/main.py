"""The program `driftaudit`: finds its commands in the files of this folder, and turns errors into sentences."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from driftaudit import TOOL
from driftaudit.cli import _log
from driftaudit.cli._exit import INTERRUPTED
from driftaudit.cli._narration import tell_error
from driftaudit.cli._options import LogFormat, read_options
from driftaudit.errors import DriftauditError


class Commands(click.Group):
    """A group whose commands are the files of this folder, each imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return one name per file: `some_name.py` is `some-name`; a leading underscore makes a helper."""
        files = Path(__file__).parent.glob("[a-z]*.py")
        return sorted(file.stem.replace("_", "-") for file in files if file.stem != "main")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return what the command's file calls `command`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"driftaudit.cli.{cmd_name.replace('-', '_')}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer an unknown command with what there is."""
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            known = ", ".join(self.list_commands(ctx))
            ctx.fail(f"There is no command {args[0]!r}. The commands are: {known}.")
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(message=TOOL, version="")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The database, one DuckDB file for one tenant.  [default: DRIFTAUDIT_DB or driftaudit.duckdb]",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration file.  [default: driftaudit.toml, if there is one]",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How progress and errors are told on stderr: as sentences, or as one JSON object per line.",
)
@click.pass_context
def cli(ctx: click.Context, db: Path | None, config: Path | None, log_format: LogFormat) -> None:
    """Prove whether access granted through Microsoft Entra access packages ended when it should.

    It reads a tenant, or what was exported of one, and never writes to it. Start with: driftaudit demo
    """
    _log.process().command = ctx.invoked_subcommand
    ctx.obj = read_options(db, config, log_format)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; whatever a person did wrong becomes a sentence on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _log.process().command = None
    try:
        return _run(list(given))  # click empties the list it is given
    except DriftauditError as error:
        tell_error(error, _log_format(given))
        return error.exit_code
    except click.ClickException as error:
        return _tell_wrong_call(error, _log_format(given))
    except (click.Abort, KeyboardInterrupt):
        click.echo(_log.line("error", "Stopped.") if _log_format(given) == "json" else "Stopped.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return _hush()
    except Exception as error:
        if _log_format(given) == "text":
            raise
        click.echo(_log.of_bug(error), err=True)
        return DriftauditError.exit_code


def _run(arguments: list[str]) -> int:
    """Do what click's own main does, but for its exit code 1 when a reader of our output leaves early."""
    try:
        with cli.make_context("driftaudit", arguments) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as end:
        result = end.exit_code
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _log_format(arguments: Sequence[str]) -> LogFormat:
    """Return how narration is told, also when the call broke before its options were read."""
    joined = " ".join(arguments)
    return "json" if "--log-format json" in joined or "--log-format=json" in joined else "text"


def _tell_wrong_call(error: click.ClickException, log_format: LogFormat) -> int:
    """Tell of an option or argument that click refuses."""
    if log_format == "json":
        click.echo(_log.line("error", error.format_message(), exit_code=error.exit_code), err=True)
    else:
        error.show()
    return error.exit_code


def _hush() -> int:
    """Let the reader of our output leave early (`| head`) without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
