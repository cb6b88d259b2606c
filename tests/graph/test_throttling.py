"""What the service asks for is given: one pause for all, less speed near the limit, few calls at once."""

from __future__ import annotations

import asyncio

import pytest

from driftaudit.graph.client import Graph
from driftaudit.graph.events import Event, Throttled
from driftaudit.graph.failures import DeadlineOver
from driftaudit.graph.gate import Gate
from driftaudit.graph.patience import retry_after
from tests.graph.bench import Bench, FakeClock
from tests.graph.small_server import AT, Reply, Seen, listed, refusal

USERS = "/v1.0/users"


@pytest.mark.parametrize(
    ("said", "waits"),
    [("5", 5), ("200", 200), ("7200", 7200), ("Wed, 30 Sep 2026 02:05:04 GMT", 300)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(bench: Bench, said: str, waits: float, status: int) -> None:
    bench.server.says(USERS, refusal(status, "TooManyRequests", Retry_After=said), listed("a"))
    assert bench.get(USERS).retries == 1
    assert bench.clock.now == waits
    assert [event for event in bench.events if isinstance(event, Throttled)] == [Throttled(waits)]


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("3", 3),
        ("2.5", 2),
        ("0", 0),
        ("Wed, 30 Sep 2026 01:00:00 GMT", 0),
        ("9" * 400, 999999999),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 99 Sep 2026", None),
    ],
)
def test_retry_after_is_read_with_care(said: str, waits: float | None) -> None:
    assert retry_after({"retry-after": said}, AT) == waits


def test_a_pause_is_for_all(bench: Bench) -> None:
    asked_at: list[float] = []

    def noted(seen: Seen) -> Reply:
        asked_at.append(bench.clock.now)
        return listed("b")

    bench.server.says(USERS, refusal(429, "TooManyRequests", Retry_After="200"), listed("a"))
    bench.server.says("/v1.0/groups", noted)

    async def after(graph: Graph) -> None:
        first = asyncio.ensure_future(graph.get(USERS))
        while not any(isinstance(event, Throttled) for event in bench.events):
            await asyncio.sleep(0.001)
        await asyncio.gather(first, *(graph.get("/v1.0/groups") for _ in range(5)))

    bench.run(after)
    assert len(asked_at) == 5
    assert min(asked_at) >= 200


def test_throttling_without_end_ends(bench: Bench) -> None:
    bench.server.says(USERS, refusal(429, "TooManyRequests", Retry_After="0"))
    answer = bench.get(USERS)
    assert (answer.status, len(bench.server.seen)) == (429, 30)
    assert bench.clock.now > 1000


def test_a_pause_beyond_the_deadline_is_not_waited_for(bench: Bench) -> None:
    bench.deadline = 600
    bench.server.says(USERS, refusal(429, "TooManyRequests", Retry_After="3600"), listed("a"))
    with pytest.raises(DeadlineOver, match="10 minutes"):
        bench.get(USERS)
    assert bench.clock.now < 600


def test_near_the_limit_it_goes_slower_and_then_faster_again() -> None:
    clock = FakeClock()
    gate = Gate(clock, None, lambda event: None)

    async def seconds(times: int) -> float:
        before = clock.now
        for _ in range(times):
            await gate.passed()
        return clock.now - before

    async def through() -> list[float]:
        free = await seconds(10)
        gate.heed({"x-ms-throttle-limit-percentage": "0.79"})
        below = await seconds(10)
        gate.heed({"x-ms-throttle-limit-percentage": "0.9"})
        near = await seconds(11)
        gate.heed({"x-ms-throttle-limit-percentage": "1.4"})
        over = await seconds(11)
        for _ in range(9):
            gate.ease()
        return [free, below, near, over, await seconds(1) and await seconds(10)]

    free, below, near, over, eased = asyncio.run(through())
    assert (free, below, eased) == (0, 0, 0)
    assert 1.9 < near < over


@pytest.mark.parametrize("nonsense", ["nan", "-1", "inf", "many", ""])
def test_nonsense_about_the_limit_is_ignored(nonsense: str) -> None:
    clock = FakeClock()
    gate = Gate(clock, None, lambda event: None)
    gate.heed({"x-ms-throttle-limit-percentage": nonsense})
    asyncio.run(gate.passed())
    asyncio.run(gate.passed())
    assert clock.now == 0


def test_an_answer_near_the_limit_slows_the_next_down(bench: Bench) -> None:
    near = {"x-ms-throttle-limit-percentage": "1.2"}
    bench.server.says(USERS, Reply({"value": []}, headers=near))

    async def four(graph: Graph) -> None:
        for _ in range(4):
            await graph.get(USERS)

    bench.run(four)
    assert bench.clock.now == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1.0/identityGovernance/entitlementManagement/catalogs", 4),
        ("/beta/identityGovernance/accessReviews/definitions", 4),
        ("/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules", 4),
        ("/v1.0/groups", 6),
    ],
)
def test_each_service_has_its_own_number_of_calls_at_once(bench: Bench, path: str, most: int) -> None:
    bench.concurrency = 6
    bench.server.says(path, Reply({"value": []}, wrong="late"))

    async def many(graph: Graph) -> None:
        await asyncio.gather(*(graph.get(path) for _ in range(8)))

    bench.run(many)
    assert bench.server.most_at_once == most


def test_nobody_is_told_of_a_pause_that_is_shorter() -> None:
    told: list[Event] = []
    gate = Gate(FakeClock(), None, told.append)
    for seconds in (30, 10, 30, 40):
        gate.pause(seconds)
    assert told == [Throttled(30), Throttled(40)]
