"""`$batch`: up to twenty requests in one, each with its own answer, in any order."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tests.fake_graph.refusals import JSON, malformed
from tests.fake_graph.wire import Reply, Request

AT_MOST = 20


class Item(msgspec.Struct):
    """One request of a batch."""

    id: str
    method: str
    url: str
    headers: dict[str, str] = {}


class Batch(msgspec.Struct):
    """What is posted."""

    requests: list[Item]


def answered(request: Request, version: str, answer: Callable[[Request], Reply]) -> Reply:
    """Return the answer to a batch: 200, whatever became of its requests."""
    items = list(_items(request.body))
    outer = {name: value for name, value in request.headers.items() if name in ("authorization", "client-request-id")}
    answers = [_answer(item, version, outer, answer) for item in items]
    random.Random(zlib.crc32(request.body)).shuffle(answers)
    return Reply(200, {"content-type": JSON}, msgspec.json.encode({"responses": answers}))


def _items(body: bytes) -> Iterator[Item]:
    """Yield the requests of a batch; refuses one that is none, too long, or names two alike."""
    try:
        items = msgspec.json.decode(body, type=Batch).requests
    except msgspec.DecodeError as wrong:
        raise malformed(f"Invalid batch payload format: {wrong}") from wrong
    if not items:
        raise malformed("Batch must contain at least one request.")
    if len(items) > AT_MOST:
        raise malformed(f"Number of batch requests exceeds the limit of {AT_MOST}.")
    if len({item.id.lower() for item in items}) < len(items):
        raise malformed("Request ids of a batch must be unique.")
    if not all(item.url.startswith("/") for item in items):
        raise malformed("Invalid batch payload format: the url of a request must be relative to the service.")
    yield from items


def _answer(item: Item, version: str, outer: dict[str, str], answer: Callable[[Request], Reply]) -> dict[str, Any]:
    """Return what became of one request."""
    headers = outer | {name.lower(): value for name, value in item.headers.items()}
    reply = answer(Request(item.method, f"/{version}{item.url}", headers))
    sent = {"Content-Type": reply.headers["content-type"]}
    if "retry-after" in reply.headers:
        sent["Retry-After"] = reply.headers["retry-after"]
    is_json = "json" in reply.headers["content-type"]
    return {
        "id": item.id,
        "status": reply.status,
        "headers": sent,
        "body": msgspec.Raw(reply.body) if is_json else reply.body.decode(),
    }
