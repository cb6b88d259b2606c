"""What an answer says it holds, so that another collection's records are refused even where their fields would fit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.exports.strict import PageError

ANNOUNCING = "@odata.type"
_GRAPH = "microsoft.graph."
_INNERMOST = re.compile(r"\([^()]*\)")
_OF_ANYBODY = {"members", "owners", "internalSponsors", "externalSponsors"}
_ANYBODY = {"users", "groups", "servicePrincipals"}
"""Lists of directory objects announce themselves by what they happen to hold."""


def refuse_other(collection: Collection, context: str | None, records: Iterable[Any]) -> None:
    """Raise PageError if the answer, or a record in it, says that it is of another collection than this."""
    own = _asked_for(collection.request, collection.lists)
    told = {_listed(context)} if context else set()
    if own <= _OF_ANYBODY:
        told -= _ANYBODY
    else:
        told |= {_plural(name) for name in {record.f__odata_type for record in records}}
    other = sorted((told & _all()) - own)
    if other:
        raise PageError(f"it says that it holds {other[0]}, not {' or '.join(sorted(own))}")


@cache
def _all() -> frozenset[str]:
    """Return what the answers of all collections are lists of, in the service's words."""
    return frozenset().union(*(_asked_for(c.request, c.lists) for c in collections().values()))


@cache
def _asked_for(request: str, lists: tuple[str, ...]) -> frozenset[str]:
    """Return what a request asks for: its lists, else the last word of its path or the type that it is narrowed to."""
    if lists:
        return frozenset(lists)
    word = [part for part in request.partition("?")[0].split("/") if "{" not in part][-1]
    return frozenset({_plural(word) if word.startswith(_GRAPH) else word})


@lru_cache(maxsize=4096)
def _listed(context: str) -> str:
    """Return the last word of a context such as `...$metadata#groups('1')/members(id)/$entity`: members."""
    path = context.rpartition("#")[2].removesuffix("/$entity")
    while (shorter := _INNERMOST.sub("", path)) != path:
        path = shorter
    return path.rpartition("/")[2]


def _plural(name: Any) -> str:
    """Return `#microsoft.graph.user` as users."""
    return f"{str(name).removeprefix('#').removeprefix(_GRAPH)}s"
