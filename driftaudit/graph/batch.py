"""Batches: 20 requests in one POST, answered in any order, each with a status of its own."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from driftaudit.graph.address import encoded, service_of, version_of
from driftaudit.graph.answer import Answer
from driftaudit.graph.envelope import BatchItem, batch_items
from driftaudit.graph.events import Retried
from driftaudit.graph.exchange import Asked, Exchange
from driftaudit.graph.patience import RETRIED

SIZE = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Settled:
    """What came of one item: an answer if there was one, and why it should be asked again."""

    index: int
    answer: Answer | None
    again: str | None = None


async def ask_in_batches(
    exchange: Exchange, requests: Sequence[str], headers: Mapping[str, str]
) -> list[Answer | None]:
    """Return the answers in the order of the requests; None for one that was never answered in a batch."""
    answers: list[Answer | None] = [None] * len(requests)
    waiting = list(range(len(requests)))
    for sent in itertools.count(1):
        posts = [_post(exchange, requests, chunk, headers, sent) for chunk in _chunks(requests, waiting)]
        waiting = []
        for settled in itertools.chain.from_iterable(await together(posts)):
            answers[settled.index] = settled.answer or answers[settled.index]
            status = settled.answer.status if settled.answer else None
            if settled.again and sent < exchange.patience.attempts_for(status):
                waiting.append(settled.index)
                exchange.told(Retried(service_of(requests[settled.index]), settled.again, sent))
        if not waiting:
            return answers
        await exchange.rest(sent)
    raise AssertionError


async def together(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Return what all of the work gives; the first error stops the rest."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _chunks(requests: Sequence[str], waiting: Sequence[int]) -> Iterator[list[int]]:
    """Yield up to 20 indexes at a time, those of one version and one service together."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in waiting:
        alike[version_of(requests[index]), service_of(requests[index])].append(index)
    for indexes in alike.values():
        for start in range(0, len(indexes), SIZE):
            yield indexes[start : start + SIZE]


async def _post(
    exchange: Exchange, requests: Sequence[str], chunk: Sequence[int], headers: Mapping[str, str], sent: int
) -> list[_Settled]:
    """Send one batch and settle its items."""
    path = f"/{version_of(requests[chunk[0]])}/$batch"
    content = _content([requests[index] for index in chunk], headers)
    asked = Asked(
        path,
        exchange.root.url(path),
        service_of(requests[chunk[0]]),
        {**headers, "content-type": "application/json"},
        content,
    )
    used = await exchange.token.text()
    outer, items = await exchange.ask(asked, batch_items)
    if items is None:
        return [_Settled(index, _answer(requests[index], outer, None, sent)) for index in chunk]
    by_id = {item.id: item for item in reversed(items)}
    return [
        await _settle(exchange, index, requests[index], outer, by_id.get(str(number)), used, sent)
        for number, index in enumerate(chunk, 1)
    ]


def _content(requests: Sequence[str], headers: Mapping[str, str]) -> bytes:
    """Return the body of a batch; addresses in it have no version."""
    items = [
        {"id": str(number), "method": "GET", "url": _relative(request), "headers": headers}
        for number, request in enumerate(requests, 1)
    ]
    return msgspec.json.encode({"requests": items})


def _relative(request: str) -> str:
    return encoded(request).removeprefix(f"/{version_of(request)}")


async def _settle(
    exchange: Exchange, index: int, request: str, outer: Answer, item: BatchItem | None, used: str, sent: int
) -> _Settled:
    """Judge one item: answered for good, or to be asked again."""
    if item is None:
        return _Settled(index, None, "no answer in a batch")
    answer = _answer(request, outer, item, sent)
    exchange.heed(answer.headers, item.status, outer.at)
    if item.status in RETRIED:
        return _Settled(index, answer, f"{item.status} in a batch")
    if item.status == 401 and await exchange.token.is_renewed(used, answer):
        return _Settled(index, answer, "sign-in renewed")
    return _Settled(index, answer)


def _answer(request: str, outer: Answer, item: BatchItem | None, sent: int) -> Answer:
    """Return an item as an answer of its own; where the whole batch was refused, so was each item."""
    if item is None:
        return Answer(request, outer.status, outer.body, outer.headers, outer.at, outer.retries + sent - 1)
    headers = {name.lower(): str(value) for name, value in (item.headers or {}).items()}
    return Answer(request, item.status, bytes(item.body), headers, outer.at, outer.retries + sent - 1)
