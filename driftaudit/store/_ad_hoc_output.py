"""How an answer leaves the child process: as a table, CSV, JSON or Parquet, safe to open."""

from __future__ import annotations

import csv
import io
import json
import sys
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from driftaudit.foreign_text import inert, visible
from driftaudit.store.ad_hoc import Outcome, Question

if TYPE_CHECKING:
    import duckdb

BATCH = 10_000
NUMBERS = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
    "bignum", "decimal", "float", "double",
}  # fmt: skip
INERT = NUMBERS | {"boolean", "date", "time", "interval", "uuid", "time with time zone", "null"}
"""Types whose text a person cannot choose, so that no spreadsheet runs them as a formula."""
INSTANTS = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
NOT_IN_PARQUET = {"interval", "union", "bit", "map", "variant", "time with time zone", "bignum"}
"""Types that Polars refuses or changes; they leave as text."""


def write(relation: duckdb.DuckDBPyRelation, question: Question) -> Outcome:
    """Write the answer to stdout; the outcome says how many rows it has, and whether there were more."""
    out = sys.stdout.buffer
    if question.format == "table":
        return _write_table(relation, question, out)
    writer = {"csv": _write_csv, "json": _write_json, "parquet": _write_parquet}[question.format]
    return Outcome(rows=writer(relation, out))


def _write_csv(relation: duckdb.DuckDBPyRelation, out: BinaryIO) -> int:
    foreign = [kind not in INERT for kind in _kinds(relation)]
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    rows = 0
    try:
        writer.writerow(map(inert, relation.columns))
        for rows, row in enumerate(_as_text(relation).iter_rows(BATCH), 1):  # noqa: B007  counts them
            writer.writerow([inert(c) if f and c else c for c, f in zip(row, foreign, strict=True)])
    finally:
        text.detach()
    return rows


def _write_json(relation: duckdb.DuckDBPyRelation, out: BinaryIO) -> int:
    pairs = (f"{_literal(name)}, {cell}" for name, cell in zip(_names(relation), _cells(relation), strict=True))
    objects = relation.project(f"json_object({', '.join(pairs)})::varchar")
    rows = 0
    for (line,) in objects.iter_rows(BATCH):
        out.write((b",\n" if rows else b"[\n") + _valid(line).encode())
        rows += 1
    out.write(b"\n]\n" if rows else b"[]\n")
    return rows


def _write_parquet(relation: duckdb.DuckDBPyRelation, out: BinaryIO) -> int:
    import polars

    cells = [f"#{n}::varchar" if kind in NOT_IN_PARQUET else f"#{n}" for n, kind in enumerate(_kinds(relation), 1)]
    named = (f"{cell} as {_identifier(name)}" for cell, name in zip(cells, _names(relation), strict=True))
    frame = polars.DataFrame(relation.project(", ".join(named)))
    frame.write_parquet(out)
    return frame.height


def _write_table(relation: duckdb.DuckDBPyRelation, question: Question, out: BinaryIO) -> Outcome:
    from driftaudit.store._ad_hoc_table import render

    cap = question.max_rows or sys.maxsize
    if relation.columns == ["explain_key", "explain_value"]:
        plans = relation.fetchall()
        out.write("\n".join(plan for _, plan in plans).encode())
        return Outcome(rows=len(plans))
    numeric = [kind in NUMBERS for kind in _kinds(relation)]
    columns = [visible(name) for name in relation.columns]
    rows = _as_text(relation).limit(min(cap + 1, 2**62)).fetchall()
    shown = [[visible(cell) if cell is not None else "" for cell in row] for row in rows[:cap]]
    out.write(render(columns, numeric, shown, question.width).encode())
    return Outcome(rows=len(shown), more=len(rows) > cap)


def _kinds(relation: duckdb.DuckDBPyRelation) -> list[str]:
    """Return what each column is; JSON counts as text, which it is."""
    return [str(kind.id) for kind in relation.types]


def _names(relation: duckdb.DuckDBPyRelation) -> list[str]:
    """Return the names of the columns, a repeated one numbered: name, name_2."""
    names: list[str] = []
    for name in relation.columns:
        again = (candidate for n in count(1) if (candidate := name if n == 1 else f"{name}_{n}") not in names)
        names.append(next(again))
    return names


def _cells(relation: duckdb.DuckDBPyRelation) -> list[str]:
    """Return one expression per column: instants as 2026-09-30T02:00:04Z, all else as it is."""
    return [_instant(f"#{n}") if kind in INSTANTS else f"#{n}" for n, kind in enumerate(_kinds(relation), 1)]


def _as_text(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    return relation.project(", ".join(f"({cell})::varchar as c{n}" for n, cell in enumerate(_cells(relation))))


def _instant(column: str) -> str:
    moment = f"{column}::timestamp"
    return f"case when isfinite({moment}) then replace(({moment})::varchar, ' ', 'T') || 'Z' else {column}::varchar end"


def _valid(line: str) -> str:
    """Write null for NaN and infinity, which JSON does not have and DuckDB writes all the same."""
    if "NaN" not in line and "Infinity" not in line:
        return line
    return json.dumps(json.loads(line, parse_constant=lambda _: None), ensure_ascii=False, separators=(",", ":"))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
