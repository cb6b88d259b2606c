"""Mutants: a query file with one clause dropped, or one bound moved onto the instant itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from driftaudit.store.query_files import QueryFile
from tests.mutations.edits import edits
from tests.mutations.trees import tree, written

MOST = 100
"""Characters of a clause by which it is known."""
Edit = Callable[[exp.Expr], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one file."""

    file: QueryFile
    """The file as it becomes."""
    place: str
    """The common table expression and column in which the change is."""
    change: str
    """What is dropped or moved, in the file's own words; a number tells apart what is there several times."""

    @property
    def name(self) -> str:
        """Return what tells this mutant from all others."""
        return f"{self.file.name} · {self.place} · {self.change}"


def mutants(file: QueryFile) -> list[Mutant]:
    """Return every mutant of a file; what is written the same as the file, or as another mutant, is none."""
    whole = tree(file)
    seen = {written(file, whole).sql}
    counted: Counter[tuple[str, str]] = Counter()
    found: list[Mutant] = []
    for number, node in enumerate(whole.walk()):
        for edit in edits(node):
            changed = _changed(file, whole, number, edit.apply)
            if changed.sql in seen:
                continue
            seen.add(changed.sql)
            place, told = _place(node), _short(edit.told)
            counted[place, told] += 1
            nth = counted[place, told]
            found.append(Mutant(changed, place, told if nth == 1 else f"{told} (#{nth})"))
    return found


def _changed(file: QueryFile, whole: exp.Expr, number: int, apply: Edit) -> QueryFile:
    """Return the file with an edit applied to the node of that number."""
    copy = whole.copy()
    apply(next(node for n, node in enumerate(copy.walk()) if n == number))
    return written(file, copy)


def _short(told: str) -> str:
    """Return a clause as a list of survivors writes it: a whole subquery is known by its beginning."""
    return told if len(told) <= MOST else f"{told[:MOST]}…"


def _place(node: exp.Expr) -> str:
    """Return the names of the table expression and the column around a node."""
    names = [part for part in _names(node) if part]
    return ".".join(reversed(names)) or "result"


def _names(node: exp.Expr | None) -> Iterator[str]:
    """Yield the names around a node, innermost first: one column and one table expression at most."""
    column = ""
    while node is not None:
        if isinstance(node, exp.Alias) and not column:
            column = node.alias
        if isinstance(node, exp.CTE):
            yield column
            yield node.alias
            return
        node = node.parent
    yield column
    yield "result"
