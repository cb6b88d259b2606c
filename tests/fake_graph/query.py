"""Query options: what a request asks for, taken apart as strictly as the service does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from tests.fake_graph.refusals import malformed


@dataclass(frozen=True, slots=True)
class Expand:
    """One relation that is asked for, with what is asked of it."""

    name: str
    select: tuple[str, ...] | None = None
    expand: tuple[Expand, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one request."""

    names: frozenset[str] = frozenset()
    select: tuple[str, ...] | None = None
    expand: tuple[Expand, ...] = ()
    filter: str | None = None
    order: str | None = None
    top: int | None = None
    skip: int = 0
    count: bool = False
    token: str | None = None
    delta: str | None = None
    """The token of a list of changes, or `latest`."""


@lru_cache(4096)
def parsed(query: str) -> Options:
    """Return the options of a query."""
    given: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        name = unquote_plus(name)
        if name in given:
            raise malformed(
                f"Query option '{name}' was specified more than once, but it must be specified at most once."
            )
        given[name] = unquote_plus(value)
    return Options(
        frozenset(given) - {"$skiptoken", "$deltatoken"},
        _select(given["$select"]) if "$select" in given else None,
        tuple(_expands(given["$expand"])) if "$expand" in given else (),
        given.get("$filter"),
        given.get("$orderby"),
        _number("$top", given["$top"]) if "$top" in given else None,
        _number("$skip", given.get("$skip", "0")),
        given.get("$count") == "true",
        given.get("$skiptoken"),
        given.get("$deltatoken"),
    )


def without_token(query: str) -> str:
    """Return a query as it was before a page token joined it."""
    return "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) != "$skiptoken")


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise malformed(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def _select(text: str) -> tuple[str, ...]:
    fields = tuple(field.strip() for field in text.split(","))
    if not all(fields):
        raise malformed("Parsing OData Select and Expand failed: Term '' is not valid in a $select expression.")
    return fields


def _expands(text: str) -> Iterator[Expand]:
    """Yield the relations of an expand, with what stands in their brackets."""
    for part in split_outside(text, ","):
        name, opened, rest = part.strip().partition("(")
        if not name or (opened and not rest.endswith(")")):
            raise malformed(f"Parsing OData Select and Expand failed: '{part}' is not valid in a $expand expression.")
        yield _expand(name, rest.removesuffix(")"))


def _expand(name: str, inner: str) -> Expand:
    """Return one relation with its own options, which are joined by semicolons."""
    select: tuple[str, ...] | None = None
    expand: tuple[Expand, ...] = ()
    for option in filter(None, split_outside(inner, ";")):
        key, _, value = option.partition("=")
        if key == "$select":
            select = _select(value)
        elif key == "$expand":
            expand = tuple(_expands(value))
        else:
            raise malformed(f"Parsing OData Select and Expand failed: option '{key}' is not valid in $expand.")
    return Expand(name, select, expand)


def split_outside(text: str, separator: str) -> list[str]:
    """Split at a separator that stands in no brackets and in no quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, sign in enumerate(text):
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign == "(") - (sign == ")")
        if sign == separator and depth == 0 and not quoted:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
