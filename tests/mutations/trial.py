"""Trials: one sitting with everything answered once, and what a changed query file changes in it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Timer
from typing import TYPE_CHECKING, Any

from driftaudit.errors import UsageError
from driftaudit.store.model import build
from driftaudit.store.query_files import QueryFile
from driftaudit.store.schema import create_view
from tests.mutations.files import Files
from tests.mutations.histories import Answer, Look, Sitting, ask

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

PATIENCE = 20.0
"""Seconds after which a changed query is taken to never end."""
NEVER_ENDS, NEVER_RUNS = "it does not end", "it does not run"
_PRINT = "select count(*), sum(hash(t)::hugeint) from ({}) as t"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one changed file in one sitting."""

    seen_by: str | None
    """The look that sees the change, None if none does."""
    shows_in: frozenset[str] = frozenset()
    """The queries whose rows are others than before, seen or not."""


class Trial:
    """One sitting, answered once by the files as they are."""

    def __init__(self, connection: Connection, files: Files, sitting: Sitting) -> None:
        """Build the model and let every look see its answer."""
        self._connection, self._files = connection, files
        build(connection, sitting.at, sitting.parameters)
        self._looks: dict[str, list[Look]] = {}
        for look in sitting.looks:
            self._looks.setdefault(look.query, []).append(look)
        self._relevant = files.behind(self._looks)
        self._prints = {n: self._print(n) for n in files.order if n in self._relevant and not files.is_macro(n)}
        self._answers_before = {query: self._see(query) for query in self._looks}

    def wrong(self) -> list[str]:
        """Return the looks that do not see what they want with the files as they are: their tests fail already."""
        return [
            f"{query}: {look.name}"
            for query, looks in self._looks.items()
            for look, seen in zip(looks, self._answers_before[query], strict=True)
            if look.wanted is not None and look.wanted != seen
        ]

    def concerns(self, name: str) -> bool:
        """Tell whether any look could see a change of a file."""
        return name in self._relevant

    def of(self, changed: QueryFile) -> Outcome:
        """Return what becomes of a changed file; rows with which a look can do nothing break its test, too."""
        import duckdb

        try:
            with self._undone(), self._patience():
                return self._tried(changed)
        except duckdb.InterruptException:
            return Outcome(NEVER_ENDS)
        except (duckdb.Error, UsageError, AttributeError, TypeError, ValueError):
            return Outcome(NEVER_RUNS)

    def _tried(self, changed: QueryFile) -> Outcome:
        """Make anew what stands on a changed file, as far as its rows differ, and look."""
        differing = self._remade(changed)
        for query, looks in self._looks.items():
            if query in differing or self._files.asked_by(query) & differing:
                seen = self._see(query, changed if query == changed.name else None)
                for look, now, before in zip(looks, seen, self._answers_before[query], strict=True):
                    if now is not None and before is not None and now != before:
                        return Outcome(f"{query}: {look.name}")
        return Outcome(None, frozenset(n for n in differing if not self._files.is_macro(n)))

    def _remade(self, changed: QueryFile) -> set[str]:
        """Make a changed file and what stands on it, and return those that have other rows than before."""
        differing: set[str] = set()
        for name in self._files.order:
            is_it = name == changed.name
            if name in self._relevant and (is_it or self._files.needs[name] & differing):
                file = changed if is_it else self._files.all[name]
                self._make(file, new=is_it)
                if self._files.is_macro(name) or self._print(name, file) != self._prints[name]:
                    differing.add(name)
        return differing

    def _make(self, file: QueryFile, *, new: bool) -> None:
        """Make a table of the model anew; a view or macro only if its own file is another, a check never."""
        if file.name in self._files.model:
            self._connection.execute(f"drop table temp.{file.name}")
            self._connection.execute(f"create temp table {file.name} as {file.sql}")
        elif new and file.name not in self._files.checks:
            create_view(self._connection, file, temporary=True)

    def _print(self, name: str, file: QueryFile | None = None) -> Any:
        """Return what tells the rows of a query from others, in whatever order they come."""
        file = file or self._files.all[name]
        sql = file.sql if name in self._files.checks else f"from {name}"
        return self._connection.execute(_PRINT.format(sql)).fetchall()

    def _see(self, query: str, changed: QueryFile | None = None) -> list[Any]:
        """Ask a query and return what each of its looks sees."""
        answer = self._answer(query, changed)
        return [look.see(answer) for look in self._looks[query]]

    def _answer(self, query: str, changed: QueryFile | None) -> Answer:
        check = self._files.checks.get(query)
        if check is None:
            return ask(self._connection, query)
        return ask(self._connection, replace(check, file=changed or check.file))

    @contextmanager
    def _undone(self) -> Generator[None]:
        """Undo whatever the block makes."""
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    @contextmanager
    def _patience(self) -> Generator[None]:
        """Stop a query of the block that does not end."""
        timer = Timer(PATIENCE, self._connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
