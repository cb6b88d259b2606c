"""Narration: what a person is told on stderr while data goes to stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from driftaudit.cli import _log
from driftaudit.cli._options import LogFormat, Options
from driftaudit.errors import DriftauditError, UsageError


def narrator(options: Options) -> Callable[[str], None]:
    """Return the function that tells one thing on stderr, as a sentence or as a line of JSON."""

    def tell(message: str) -> None:
        as_json = options.log_format == "json"
        say(_log.line("info", message) if as_json else message)

    return tell


def say(line: str) -> None:
    """Print a line on stderr; work goes on when nobody listens any more."""
    try:
        click.echo(line, err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def tell_error(error: DriftauditError, log_format: LogFormat) -> None:
    """Tell an error on stderr, as a sentence or as a line of JSON."""
    say(_log.of_error(error) if log_format == "json" else f"Error: {error}")


def parsed_at(text: str | None) -> int | datetime | None:
    """Return `--at N | DATE | INSTANT`: a snapshot's number, or an instant in UTC; a date means its last second."""
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is neither a snapshot's number nor a date.", "Write 5, 2026-09-30 or 2026-09-30T02:00:04Z."
        ) from error
    if len(text) <= len("2026-09-30"):
        return instant + timedelta(days=1, seconds=-1)
    return instant if instant.tzinfo is None else (instant - (instant.utcoffset() or timedelta())).replace(tzinfo=None)
