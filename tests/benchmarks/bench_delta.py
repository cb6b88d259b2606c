"""Memberships by what changed: calls and bytes follow the changes, not the tenant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure
from tests.collect.stores import differences, loaded
from tests.collect.test_delta import DAY, DAYS, Nights, delta_of, held, truth
from tests.fake_graph import Manners, serving
from tests.fake_graph.moving import GROUP, USER, Moving
from tests.store.conftest import Connection, made_history

__all__ = ["made_history"]
GROUPS, MEMBERS, PEOPLE = 10_000, 10, 2_000
CHURNS = (0.001, 0.01, 0.1)
NO_EMPTY_PAGES = Manners(empty_pages=False)
CALLS_AT_LEAST = 2
"""What is asked even if next to nothing has changed: for the changes, and one batch."""
CALLS_PER_CHANGE, BYTES_PER_CHANGE = 1 / 20 + 1 / 25, 1.3
"""For each changed group: its part of a batch of 20, and of a page of changes; and more bytes than its own."""


@dataclass(frozen=True)
class Cost:
    """What reading the memberships of one night cost."""

    calls: int
    bytes: int


def cost_of(nights: Nights, **told: int) -> Cost:
    """Read one night, see that everything is there, and return what its memberships cost."""
    since = len(nights.fake.requests)
    folder = nights.night(**told)
    assert held(folder) == truth(nights.tenant)
    asked = [a for a in nights.fake.requests[since:] if not a.batched]
    of_members = [a for a in asked if a.path.endswith(("/delta", "/members", "/memberOf", "/$batch"))]
    return Cost(len(of_members), sum(a.size for a in of_members))


def churned(tenant: Moving, share: float) -> int:
    """Let somebody else be in a share of the groups; return in how many."""
    everybody = list(tenant.there[USER].values())
    groups = tenant.chance.sample(list(tenant.there[GROUP].values()), int(share * GROUPS))
    for group in groups:
        tenant.leave(group, next(iter(tenant.members[group["id"]].values())))
        tenant.join(group, tenant.chance.choice(everybody))
    return len(groups)


def test_a_night_costs_what_changed(place: Path, measured: Measured) -> None:
    tenant = Moving(people=PEOPLE, groups=GROUPS, robots=0, members=MEMBERS)
    with serving(tenant, manners=NO_EMPTY_PAGES) as fake:
        nights = Nights(fake, tenant, place)
        full = cost_of(nights)
        measured(Figure(f"calls for the members of all {GROUPS} groups", full.calls, ""))
        measured(Figure("bytes of them", full.bytes / 1000, "kB"))
        for churn in CHURNS:
            changed = churned(tenant, churn)
            cost, told = cost_of(nights), f"{100 * churn:g} % of the groups changed"
            limit = CALLS_AT_LEAST + CALLS_PER_CHANGE * changed
            measured(Figure(f"calls where {told}", cost.calls, "", limit))
            measured(Figure(f"bytes where {told}", cost.bytes / 1000, "kB"))
            share = cost.bytes / full.bytes / churn
            measured(Figure(f"bytes per changed group, where {told}", share, "x", BYTES_PER_CHANGE))


@pytest.mark.parametrize("seed", range(3))
def test_every_night_of_a_month_is_a_night_read_in_full(seed: int, place: Path, made_history: Connection) -> None:
    tenant = Moving(people=80, groups=60, seed=seed)
    with serving(tenant, manners=Manners(page_cap=9)) as fake:
        by_change, in_full = Nights(fake, tenant, place / "by change"), Nights(fake, tenant, place / "full")
        folders: list[tuple[Path, Path]] = []
        for _ in range(DAYS):
            tenant.happen(tenant.chance.randrange(25))
            folders.append((in_full.run(full_every=1).collected(), by_change.run().collected()))
            fake.clock.advance(DAY)
    assert sum(delta_of(folder).since is not None for _, folder in folders) >= DAYS // 2
    one, other = (loaded(made_history, *some) for some in zip(*folders, strict=True))
    one["snapshots"] = other["snapshots"] = []
    assert differences(one, other) == {}
