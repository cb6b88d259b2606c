"""Memberships read by what changed: the same content as a full read, for what changed; in doubt everything is read."""

from __future__ import annotations

import pytest

from pathlib import Path

from driftaudit.exports.manifest import Delta
from tests.collect.runs import Run, manifest
from tests.collect.stores import differences, loaded
from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import lines
from tests.fake_graph.moving import Moving
from tests.store.conftest import Connection

DAYS = 30
DAY = 24 * 3600
ONLY = ("group_members", "users", "service_principals")


def delta_of(folder: Path) -> Delta:
    """Return how the memberships of an export were read."""
    told = manifest(folder).collections["group_members"].delta
    assert isinstance(told, Delta)
    return told


def held(folder: Path) -> set[tuple[str, str]]:
    """Return who is in which group, as the lines of an export say."""
    return {(line["scope"], m["id"]) for line in lines(folder, "group_members") for m in line["page"]["value"]}


def test_a_month_by_what_changed_is_a_month_read_in_full(made_history: Connection, tmp_path: Path) -> None:
    tenant = Moving(seed=3)
    folders: dict[str, list[Path]] = {"full": [], "changed": []}
    with serving(tenant, manners=Manners(page_cap=7)) as fake:
        for day in range(DAYS):
            tenant.happen(day % 8)
            for name, every in (("full", 1), ("changed", 7)):
                run = Run(fake, tmp_path / name, only=ONLY, full_every=every, sharepoint=False)
                folders[name].append(run.collected())
            assert held(folders["changed"][-1]) == held(folders["full"][-1])
            fake.clock.advance(DAY)
    told = [delta_of(folder) for folder in folders["changed"]]
    print([(t.runs, t.carried, t.read, t.why_full) for t in told])
    assert sum(t.since is None for t in told) == 5
    one, other = (loaded(made_history, *folders[name]) for name in ("full", "changed"))
    one["snapshots"] = other["snapshots"] = []
    assert differences(other, one) == {}
