"""SQL files: a header of comments, one statement, and the order in which they need each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from driftaudit.bundled import folder
from driftaudit.errors import UsageError

_HEADER = re.compile(r"^-- (\w+)(?: (\w+))?: ?(.*)$")
_COMMENT = re.compile(r"--[^\n]*")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"(?<![\w.\"'])([a-z_][a-z0-9_]*)(?![\w.])")


@dataclass(frozen=True)
class QueryFile:
    """One .sql file."""

    name: str
    path: Path
    text: str

    @cached_property
    def header(self) -> dict[str, str]:
        """Return the header's values by key, in lines of the form `-- key: value`; several lines of one key add up."""
        values: dict[str, list[str]] = {}
        for key, name, value in self._lines:
            if not name:
                values.setdefault(key, []).append(value)
        return {key: ", ".join(told) for key, told in values.items()}

    def named(self, key: str) -> dict[str, str]:
        """Return the header's named values, in lines of the form `-- key name: value`."""
        return {name: value for found, name, value in self._lines if found == key and name}

    @cached_property
    def sql(self) -> str:
        """Return the statement without its comments, ready to stand inside another."""
        return _COMMENT.sub("", self.text).strip().rstrip(";")

    @property
    def sha256(self) -> str:
        """Return the hash of the whole file, so that a finding can be traced to the query that made it."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def meaning(self) -> str:
        """Return the first comment: what one row is."""
        first = self.text.split("\n", 1)[0]
        return first.removeprefix("--").strip() if first.startswith("--") else ""

    @cached_property
    def words(self) -> set[str]:
        """Return every bare word of the statement."""
        return words(self.sql)

    @cached_property
    def _lines(self) -> list[tuple[str, str, str]]:
        """Return the header's lines as (key, name, value)."""
        return [(m[1], m[2] or "", m[3].strip()) for line in self.text.splitlines() if (m := _HEADER.match(line))]


def words(sql: str) -> set[str]:
    """Return every bare word of a statement; what stands in quotes or follows a dot is no name of ours."""
    return set(_WORD.findall(_LITERAL.sub("", sql)))


@cache
def bundled_queries(name: str) -> Mapping[str, QueryFile]:
    """Return the SQL files of one of the folders that driftaudit brings along, by name."""
    return MappingProxyType(read_folder(folder("queries") / name))


def read_folder(place: Path) -> dict[str, QueryFile]:
    """Return the SQL files below a folder by name; two of one name are an error."""
    files: dict[str, QueryFile] = {}
    for path in sorted(place.rglob("*.sql")):
        if path.stem in files:
            raise UsageError(f"{path} and {files[path.stem].path} have the same name.", "Rename one of them.")
        files[path.stem] = QueryFile(path.stem, path, path.read_text(encoding="utf-8"))
    return files


def in_order(files: Mapping[str, QueryFile]) -> Iterable[QueryFile]:
    """Return the files so that each comes after all that it mentions."""
    graph = {name: (file.words & files.keys()) - {name} for name, file in files.items()}
    try:
        return [files[name] for name in TopologicalSorter(dict(sorted(graph.items()))).static_order()]
    except CycleError as error:
        raise UsageError(f"The queries {', '.join(error.args[1])} need each other.", "Break the circle.") from error
