"""Collecting: little more work than saving the bytes, twenty groups per call, and memory that does not grow."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from driftaudit.collect import Services, Wanted, collect
from driftaudit.collect.requests import request_for
from driftaudit.collectors import collections
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.client import Graph
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure, spent
from tests.collect.runs import Fixed, Seen
from tests.fake_graph import Manners
from tests.fake_graph.apart import Apart, serving_apart
from tests.fake_graph.generated import Generated

RUNS = 3
TIMES_BARE_LONG, TIMES_BARE_SHORT = 2.5, 1.5
CALLS_PER_TWENTY = 1.1
MEMORY_MB, GROWTH_MB = 400, 60
GROUPS = 50_000
FEW, MANY = 1_000_000, 5_000_000
IN_A_GROUP = 20_000
NO_EMPTY_PAGES = Manners(empty_pages=False)
NEXT_LINK = b'"@odata.nextLink":"'
MEMBERS_OF_ALL = """
import asyncio, sys
from pathlib import Path
from tests.benchmarks.bench_collect import collected

place = Path(sys.argv[3])
asyncio.run(collected(sys.argv[1], sys.argv[2], place / "exports", "group_members"))
(held,) = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
(place / "memory").write_text(held)
"""


@dataclass(frozen=True)
class Compared:
    """One collection, the tenant from which it is read, and how much more than the bare loop it may cost."""

    name: str
    tenant: Generated
    limit: float
    page: int


COMPARED = (
    Compared("users", Generated(people=160_000), TIMES_BARE_SHORT, 100),
    Compared("groups", Generated(groups=400_000), TIMES_BARE_LONG, 999),
    Compared("group_members", Generated(people=400_000, groups=1, members=400_000), TIMES_BARE_LONG, 999),
)


async def collected(url: str, token: str, exports: Path, name: str) -> Path:
    """Return the export of one collection, and of what it stands on."""
    async with Graph(url, Fixed(token)) as graph:
        return await collect(Services(graph), None, Wanted(exports, only=(name,)), Seen())


async def saved(url: str, token: str, request: str, target: Path) -> int:
    """Save the bytes of every page as plainly as can be; return how many pages there were."""
    import httpx

    following, pages = f"{url}{request}", 0
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}) as client:
        with target.open("wb") as file:
            while following:
                body = (await client.get(following)).content
                file.write(body)
                file.flush()
                start, pages = body.find(NEXT_LINK) + len(NEXT_LINK), pages + 1
                following = body[start : body.find(b'"', start)].decode() if NEXT_LINK in body else ""
    return pages


@pytest.fixture
def packing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the processor time of every packing: compression happens once at the end, whatever came before."""
    noted, pack = [], CollectionFile.pack

    def timed(self: CollectionFile) -> Path:
        began = time.process_time()
        packed = pack(self)
        noted.append(time.process_time() - began)
        return packed

    monkeypatch.setattr(CollectionFile, "pack", timed)
    return noted


@pytest.mark.parametrize("compared", COMPARED, ids=lambda c: c.name)
def test_collecting_costs_little_more_than_saving_the_bytes(
    compared: Compared, place: Path, measured: Measured, packing: list[float]
) -> None:
    with serving_apart(compared.tenant, manners=NO_EMPTY_PAGES) as fake:
        both = [_pair(fake, compared, place / str(number), packing) for number in range(RUNS)]
    ours, bare, pages = min(b[0] for b in both), min(b[1] for b in both), both[0][2]
    told = f"{compared.name}, {pages} pages of {compared.page}"
    measured(Figure(f"saving {told}", bare, "s"))
    measured(Figure(f"packing {told}", min(b[3] for b in both), "s"))
    measured(Figure(f"collecting {told}, against saving", ours / bare, "x", compared.limit))


def _pair(fake: Apart, compared: Compared, place: Path, packing: list[float]) -> tuple[float, float, int, float]:
    """Return what collecting costs without packing, what saving costs, the pages, and the packing."""
    place.mkdir()
    packing.clear()
    began = time.process_time()
    asyncio.run(collected(fake.url, fake.token(), place, compared.name))
    ours, packed = time.process_time() - began, sum(packing)
    group = next(iter(compared.tenant.records("/groups") or ()))["id"]
    request = request_for(collections()[compared.name], group)
    began = time.process_time()
    pages = asyncio.run(saved(fake.url, fake.token(), request, place / "saved"))
    return ours - packed, time.process_time() - began, pages, packed


def test_twenty_groups_are_one_call(place: Path, measured: Measured) -> None:
    with serving_apart(Generated(groups=GROUPS), manners=NO_EMPTY_PAGES) as fake:
        asyncio.run(collected(fake.url, fake.token(), place, "group_members"))
        asked = fake.requests
    calls = sum(not a.batched and not a.path.endswith("/$count") for a in asked)
    lists = sum(not a.batched and a.path.endswith("/groups") for a in asked)
    assert sum(a.batched for a in asked) == GROUPS
    measured(Figure(f"calls per 20 of {GROUPS} groups", (calls - lists) / (GROUPS / 20), "", CALLS_PER_TWENTY))


def test_memory_does_not_grow_with_the_tenant(place: Path, measured: Measured) -> None:
    few, many = _memory(place / "few", FEW), _memory(place / "many", MANY)
    measured(Figure(f"most memory for {MANY} memberships", many, "MB", MEMORY_MB))
    measured(Figure(f"more than for {FEW}", many - few, "MB", GROWTH_MB))


def _memory(place: Path, memberships: int) -> float:
    """Return the most memory that collecting so many memberships takes, in a process of its own."""
    place.mkdir()
    tenant = Generated(people=IN_A_GROUP, groups=memberships // IN_A_GROUP, members=IN_A_GROUP)
    with serving_apart(tenant, manners=NO_EMPTY_PAGES) as fake:
        spent("-c", MEMBERS_OF_ALL, fake.url, fake.token(), str(place))
    # Not what the system says of a child that has ended: that counts the memory of whoever started it.
    return int((place / "memory").read_text()) / 1024
