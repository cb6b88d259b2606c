"""Lines of the log: one JSON object each, with the time, the run and the command it belongs to."""

from __future__ import annotations

import json
import traceback
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from uuid import uuid4

from driftaudit.cli import _clock
from driftaudit.errors import DriftauditError

Level = Literal["info", "error"]


@dataclass
class Process:
    """What this process is at; every line of its log says so."""

    run: str
    command: str | None = None
    """The command's name; None before it is known."""


@cache
def process() -> Process:
    """Return this process, with an id that no other has."""
    return Process(uuid4().hex)


def line(level: Level, message: str, **facts: Any) -> str:
    """Return one line."""
    time = _clock.local_time().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = {"time": time, "level": level, "run": process().run, "command": process().command, "message": message}
    return json.dumps(head | facts)


def of_error(error: DriftauditError) -> str:
    """Return the line of an error."""
    return line("error", error.happened, next_step=error.next_step, exit_code=error.exit_code)


def of_bug(error: Exception) -> str:
    """Return the line of a bug of ours, with its traceback."""
    told = "".join(traceback.format_exception(error))
    return line("error", f"A bug of driftaudit: {type(error).__name__}.", exit_code=1, traceback=told)
