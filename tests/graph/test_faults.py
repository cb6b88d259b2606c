"""What fails is asked again, with patience and an end; what comes through in the end is whole."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from typing import Any

import pytest

from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.events import Retried
from driftaudit.graph.failures import BrokenAnswer, DeadlineOver, Unreachable
from driftaudit.graph.patience import Patience
from tests.graph.bench import Bench, ids
from tests.graph.small_server import Reply, Seen, batch_reply, listed, refusal

USERS = "/v1.0/users?$select=id"
WHOLE = listed("a", "b")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Reply(WHOLE.body, wrong="reset"), "connection dropped"),
        (Reply(WHOLE.body, wrong="short"), "connection dropped"),
        (Reply(WHOLE.body, wrong="closed"), "connection dropped"),
        (Reply(WHOLE.raw[:-9]), "answer cut off"),
        (Reply(b""), "answer cut off"),
        (Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), "unreadable answer"),
        (refusal(500, "generalException"), "500"),
        (refusal(502, "badGateway"), "502"),
        (Reply(b"<html>503", 503, {"Content-Type": "text/html"}), "503"),
        (refusal(504, "timeout"), "504"),
        (refusal(429, "TooManyRequests"), "429"),
    ],
)
def test_a_fault_is_asked_again(bench: Bench, fault: Reply, reason: str) -> None:
    bench.server.says(USERS, fault, fault, WHOLE)
    answer = bench.get(USERS)
    assert (ids([answer]), answer.retries) == (["a", "b"], 2)
    assert [event.attempt for event in bench.events if isinstance(event, Retried) and reason in event.reason] == [1, 2]
    assert bench.clock.slept == [1.0, 2.0]


def test_a_late_answer_is_asked_again(bench: Bench) -> None:
    bench.server.says(USERS, Reply(WHOLE.body, wrong="late"), WHOLE)
    bench.patience = Patience(read=0.2)
    assert bench.get(USERS).retries == 1
    assert [event.reason for event in bench.events if isinstance(event, Retried)] == ["time-out"]


def test_a_page_in_the_middle_is_asked_again(bench: Bench) -> None:
    second = "/v1.0/users?$skiptoken=b"
    bench.server.says(USERS, listed("a", then=bench.server.root + second))
    bench.server.says(second, Reply(WHOLE.body, wrong="reset"), listed("b"))
    assert ids(bench.pages(USERS)) == ["a", "b"]


def test_a_refusal_is_not_asked_again(bench: Bench) -> None:
    bench.server.says(USERS, refusal(403, "Authorization_RequestDenied"))
    assert (bench.get(USERS).status, len(bench.server.seen)) == (403, 1)


def test_patience_ends_with_the_last_answer(bench: Bench) -> None:
    bench.server.says(USERS, refusal(503, "serviceNotAvailable"))
    answer = bench.get(USERS)
    assert (answer.status, answer.retries, len(bench.server.seen)) == (503, 9, 10)
    assert bench.clock.slept == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_answer_that_is_always_cut_off_is_an_error(bench: Bench) -> None:
    bench.server.says(USERS, Reply(WHOLE.raw[:-1]))
    with pytest.raises(BrokenAnswer, match=r"/v1\.0/users is cut off"):
        bench.get(USERS)
    assert len(bench.server.seen) == 10


def test_connections_that_always_drop_are_an_error(bench: Bench) -> None:
    bench.server.says(USERS, Reply(wrong="closed"))
    bench.server.says("/v1.0/organization", listed("t"))

    async def both(graph: Graph) -> Answer:
        await graph.get("/v1.0/organization")
        return await graph.get(USERS)

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached: connection dropped \(10 attempts\)"):
        bench.run(both)


def test_no_network_is_told_soon(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match=r"connection refused \(3 attempts\)") as caught:
        bench.run(lambda graph: graph.get(USERS), root=f"http://127.0.0.1:{port}")
    assert caught.value.exit_code == 5
    assert sum(bench.clock.slept) == 3


def test_a_certificate_nobody_knows_is_told_at_once(bench: Bench, strange_https: str) -> None:
    with pytest.raises(Unreachable, match="TLS certificate is not trusted") as caught:
        bench.run(lambda graph: graph.get(USERS), root=strange_https)
    assert ("SSL_CERT_FILE" in caught.value.next_step, bench.clock.slept) == (True, [])


def test_no_proxy_stands_before_this_machine(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    bench.server.says(USERS, WHOLE)
    assert bench.get(USERS).status == 200


def test_the_deadline_ends_the_waiting(bench: Bench) -> None:
    bench.server.says(USERS, refusal(503, "serviceNotAvailable"))
    bench.deadline = 20
    with pytest.raises(DeadlineOver, match="longer than the 20 seconds allowed") as caught:
        bench.get(USERS)
    assert (bench.clock.now <= 20, len(bench.server.seen), caught.value.exit_code) == (True, 5, 5)


def test_the_deadline_ends_a_request_on_its_way(bench: Bench) -> None:
    bench.server.says(USERS, Reply(WHOLE.body, wrong="late"))
    bench.deadline = 0.2
    with pytest.raises(DeadlineOver):
        bench.get(USERS)


def test_a_compressed_answer_is_unpacked(bench: Bench) -> None:
    bench.server.says(USERS, Reply(WHOLE.body, wrong="gzip"))
    assert bench.get(USERS).body == WHOLE.raw


def test_a_count_is_plain_text(bench: Bench) -> None:
    bench.server.says("/v1.0/users/$count", Reply(b"42", headers={"Content-Type": "text/plain"}))
    assert bench.get("/v1.0/users/$count").body == b"42"
    sent = bench.server.seen[0].headers
    assert (sent["accept"], sent["consistencylevel"]) == ("text/plain", "eventual")


def test_the_date_is_the_services(bench: Bench) -> None:
    bench.server.says("/v1.0/a", Reply({}, headers={"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}))
    bench.server.says("/v1.0/b", Reply({}, headers={"Date": ""}))
    bench.server.says("/v1.0/c", Reply({}, headers={"Date": "yesterday"}))

    async def three(graph: Graph) -> list[str]:
        return [(await graph.get(f"/v1.0/{name}")).at for name in "abc"]

    assert bench.run(three) == ["1994-11-06T08:49:37Z"] * 3


@pytest.mark.parametrize("seed", [1, 2])
def test_a_fifth_of_faults_changes_nothing(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)
    faults = [
        Reply(WHOLE.body, wrong="reset"),
        Reply(WHOLE.body, wrong="closed"),
        Reply(WHOLE.raw[:-3]),
        refusal(502, "badGateway"),
        refusal(429, "TooManyRequests", Retry_After="7"),
    ]

    def item(asked: dict[str, Any]) -> dict[str, Any]:
        return {"status": 429} if chance.random() < 0.2 else {"status": 200, "body": {"value": [{"id": asked["url"]}]}}

    def sometimes(good: Callable[[Seen], Reply]) -> Callable[[Seen], Reply]:
        return lambda seen: chance.choice(faults) if chance.random() < 0.2 else good(seen)

    def numbered(n: int) -> Callable[[Seen], Reply]:
        then = f"{bench.server.root}/v1.0/users?p={n + 1}" if n < 60 else None
        return sometimes(lambda seen: listed(str(n), then=then))

    for number in range(61):
        bench.server.says(f"/v1.0/users?p={number}", numbered(number))
    bench.server.says("$batch", sometimes(lambda seen: batch_reply(seen, item)))

    async def both(graph: Graph) -> tuple[list[Answer], list[Answer]]:
        pages = [page async for page in graph.pages("/v1.0/users?p=0")]
        return pages, await graph.batch([f"/v1.0/groups/{n}" for n in range(200)])

    pages, answers = bench.run(both)
    assert ids(pages) == [str(n) for n in range(61)]
    assert ids(answers) == [f"/groups/{n}" for n in range(200)]
    assert sum(isinstance(event, Retried) for event in bench.events) > 30


def test_cancelling_closes_everything(bench: Bench) -> None:
    bench.server.says(USERS, Reply(WHOLE.body, wrong="late"))

    async def stopped(graph: Graph) -> None:
        async with asyncio.timeout(0.1):
            await graph.batch([USERS] * 40)

    bench.server.says("$batch", Reply({"responses": []}, wrong="late"))
    with pytest.raises(TimeoutError):
        bench.run(stopped)
