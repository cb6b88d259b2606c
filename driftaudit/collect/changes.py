"""Changes: which scopes have changed since the service was asked last, by its own word and by who has come back."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from driftaudit.collect.before import listed
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.exports.strict import PageError, decoded
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import BrokenAnswer, PageTokenExpired, Refused

FROM_NOW_ON = "&$deltatoken=latest"
_NOT_FOUND = 404
_AT_ONCE = 160
_UNKNOWN = "the service does not say in which groups those are who have come back"


class Doubt(Exception):
    """What the service says of changes cannot be relied upon; every scope must be read."""


class _Changed(msgspec.Struct, gc=False):
    id: str


class _Changes(msgspec.Struct):
    value: list[_Changed]
    link: str | None = msgspec.field(name="@odata.deltaLink", default=None)


_CHANGES = msgspec.json.Decoder(_Changes)


async def from_now_on(graph: Graph, collection: Collection, file: CollectionFile) -> None:
    """Write down the link that leads to what changes from now on, if the service gives one; a refusal is no harm."""
    try:
        answer = await graph.get(collection.delta + FROM_NOW_ON)
    except BrokenAnswer:
        return
    if answer.status == 200 and link_on(answer.body) is not None:
        _add(file, None, answer)


def link_on(page: bytes | msgspec.Raw) -> str | None:
    """Return the link that a page holds to later changes."""
    try:
        return decoded(_CHANGES, page).link
    except PageError:
        return None


async def changed_since(graph: Graph, link: str, file: CollectionFile) -> set[str]:
    """Return the scopes that have changed in whatever way; raise Doubt unless the service tells it to the end."""
    found, following = set[str](), None
    try:
        async for answer in graph.pages(graph.own(link)):
            page = decoded(_CHANGES, answer.body)
            _add(file, None, answer)
            found.update(each.id.lower() for each in page.value)
            following = page.link
    except (Refused, PageTokenExpired) as failure:
        raise Doubt("the service no longer knows what has changed since") from failure
    except (BrokenAnswer, PageError) as failure:
        raise Doubt("the service's answer about what has changed cannot be read") from failure
    if following is None:
        raise Doubt("the service does not say from where to go on")
    return found


async def holding(graph: Graph, appeared: Iterable[tuple[str, str]], file: CollectionFile) -> set[str]:
    """Return in which scopes those stand who have come back to a list: that is no change of a scope."""
    asked, found = sorted(appeared), set[str]()
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        requests = [_membership(name, object_id) for name, object_id in some]
        try:
            answers = await graph.batch(requests)
        except BrokenAnswer as failure:
            raise Doubt(_UNKNOWN) from failure
        for (_, object_id), request, answer in zip(some, requests, answers, strict=True):
            if answer.status != _NOT_FOUND:  # gone again
                found |= await _groups(graph, object_id, request, answer, file)
    return found


async def _groups(graph: Graph, object_id: str, request: str, first: Answer, file: CollectionFile) -> set[str]:
    """Return of what one object is a member."""
    found = set[str]()
    try:
        async for answer in graph.pages(request, first):
            found.update(each.id.lower() for each in listed(answer.body))
            _add(file, object_id, answer)
    except (Refused, PageTokenExpired, BrokenAnswer, PageError) as failure:
        raise Doubt(_UNKNOWN) from failure
    return found


def _membership(name: str, object_id: str) -> str:
    """Return the request for what an object of a collection is a member of."""
    path = collections()[name].request.partition("?")[0].rpartition("/")[2]
    return f"/beta/{path}/{object_id}/memberOf?$select=id&$top=999"


def _add(file: CollectionFile, scope: str | None, answer: Answer) -> None:
    file.add(scope, answer.request, answer.at, answer.body)
