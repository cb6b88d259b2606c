"""Other processes that hold a database: a reader, a read-write client, a run in the middle of writing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

READER = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    for line in sys.stdin:
        print(connection.execute("select max(id) from history.snapshots").fetchall()[0][0], flush=True)
"""
CLIENT = """
import duckdb, sys
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("create table mine (x integer)")
    for line in sys.stdin:
        print("there", flush=True)
"""
WRITER = """
import sys
from pathlib import Path
from driftaudit.store.publish import writing
with writing(Path(sys.argv[1]), print) as connection:
    for line in sys.stdin:
        print("writing", flush=True)
"""


class Process:
    """A process that answers each question with a line."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        """Keep the child."""
        self.child = child

    def ask(self) -> str:
        """Return its answer; it has opened the database when the first one comes."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write("?\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()


@contextmanager
def process(program: str, database: Path) -> Generator[Process]:
    """Run a program that opens the database, until the block ends."""
    arguments = [sys.executable, "-c", program, str(database)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield Process(child)
        finally:
            child.kill()
