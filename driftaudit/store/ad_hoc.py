"""One read-only statement of a person, run in a child process that cannot reach files, time or memory without end."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

import msgspec

from driftaudit.errors import StoreBusy, UsageError

Format = Literal["table", "csv", "json", "parquet"]
GIGABYTE = 1024**3
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, the snapshot it is asked of, and the form of its answer."""

    database: str
    statement: str
    format: Format
    at: int | datetime | None = None
    """Number of a snapshot, or an instant in UTC; null for the newest."""
    max_rows: int | None = None
    width: int | None = None
    """Columns of the terminal; null when the answer does not go to one."""
    memory: int = 4 * GIGABYTE
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the child says when it ends: how many rows it wrote, or what went wrong."""

    rows: int = 0
    more: bool = False
    """There were more rows than were asked for."""
    happened: str | None = None
    next_step: str = ""
    busy: bool = False


def answer(question: Question, output: IO[bytes]) -> Outcome:
    """Write the answer to a real file, or raise with one sentence; a statement over its limits is killed."""
    _refuse_missing(question.database)
    with _start(question, output) as child:
        try:
            _, told = child.communicate(msgspec.json.encode(question), timeout=question.seconds)
        except subprocess.TimeoutExpired:
            raise UsageError(
                f"The statement ran longer than {question.seconds} s and was stopped.",
                "Ask for less, or allow more with --timeout SECONDS.",
            ) from None
        finally:
            child.kill()
            child.wait()  # leaving the block after Ctrl-C would not wait for it
    return _accept(_decode(told, child, question))


def _refuse_missing(database: str) -> None:
    if not Path(database).is_file():
        raise UsageError(f"There is no database at {database}.", "Load an export first: driftaudit load DIR")


def _start(question: Question, output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # -P keeps the current folder off the path: a duckdb.py lying there must not be run.
        [sys.executable, "-P", "-m", "driftaudit.store._ad_hoc_child"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.PIPE,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Keep threads and arenas few: each reserves address space, which is what the limit counts."""
    paths = [str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    few = {"POLARS_MAX_THREADS": "2", "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
    return {**os.environ, **few, "PYTHONPATH": os.pathsep.join(paths)}


def _decode(told: bytes, child: subprocess.Popen[bytes], question: Question) -> Outcome:
    """Read the last line of the child; one that was ended by a signal or a MemoryError died of its limits."""
    if child.returncode == 0:
        return msgspec.json.decode(told.splitlines()[-1], type=Outcome)
    if child.returncode < 0 or b"\nMemoryError" in told:
        happened = f"The statement needed more than {question.memory / GIGABYTE:g} GB of memory and was stopped."
        return Outcome(happened=happened, next_step="Ask for less, or allow more with --memory GB.")
    raise RuntimeError(told.decode(errors="replace"))


def _accept(outcome: Outcome) -> Outcome:
    if outcome.happened is not None:
        raise (StoreBusy if outcome.busy else UsageError)(outcome.happened, outcome.next_step)
    return outcome
