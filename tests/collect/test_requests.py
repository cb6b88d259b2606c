"""What is asked: every request of a whole run is known to the service, stands on a permission and asks for no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from driftaudit.collect.order import for_persons, in_order
from driftaudit.collect.requests import about_all, request_for
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from tests.collect.runs import Run
from tests.fake_graph import serving
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.described import OPENAPI, wrong_with_request
from tests.fake_graph.query import parsed
from tests.fake_graph.service import Asked

needs_openapi = pytest.mark.skipif(not OPENAPI.is_file(), reason=f"{OPENAPI.name} does not stand beside the project")
every = pytest.mark.parametrize("collection", collections().values(), ids=lambda c: c.name)
OURS = sorted(collections().keys() - {*for_persons()})
"""What an application reads."""
STANDING_ON_ROLES = {"pim_group_eligibilities", "pim_group_assignments"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Path]]:
    """Return a run over everything, and its folder."""
    with serving(NEWEST) as fake:
        run = Run(fake, tmp_path_factory.mktemp("recorded"))
        yield run, run.collected()


def asked(run: Run) -> list[Asked]:
    """Return every request for records, batches opened and counts left out."""
    return [a for a in run.fake.requests if not a.path.endswith(("/$batch", "/$count"))]


def test_only_reading_is_asked_for(run: tuple[Run, Path]) -> None:
    assert run[0].fake.violations == []
    assert {(a.method, a.path.endswith("/$batch")) for a in run[0].fake.requests} == {("GET", False), ("POST", True)}


@needs_openapi
def test_every_request_is_one_that_the_service_describes(run: tuple[Run, Path]) -> None:
    of_graph = [a.target for a in asked(run[0]) if a.service == "graph"]
    assert len(of_graph) > 140
    assert {target: wrong for target in of_graph if (wrong := wrong_with_request(target))} == {}


def test_every_request_is_answered_and_belongs_to_a_collection(run: tuple[Run, Path]) -> None:
    folder = run[1]
    written = {line["request"] for name in OURS for line in lines(folder, name)}
    targets = {a.target for a in asked(run[0]) if a.service == "graph"}
    # What a page token stands for is the service's business; it may be spelt in more than one way.
    assert {unquote(t) for t in targets} - {unquote(w) for w in written} == set()
    assert {a.status for a in run[0].fake.requests} == {200}


@needs_openapi
def test_what_is_asked_about_everybody_is_one_too() -> None:
    wider = [about_all(c) for c in collections().values() if c.request_for_all]
    assert [c.name for c in wider] == ["sign_ins"]
    for collection in wider:
        narrow = request_for(collections()[collection.name])
        assert request_for(collection) != narrow
        assert [wrong_with_request(request) for request in (request_for(collection), narrow)] == [[], []]
        assert parsed(request_for(collection).partition("?")[2]).select == ("id", "signInActivity")


@every
def test_a_collection_asks_for_what_it_keeps_and_for_nothing_else(collection: Collection) -> None:
    request = request_for(collection, "site/round" if "/" in collection.scope_key else "https://contoso.example/s")
    _, _, query = request.partition("?")
    options = parsed(query)
    kept = {c.source.path[0] for c in collection.columns if c.source.path and not c.source.path[0].startswith("@")}
    expanded = {e.name for e in options.expand}
    if options.select is not None:
        assert {*options.select} | (expanded & kept) == kept | ({collection.probe} - {""})
        assert not expanded - kept
    assert collection.permission
    assert collection.probe not in kept
    assert bool(collection.hidden_where) == bool(collection.hidden_with)


@every
def test_what_is_expanded_is_kept_or_needed_to_tell_records_apart(collection: Collection) -> None:
    assert expanded_in_vain(collection) == set()


def expanded_in_vain(collection: Collection) -> set[str]:
    """Return the relations that a request expands and of which nothing is kept."""
    _, _, query = request_for(collection, "a/b" if "/" in collection.scope_key else "https://x.example/s").partition(
        "?"
    )
    kept = {c.source.path[0] for c in collection.columns if c.source.path}
    return {e.name for e in parsed(query).expand} - kept


def test_a_count_is_of_the_list_that_is_read() -> None:
    counted = [c for c in collections().values() if c.count]
    assert [c.name for c in counted] == ["groups", "service_principals", "users"]
    assert [c.count for c in counted] == [c.request.partition("?")[0] + "/$count" for c in counted]


def test_access_is_read_before_what_may_explain_it() -> None:
    order = [c.name for c in in_order(collections())]
    assert order[0] == "organization"
    assert sorted(order) == sorted(collections())
    access = [c.name for c in collections().values() if (c.is_grants or c.tells_of) and c.name not in STANDING_ON_ROLES]
    assert len(access) >= 4
    for name in access:
        assert order.index(name) < min(order.index(later) for later in ("assignments", "requests", "package_roles"))
    for name in STANDING_ON_ROLES:
        assert order.index("package_roles") < order.index(name) < order.index("assignments")


def test_what_others_stand_on_is_read_before_them(run: tuple[Run, Path]) -> None:
    order = run[0].seen.begun_names
    assert order == [c.name for c in in_order(OURS)]
    for collection in map(collections().__getitem__, OURS):
        for owner in collection.stands_on:
            assert owner is None or order.index(owner) < order.index(collection.name)
