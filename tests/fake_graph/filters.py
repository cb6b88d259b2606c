"""`$filter`: comparisons joined by `and`, which is what collecting needs of it."""

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
        return COMPARE[self.operator](found, self.value)


@lru_cache(1024)
def conditions(text: str) -> tuple[Condition, ...]:
    """Return what a filter asks for."""
    return tuple(_condition(part.strip()) for part in re.split(r"\s+and\s+", text))


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
