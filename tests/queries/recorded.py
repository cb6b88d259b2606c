"""Recorded answers: every value that a query gives for the cases, kept as lines, so that no change goes unseen.

The cases say what must be right; the lines show the rest (sentences, names, instants). After a change on purpose, run
`python -m tests.queries.recorded` and read the difference before it is committed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from driftaudit.audit.checks import checks
from tests.queries.cases import Row, all_cases
from tests.queries.runner import Together, asked_together, empty_database
from tests.queries.together import groups, shares

FOLDER = Path(__file__).parent / "recorded"
_LEFT_OUT = {"key", "check", "state", "opened_at", "resolved_at", "exception", "data", "principal", "resource", "role"}
"""What rests on the marks or keys that tell cases apart, or on findings of before; and what stands there twice."""
_SOMEBODY_ELSES = re.compile(r"\bcase\d+\.")
"""A mark that is left: a row in which two cases meet, as they do by an address's last part."""


def lines(asked: Iterable[Together]) -> dict[str, list[str]]:
    """Return for each query a line for each row: of a check for every case, of a view for those that ask it."""
    found: dict[str, list[str]] = {}
    for together in asked:
        for query, by_number in together.rows.items():
            for number, rows in by_number.items():
                case = together.cases[number]
                if query in checks() or query == case.query:
                    found.setdefault(query, []).extend(line(case.name, row) for row in rows)
    return {query: sorted(t for t in told if not _SOMEBODY_ELSES.search(t)) for query, told in found.items()}


def line(case: str, row: Row) -> str:
    """Return one row as a line: every value that says something, under the case's name."""
    told = {name: value for name, value in row.items() if name not in _LEFT_OUT and value not in (None, "", [], {})}
    return json.dumps({"case": case, **told}, default=str, ensure_ascii=False)


def recorded() -> dict[str, list[str]]:
    """Return the lines as they are kept."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in _files()}


def _files() -> Iterator[Path]:
    yield from sorted(FOLDER.glob("*.jsonl"))


def _record() -> None:
    """Keep the lines as they are now."""
    for path in _files():
        path.unlink()
    with empty_database() as connection:
        asked = [asked_together(connection, cases) for cases in groups(filter(shares, all_cases()))]
    for query, told in lines(asked).items():
        (FOLDER / f"{query}.jsonl").write_text("".join(f"{each}\n" for each in told), "utf-8")


if __name__ == "__main__":
    _record()
