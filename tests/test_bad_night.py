"""A bad night, collected: people are activated, sites refuse, a group answers empty, and nobody is wrongly accused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from shutil import copyfile

import pytest

from driftaudit.audit.audit import Audit, Finding
from driftaudit.audit.loading import audit_snapshot, load_and_record
from driftaudit.exports import open_export
from driftaudit.store.database import reading, rows
from tests.collect.runs import LEFT_OUT, Run
from tests.fake_graph import Rule, serving
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.faults import REFUSED
from tests.fake_graph.folder import FolderSource
from tests.fake_graph.source import Record
from tests.kept_loads import NIGHTS, sample

BELIEVED_AT_ONCE = 10
"""A group of fewer that answers empty is taken at its word."""


@cache
def emptied() -> list[str]:
    """Return the groups that answer empty this once: all but the one of everybody that are large enough to tell."""
    sizes: dict[str, int] = {}
    for line in lines(NIGHTS[-2], "group_members"):
        sizes[line["scope"]] = sizes.get(line["scope"], 0) + len(line["page"]["value"])
    large = sorted((size, group) for group, size in sizes.items() if size >= BELIEVED_AT_ONCE)
    return [group for _, group in large[:-1]]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of all nights but the newest."""
    return sample(tmp_path_factory, len(NIGHTS) - 1)


def collected_last(before: Path, place: Path) -> Path:
    """Return the database of all nights, of which the newest was collected when much went wrong."""
    database = place / "driftaudit.duckdb"
    copyfile(before, database)
    load_and_record(database, open_export(collected(place)), given={}, accept_shrink=(), tell=print)
    return database


def audited(database: Path) -> Audit:
    """Return the audit of the newest of all nights."""
    with reading(database) as connection:
        active = rows(connection, "from pim_group_assignments where lower(assignment_type) = 'activated'")
        assert active, "nobody is activated in this night"
        return audit_snapshot(connection, len(NIGHTS), configured={})


class Forgetful(FolderSource):
    """A service that for once has forgotten who is in some groups."""

    def records(self, path: str) -> Sequence[Record] | None:
        """Return a list, an empty one for a forgotten group."""
        forgotten = path.lower() in {f"/groups/{group}/members" for group in emptied()}
        return [] if forgotten else super().records(path)


def collected(place: Path) -> Path:
    """Return the export of the newest night, on which sites refuse and groups are forgotten."""
    with serving(Forgetful(NEWEST), faults=[Rule(REFUSED, "*/sitegroups*", None)]) as fake:
        return Run(fake, place / "exports", skipped=LEFT_OUT).collected()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """Return the audit of the night on which everything answers."""
    return audited(sample(tmp_path_factory))


@pytest.fixture(scope="module")
def bad(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """Return the audit of the same night, gone wrong."""
    return audited(collected_last(before, tmp_path_factory.mktemp("bad")))


def standing(audit: Audit, *states: str) -> dict[str, Finding]:
    """Return the findings in these states by their key."""
    return {f.key: f for f in audit.findings if f.state in states}


def test_nobody_is_accused_who_is_not_on_a_good_night(good: Audit, bad: Audit) -> None:
    told = ("first_assessed", "new", "open", "reopened")
    assert standing(bad, *told).keys() <= standing(good, *told).keys()


def test_nothing_ends_because_it_could_not_be_read(good: Audit, bad: Audit) -> None:
    assert standing(bad, "resolved").keys() <= standing(good, "resolved").keys()
    open_before = standing(good, "open").keys()
    assert open_before <= standing(bad, "open", "unconfirmed").keys()


def test_what_was_not_read_is_told(good: Audit, bad: Audit) -> None:
    assert good.assured
    assert not bad.assured
    worse = {c.collection: c.status for c in bad.coverage}
    assert (worse["group_members"], worse["site_members"]) == ("partial", "failed")
