"""The child process behind ad_hoc: opens the database read-only with every door locked, and runs one statement."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import msgspec

from driftaudit.errors import DriftauditError, StoreBusy, UsageError
from driftaudit.store._ad_hoc_output import write
from driftaudit.store.ad_hoc import Outcome, Question
from driftaudit.store.database import reading, value
from driftaudit.store.model import build, resolve_snapshot, set_variables
from driftaudit.store.query_files import words
from driftaudit.store.schema import is_current, view_files

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

READS = {"SELECT", "EXPLAIN", "MULTI"}
"""What DuckDB calls statements that only read; MULTI is how it parses PIVOT."""
SCHEMA = "See what there is with: driftaudit schema"
LOCKED_DOWN = {
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": str(min(4, os.cpu_count() or 1)),
    "errors_as_json": "true",
    "enable_external_access": "false",  # last: without it some of the others cannot be set
}


def main() -> int:
    """Answer the question on stdin to stdout, and say how it went in one JSON line on stderr."""
    asked = sys.stdin.buffer.read()
    if not asked:
        return 1  # the parent was stopped before it could ask
    question = msgspec.json.decode(asked, type=Question)
    _limit(question)
    try:
        outcome = _run(question)
    except DriftauditError as error:
        busy = isinstance(error, StoreBusy)
        outcome = Outcome(happened=error.happened, next_step=error.next_step, busy=busy)
    sys.stdout.buffer.flush()
    sys.stderr.buffer.write(b"\n" + msgspec.json.encode(outcome) + b"\n")
    return 0


def _limit(question: Question) -> None:
    """Set the limits no statement can lift; Windows has none and relies on the clock of the parent."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (question.memory, question.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # For the case that the parent is killed and can no longer stop this process.
    seconds = question.seconds * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _run(question: Question) -> Outcome:
    with reading(Path(question.database)) as connection:
        _lock_down(connection, question)
        relation = None
        try:
            relation = _relation(connection, question.statement)
            return write(relation, question)
        except duckdb.OutOfMemoryException:
            raise MemoryError from None
        except duckdb.Error as error:
            raise UsageError(_sentence(str(error), question.statement, _shift(relation, question)), SCHEMA) from None


def _shift(relation: duckdb.DuckDBPyRelation | None, question: Question) -> int:
    """Return how far positions are shifted: while a statement runs, it stands inside the one that renders it."""
    if relation is None:
        return 0
    text = question.statement
    at = relation.project("#1").sql_query().find(text.strip().removesuffix(";"))
    return at - (len(text) - len(text.lstrip())) if at >= 0 else sys.maxsize


def _lock_down(connection: Connection, question: Question) -> None:
    """Close every door, choose the snapshot, and throw away the key."""
    settings = {**LOCKED_DOWN, "memory_limit": f"{question.memory * 3 // 4 // 1024**2}MiB"}
    for name, setting in settings.items():
        connection.execute(f"set {name} = '{setting}'")
    _choose(connection, question)
    connection.execute("set lock_configuration = true")


def _choose(connection: Connection, question: Question) -> None:
    """Choose the snapshot, and make tables of those views that the statement stands on and that are slow to unfold."""
    views = words(question.statement.lower()) & view_files().keys()
    if not views or not is_current(connection) or not value(connection, "select count(*) from history.snapshots"):
        if question.at is not None:
            set_variables(connection, {"snapshot_id": resolve_snapshot(connection, question.at)})
        return
    build(connection, resolve_snapshot(connection, question.at), {}, views)


def _relation(connection: Connection, text: str) -> duckdb.DuckDBPyRelation:
    statements = connection.extract_statements(text)
    if len(statements) != 1:
        happened = f"There are {len(statements)} statements here." if statements else "There is no statement here."
        raise UsageError(happened, "Give exactly one.")
    kind = statements[0].type.name
    if kind not in READS:
        raise UsageError(
            f"{kind} is not allowed: this reads, and changes nothing.",
            "Use SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN; for another snapshot --at.",
        )
    return connection.sql(_without_semicolon(connection, text))


def _without_semicolon(connection: Connection, text: str) -> str:
    """Cut off a semicolon that only comments follow: a relation cannot hold one."""
    head, _, tail = text.rpartition(";")
    try:
        return text if not head or connection.extract_statements(tail) else head
    except duckdb.Error:
        return text  # the semicolon stood inside a string or a comment


def _sentence(message: str, statement: str, shift: int) -> str:
    """Turn DuckDB's message into one sentence with line and column, where DuckDB knows them."""
    _, _, rest = message.partition(": ")
    try:
        told = json.loads(rest)
    except ValueError:
        return f"The statement failed: {_one_line(rest)}"
    place = _place(statement, int(told.get("position", -1)) - shift)
    return f"The statement failed{place}: {_one_line(told['exception_message'])}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _place(statement: str, position: int) -> str:
    """Return line and column of a byte, or nothing for one outside the statement."""
    if not 0 <= position < len(statement.encode()):
        return ""
    before = statement.encode()[:position].decode(errors="ignore")
    return f" at line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


if __name__ == "__main__":
    sys.exit(main())
