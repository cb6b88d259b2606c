"""`$filter`: comparisons joined by `and`, of which some may be several in brackets joined by `or`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.fake_graph.refusals import malformed

COMPARISON = re.compile(r"^\(?\s*([\w/]+)\s+(eq|ne|ge|gt|le|lt)\s+('(?:[^']|'')*'|[\w:.+-]+)\s*\)?$")
FUNCTION = re.compile(r"^(startswith|endswith)\(\s*([\w/]+)\s*,\s*('(?:[^']|'')*')\s*\)$", re.IGNORECASE)
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dt[\d:.]+z$")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison."""

    path: tuple[str, ...]
    operator: str
    value: Any

    @property
    def advanced(self) -> bool:
        """Tell whether only the index of advanced queries can answer it."""
        return self.operator in ("ne", "endswith")

    def holds(self, record: dict[str, Any]) -> bool:
        """Tell whether a record meets it."""
        found: Any = record
        for part in self.path:
            found = found.get(part) if isinstance(found, dict) else None
        found = found.lower() if isinstance(found, str) else found
        if self.operator not in ("eq", "ne") and not isinstance(found, type(self.value)):
            return False
        if INSTANT.match(str(self.value)):
            return COMPARE[self.operator](str(found).rstrip("z"), self.value.rstrip("z"))
        return COMPARE[self.operator](found, self.value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Comparisons of which one must hold; mostly there is but one."""

    choices: tuple[Condition, ...]

    def holds(self, record: dict[str, Any]) -> bool:
        """Tell whether a record meets one of them."""
        return any(condition.holds(record) for condition in self.choices)


@lru_cache(1024)
def conditions(text: str) -> tuple[OneOf, ...]:
    """Return what a filter asks for."""
    return tuple(_one_of(part) for part in _split(text, "and"))


def compared(text: str | None) -> tuple[Condition, ...]:
    """Return every comparison of a filter."""
    return tuple(condition for each in conditions(text or "") for condition in each.choices)


def _one_of(text: str) -> OneOf:
    """Return what must hold: one comparison, or one of those in the brackets."""
    inside = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    choices = _split(inside, "or")
    if (len(choices) > 1 and inside is text) or text.count("(") != text.count(")"):
        raise malformed(f"Invalid filter clause: '{text}'")
    return OneOf(tuple(map(_condition, choices)))


def _split(text: str, word: str) -> list[str]:
    """Return what a word joins, but for where it stands in brackets or in quotes."""
    parts, begun = [], ""
    for piece in re.split(rf"\s+{word}\s+", text.strip()):
        begun = f"{begun} {word} {piece}" if begun else piece
        if begun.count("(") == begun.count(")") and begun.count("'") % 2 == 0:
            parts.append(begun.strip())
            begun = ""
    return [part for part in (*parts, begun) if part]


def _condition(text: str) -> Condition:
    if found := COMPARISON.match(text):
        path, name, value = found.groups()
    elif found := FUNCTION.match(text):
        name, path, value = found.groups()
    else:
        raise malformed(f"Invalid filter clause: '{text}'")
    return Condition(tuple(path.split("/")), name.lower(), _literal(value))


def _literal(text: str) -> Any:
    """Return a value as it is compared: texts in lower case."""
    known = {"true": True, "false": False, "null": None}
    return known[text] if text in known else text.strip("'").replace("''", "'").lower()
