"""Rows as text for a terminal: side by side where they fit, one under the other where they do not."""

from __future__ import annotations

import io
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GUTTER = 3
"""Columns of a terminal between two columns of a table."""
NARROWEST = 12
"""Columns of a terminal that one column of a table needs to be of use."""
UNLIMITED = 100_000


def render(columns: list[str], numeric: list[bool], rows: list[list[str]], width: int | None) -> str:
    """Return the rows as text no wider than the terminal, or as wide as they are without one."""
    room = width or UNLIMITED
    widths = [min(room, max(map(cell_len, cells))) for cells in zip(columns, *rows, strict=True)]
    widest = _widest(widths, room - GUTTER * (len(widths) - 1))
    if widest < min(NARROWEST, max(widths)):
        return _stacked(columns, rows)
    return _side_by_side(columns, numeric, [min(needed, widest) for needed in widths], rows)


def _widest(widths: list[int], room: int) -> int:
    """Return how wide a column may be so that all of them fit, or 0."""
    fitting = (widest for widest in range(max(widths), 0, -1) if sum(min(w, widest) for w in widths) <= room)
    return next(fitting, 0)


def _side_by_side(columns: list[str], numeric: list[bool], widths: list[int], rows: list[list[str]]) -> str:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, number, width in zip(columns, numeric, widths, strict=True):
        side: Literal["right", "left"] = "right" if number else "left"
        table.add_column(Text(name), justify=side, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=UNLIMITED, color_system=None, legacy_windows=False)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _stacked(columns: list[str], rows: list[list[str]]) -> str:
    margin = max(map(len, columns))
    records = (
        "\n".join(f"{name:<{margin}}  {cell}".rstrip() for name, cell in zip(columns, row, strict=True)) for row in rows
    )
    return "".join(f"-- {number} --\n{record}\n" for number, record in enumerate(records, 1))
