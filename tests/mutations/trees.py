"""Query files as syntax trees, and back as statements that answer the same."""

from __future__ import annotations

from dataclasses import replace

import sqlglot
from sqlglot import exp

from driftaudit.store.query_files import QueryFile

DIALECT = "duckdb"
_ROWS = ("select", "with", "from")


def tree(file: QueryFile) -> exp.Expr:
    """Return a file's statement as a tree; what a macro computes stands in a select of its own."""
    sql = file.sql if _is_select(file) else f"select {file.sql}"
    (found,) = sqlglot.parse(sql, dialect=DIALECT)
    if found is None or found.find(exp.Command):
        raise ValueError(f"{file.name} cannot be read as a tree")
    return found


def written(file: QueryFile, of: exp.Expr) -> QueryFile:
    """Return the file with a tree of its statement written out, under the same header."""
    shown = of if _is_select(file) else of.expressions[0]
    header = [line for line in file.text.splitlines() if line.startswith("-- ")]
    return replace(file, text="\n".join([*header, shown.sql(dialect=DIALECT, comments=False)]))


def clause(node: exp.Expr) -> str:
    """Return a clause in one line, as the trees write it."""
    return node.sql(dialect=DIALECT, comments=False)


def _is_select(file: QueryFile) -> bool:
    return file.sql.split(None, 1)[0].lower() in _ROWS
