"""A TOML file that people write: its values, and the line on which each of them stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from driftaudit.errors import UsageError

_NO_CODE = re.compile(
    r'(?P<long>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5})|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(?P<comment>\#[^\n]*)',
    re.DOTALL,
)
_HEADING = re.compile(r"\s*(\[\[?)\s*([^\[\],]+?)\s*\]\]?\s*")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*[.=]""", re.ASCII)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """One file: where it is, its text and what the text says."""

    path: Path
    text: str
    values: dict[str, Any]


def read_toml(path: Path) -> TomlFile:
    """Read a file, or say in one sentence why it cannot be done."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check its path and permissions.") from None
    return parse_toml(path, text)


def parse_toml(path: Path, text: str) -> TomlFile:
    """Read a text as the file's, or name the line that is no TOML."""
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        last = f"at line {text.rstrip().count(chr(10)) + 1}, the last one"
        happened = str(error).replace("at end of document", last)
        raise UsageError(f"{path} is not valid TOML: {happened}.", "Correct that line.") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """Advise the known name that is most like a wrong one, or tell all that are known."""
    known = tuple(known)
    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."


def lines_of(text: str, name: str) -> list[dict[str, int]]:
    """Return, for each table `[[name]]`, the line of each of its keys and under "" that of its heading."""
    found: list[dict[str, int]] = []
    inside = False
    for number, line in enumerate(_NO_CODE.sub(_blanked, text).split("\n"), 1):
        if heading := _HEADING.fullmatch(line):
            inside = heading[1] == "[[" and heading[2].strip("\"'") == name
            if inside:
                found.append({"": number})
        elif inside and (key := _KEY.match(line)):
            found[-1].setdefault(key[1].strip("\"'"), number)
    return found


def line_of(text: str, table: str, key: str) -> int:
    """Return the line that sets the key, or the line of its table where it is spelled another way."""
    found, inside = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[+\s*([^\]\s]+)\s*\]", line)
        inside = heading[1] == table if heading else inside
        if heading and inside:
            found = number
        if re.match(rf"\s*{re.escape(key or table)}\s*=", line) and (inside or not key):
            return number
    return found


def _blanked(found: re.Match[str]) -> str:
    """Take away comments and what looks like lines of the file inside a long text."""
    if found["comment"]:
        return ""
    return "\n" * found[0].count("\n") if found["long"] else found[0]
