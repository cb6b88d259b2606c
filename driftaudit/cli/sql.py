"""The `sql` command: asks the database one read-only question, or many in a shell."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import click

from driftaudit.cli._narration import narrator, parsed_at
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import DriftauditError, UsageError

if TYPE_CHECKING:
    from driftaudit.store.ad_hoc import Format, Outcome, Question

TABLE_ROWS = 200
FORMATS = ("table", "csv", "json", "parquet")


@click.command("sql")
@click.argument("statement", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), help="[default: by the name of -o; else table or csv]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option(
    "--at",
    callback=lambda _, __, text: parsed_at(text),
    metavar="N|DATE|INSTANT",
    help="Ask this snapshot, or the newest at or before then.",
)
@click.option("--timeout", type=click.IntRange(1), default=60, show_default=True, help="Stop after so many seconds.")
@click.option("--memory", type=click.FloatRange(0.5), default=4, show_default=True, help="Stop above so many GB.")
@pass_options
def command(options: Options, statement: str | None, form: str | None, output: Path | None, **limits: Any) -> None:
    """Ask the database in SQL; nothing can be changed by it.

    STATEMENT is one statement, the path of a .sql file, or - for stdin.
    Without it, a shell: end each statement with a semicolon.

    \b
    Example: driftaudit sql "select * from coverage where status <> 'complete'"
    """
    ask = _asker(options, _format(form, output), output, **limits)
    if statement is None and sys.stdin.isatty():
        _shell(ask)
    else:
        ask(_text(statement))


def _format(form: str | None, output: Path | None) -> Format:
    suffix = output.suffix.lstrip(".").lower() if output else ""
    chosen = form or (suffix if suffix in FORMATS else None) or ("table" if sys.stdout.isatty() else "csv")
    if chosen == "parquet" and output is None:
        raise UsageError("Parquet is not text.", "Name a file for it: -o answer.parquet")
    return cast("Format", chosen)


def _asker(
    options: Options, form: Format, output: Path | None, *, at: int | datetime | None, timeout: int, memory: float
) -> Callable[[str], None]:
    """Return the function that asks one statement and puts the answer where it was asked for."""
    from driftaudit.store.ad_hoc import GIGABYTE, Question

    tell = narrator(options)
    shown = form == "table" and output is None
    width = shutil.get_terminal_size().columns if shown and sys.stdout.isatty() else None

    def ask(text: str) -> None:
        question = Question(
            database=str(options.db),
            statement=text,
            format=form,
            at=at,
            max_rows=TABLE_ROWS if shown else None,
            width=width,
            memory=int(memory * GIGABYTE),
            seconds=timeout,
        )
        outcome = _to_file(question, output) if output else _to_stdout(question)
        if output:
            tell(f"{outcome.rows:,} rows written to {output}.")
        if outcome.more:
            tell(f"The first {outcome.rows} rows; -o FILE or --format csv gives them all.")

    return ask


def _to_stdout(question: Question) -> Outcome:
    """Print the answer once it is whole, so that a slow reader costs the statement no time."""
    from driftaudit.store.ad_hoc import answer

    with tempfile.TemporaryFile() as file:
        outcome = answer(question, file)
        file.seek(0)
        _copy(file)
    return outcome


def _copy(file: IO[bytes]) -> None:
    shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()


def _to_file(question: Question, output: Path) -> Outcome:
    """Put the whole answer in place at once, or leave what was there."""
    from driftaudit.store.ad_hoc import answer

    try:
        file = tempfile.NamedTemporaryFile(dir=output.parent, prefix=".answer-", delete=False)  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.", "Name another file with -o.") from None
    try:
        with file:
            outcome = answer(question, file)
        os.replace(file.name, output)
    finally:
        Path(file.name).unlink(missing_ok=True)
    return outcome


def _text(statement: str | None) -> str:
    """Return the SQL itself: given, read from a .sql file, or read from stdin."""
    if statement is None or statement == "-":
        return sys.stdin.read()
    if not statement.endswith(".sql") or "\n" in statement:
        return statement
    path = Path(statement)
    if path.is_file():
        return path.read_text("utf-8-sig")
    if " " in statement:
        return statement
    raise UsageError(f"There is no file {path}.", "Check the path, or give the SQL itself in quotes.")


def _shell(ask: Callable[[str], None]) -> None:
    """Answer statement after statement; an error ends the statement, not the shell."""
    with suppress(ImportError):
        import readline  # noqa: F401  (arrow keys and history for input)
    click.echo("End a statement with ; and leave with Ctrl-D.", err=True)
    for statement in _statements():
        try:
            ask(statement)
        except DriftauditError as error:
            click.echo(f"Error: {error}", err=True)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)


def _statements() -> Iterator[str]:
    """Yield what is typed, a statement at a time, until the end of input."""
    lines: list[str] = []
    while True:
        try:
            lines.append(input("       ... " if lines else "driftaudit> "))
        except KeyboardInterrupt:
            lines = []
            click.echo(err=True)
            continue
        except EOFError:
            return click.echo(err=True)
        if lines == [".quit"] or not "".join(lines).strip():
            if lines == [".quit"]:
                return None
            lines = []
        elif lines[-1].rstrip().endswith(";"):
            yield "\n".join(lines)
            lines = []
