"""A run that broke is gone on with: what is on disk stays, nothing is mixed, and the end is as if nothing had been."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from driftaudit.exports.manifest import Entry
from tests.collect.conftest import Serve
from tests.collect.runs import LEFT_OUT, Run, manifest
from tests.collect.stores import differences, loaded
from tests.fake_graph import Manners, Rule, serving
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.faults import EXPIRED_PAGE, REFUSED, Fault
from tests.store.conftest import Connection

SHORT = Manners(page_cap=20)
MEMBERS = ("groups", "group_members")
PLACES = [
    ("organization", 0),
    ("users", 3),
    ("group_members", 20),
    ("site_members", 2),
    ("review_decisions", 3),
    ("package_roles", 0),
    ("requests", 6),
]
"""Collections in which a run stops, and after how many pages; behind them after none."""
USERS = "/v1.0/users"
Answers = dict[str, list[tuple[str | None, str, Any]]]
TORN = b'{"scope":null,"request":"/v1.0/users?$skiptoken=x","at":"2026-09-30T02:00:09Z","page":{"value":[{"id":"'


def facts(entry: Entry) -> dict[str, Any]:
    """Return what the manifest says of a collection but for the time that it took."""
    told = msgspec.to_builtins(entry)
    return {
        name: told[name] for name in told if name not in ("started_at", "finished_at", "retries", "sha256", "bytes")
    }


def entries(folder: Path) -> dict[str, dict[str, Any]]:
    """Return that of all collections."""
    return {name: facts(entry) for name, entry in manifest(folder).collections.items()}


def asked(run: Run, since: int, path: str = "") -> list[str]:
    """Return what was asked at a path from some request on, counts and batches left out."""
    return [a.target for a in run.fake.requests[since:] if a.path.endswith(path) and a.path[-1] not in "th$"]


def of_scope(folder: Path, name: str, scope: str | None) -> list[dict[str, Any]]:
    """Return the lines of one scope."""
    return [line for line in lines(folder, name) if line["scope"] == scope]


def busiest() -> str:
    """Return the group with the most members."""
    held = Counter(line["scope"] for line in lines(NEWEST, "group_members") for _ in line["page"]["value"])
    return held.most_common(1)[0][0]


def open_lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the lines of a collection that is still open."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_bytes().splitlines()]


def files(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the export of a run that nothing disturbs."""
    with serving(NEWEST, manners=SHORT) as fake:
        return Run(fake, tmp_path_factory.mktemp("undisturbed"), skipped=LEFT_OUT).collected()


@pytest.fixture(scope="module")
def undisturbed(whole: Path) -> dict[str, dict[str, Any]]:
    """Return what the manifest of that run says."""
    return entries(whole)


@pytest.fixture(scope="module")
def answers(whole: Path) -> Answers:
    """Return what that run was answered."""
    return answered(whole)


def answered(folder: Path) -> Answers:
    """Return every answer of an export, but for when it came, and for links: they name a port and hold tokens."""
    return {
        path.name: [
            (told["scope"], re.sub(r"^http://127[^/]+|skiptoken=.*", "", told["request"]), without_links(told["page"]))
            for told in lines(folder, path.name.removesuffix(".jsonl.gz"))
        ]
        for path in folder.glob("*.jsonl.gz")
    }


def without_links(page: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with the names of its links alone."""
    return {name: bool(told) if "odata." in name else told for name, told in page.items()}


def test_an_undisturbed_run_gives_what_the_sample_gives(made_history: Connection, whole: Path) -> None:
    assert differences(loaded(made_history, whole), loaded(made_history, NEWEST)) == {}


@pytest.mark.parametrize(("name", "after"), PLACES)
def test_a_resumed_run_ends_as_if_it_had_not_been_disturbed(
    serve: Serve, answers: Answers, undisturbed: dict[str, Any], name: str, after: int
) -> None:
    with serve(manners=SHORT) as run:
        run.skipped = LEFT_OUT
        broken = run.broken(name, after)
        closed = {n for n, e in manifest(broken).collections.items() if e.status == "complete"}
        assert manifest(broken).state == "open"
        folder = run.collected()
    assert folder == broken
    assert entries(folder) == undisturbed
    assert not closed & {*run.seen.begun_names}
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        *(e["file"] for e in undisturbed.values() if e["file"]),
    }
    assert b"under_way" not in (folder / "manifest.json").read_bytes()
    assert {n: told for n, told in answered(folder).items() if told != answers[n]} == {}


def test_a_list_goes_on_behind_its_last_page(serve: Serve) -> None:
    with serve(only=("users",), manners=SHORT) as run:
        broken = run.broken("users", 3)
        last, since = open_lines(broken, "users")[-1], len(run.fake.requests)
        told = manifest(run.collected()).collections["users"]
    pages = asked(run, since, USERS)
    assert last["page"]["@odata.nextLink"].endswith(pages[0])
    assert len(pages) == (told.pages or 0) - 3
    assert (told.status, told.rows) == ("complete", 88)
    assert told.started_at == manifest(broken).collections["users"].started_at == open_at(broken, 0)


def open_at(folder: Path, number: int) -> str:
    """Return when a page of the users was read."""
    return lines(folder, "users")[number]["at"]


def test_a_page_is_on_disk_before_the_next_one_is_asked_for(serve: Serve) -> None:
    missing: list[str] = []

    def seen(path: Path, target: str) -> bool:
        names = [line["page"].get("@odata.nextLink") or line["page"].get("odata.nextLink") for line in whole(path)]
        return any(str(name).endswith(target) for name in names)

    def whole(path: Path) -> list[dict[str, Any]]:
        assert path.read_bytes().endswith(b"\n")
        return open_lines(path.parent, path.stem)

    with serve(manners=SHORT) as run:
        answer = run.fake.service._graph

        def watched(request: Any) -> Any:
            if "skiptoken" in request.query:
                followed.append(request.path)
                opened = list(run.exports.glob("*/*.jsonl"))
                missing.extend([request.path] if not any(seen(p, request.query.split("=")[-1]) for p in opened) else [])
            return answer(request)

        followed: list[str] = []
        run.fake.service._graph = watched
        run.collected()
    assert len(followed) > 20
    assert missing == []


def torn(file: Path) -> None:
    """Leave half a line at the end."""
    file.write_bytes(file.read_bytes() + TORN)


def cut(file: Path) -> None:
    """Take the end of the last line away."""
    file.write_bytes(file.read_bytes()[:-2])


def unended(file: Path) -> None:
    """Take only the end of the line away: nobody knows what would have followed."""
    file.write_bytes(file.read_bytes()[:-1])


def zeros(file: Path) -> None:
    """Leave what a machine leaves that loses its power."""
    file.write_bytes(file.read_bytes() + bytes(1 << 20))


def broken_inside(file: Path) -> None:
    """Damage a line in the middle."""
    first, second, *rest = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([first, second.replace(b'"value"', b'"valve', 1), *rest]))


def without_one(file: Path) -> None:
    """Leave a line out, so that what follows does not follow."""
    first, _, *rest = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([first, *rest]))


def other_request(file: Path) -> None:
    """Let the first page be one that is asked for in another way now."""
    file.write_bytes(file.read_bytes().replace(b"$select=", b"$select=city,"))


def twice(file: Path) -> None:
    """Let the first answer stand there once more."""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines, lines[0]]))


def emptied(file: Path) -> None:
    """Leave nothing."""
    file.write_bytes(b"")


def gone(file: Path) -> None:
    """Leave not even the file."""
    file.unlink()


DAMAGE = [torn, cut, unended, zeros, broken_inside, without_one, twice, other_request, emptied, gone]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda d: d.__name__)
@pytest.mark.parametrize(("name", "after"), [("users", 3), ("group_members", 20)])
def test_what_is_damaged_is_asked_again(
    serve: Serve, undisturbed: dict[str, Any], damage: Callable[[Path], None], name: str, after: int
) -> None:
    with serve(only=("users", "group_members"), manners=SHORT) as run:
        folder = run.broken(name, after)
        damage(folder / f"{name}.jsonl")
        run.collected()
    assert {n: entries(folder)[n] for n in ("users", "group_members")} == {
        n: undisturbed[n] for n in ("users", "group_members")
    }
    for collection in ("users", "group_members"):
        requests = [(line["scope"], line["request"]) for line in lines(folder, collection)]
        assert len(set(requests)) == len(requests)
        assert not [request for _, request in requests if "city" in request]


def test_a_run_that_died_between_two_steps_leaves_nothing_that_stays(serve: Serve, undisturbed: dict[str, Any]) -> None:
    with serve(only=("users", "groups"), manners=SHORT) as run:
        folder = run.broken("users", 3)
        (folder / "groups.jsonl").write_bytes(b"packed, closed and not yet removed")
        (folder / "users.jsonl.gz").write_bytes(b"half packed")
        (folder / "sites.jsonl.gz").write_bytes(b"packed and not written down")
        (folder / ".manifest.json").write_bytes(b"half written")
        (folder / "notes.jsonl").write_bytes(b"not ours")
        run.collected()
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "notes.jsonl",
        *(f"{name}.jsonl.gz" for name in ("organization", "users", "groups")),
    }
    assert entries(folder)["users"] == undisturbed["users"]


def test_what_was_read_to_its_end_is_not_asked_again(serve: Serve) -> None:
    with serve(only=MEMBERS, manners=SHORT) as run:
        folder = run.broken("group_members", 20)
        there = open_lines(folder, "group_members")
        done, since = {line["scope"] for line in there if "@odata.nextLink" not in line["page"]}, len(run.fake.requests)
        run.collected()
    again = {a.path.split("/")[-2] for a in run.fake.requests[since:] if a.path.endswith("/members")}
    assert len(done) > 10
    assert not done & again
    assert len(done | again) == 32


def test_a_list_that_was_read_to_its_end_only_had_to_be_closed(serve: Serve, undisturbed: dict[str, Any]) -> None:
    with serve(only=("users",), manners=SHORT) as run:
        folder = run.broken("users", undisturbed["users"]["pages"])
        since = len(run.fake.requests)
        run.collected()
    assert asked(run, since, USERS) == []
    assert entries(folder)["users"] == undisturbed["users"]


@pytest.mark.parametrize("refusal", [EXPIRED_PAGE, REFUSED], ids=lambda f: f.kind)
def test_a_list_whose_next_page_is_no_longer_known_is_begun_again(
    serve: Serve, undisturbed: dict[str, Any], refusal: Fault
) -> None:
    with serve(only=("users",), manners=SHORT) as run:
        folder = run.broken("users", 3)
        old, since = open_lines(folder, "users"), len(run.fake.requests)
        run.fake.faults.given.append(Rule(refusal, "*/users", (1,)))
        run.collected()
    assert entries(folder)["users"] == undisturbed["users"]
    assert "$skiptoken" not in asked(run, since, USERS)[1]
    at = [line["at"] for line in lines(folder, "users")]
    assert min(at) > max(line["at"] for line in old), "no old line is left"


def test_a_list_whose_page_token_always_expires_failed_as_ever(serve: Serve) -> None:
    with serve(only=("users",), manners=SHORT) as run:
        folder = run.broken("users", 3)
        run.fake.faults.given.append(Rule(EXPIRED_PAGE, "*/users", None))
        told = manifest(run.collected()).collections["users"]
    assert (told.status, told.file) == ("failed", None)
    assert not list(folder.glob("users*"))


def in_the_middle(run: Run) -> tuple[str, list[dict[str, Any]]]:
    """Break a run in the middle of the busiest group; return the group and what is there of it."""
    group = busiest()
    before = sorted(line["scope"] for line in lines(NEWEST, "group_members")).index(group)
    run.broken("group_members", before + 3)
    assert run.folder is not None
    there = open_lines(run.folder, "group_members")
    assert there[-1]["page"]["@odata.nextLink"]
    return there[-1]["scope"], [line for line in there if line["scope"] == there[-1]["scope"]]


def test_a_scope_in_the_middle_goes_on_behind_its_last_page(serve: Serve) -> None:
    with serve(only=MEMBERS, manners=Manners(page_cap=2)) as run:
        group, there = in_the_middle(run)
        since = len(run.fake.requests)
        folder = run.collected()
    assert of_scope(folder, "group_members", group)[: len(there)] == there
    pages = asked(run, since, f"/{group}/members")
    assert there[-1]["page"]["@odata.nextLink"].endswith(pages[0])
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.rows, told.gaps) == ("complete", 225, [])


def test_a_scope_in_the_middle_is_begun_again_alone_where_its_place_is_lost(serve: Serve) -> None:
    with serve(only=MEMBERS, manners=Manners(page_cap=2)) as run:
        group, there = in_the_middle(run)
        others = [line for line in open_lines(run.folder or Path(), "group_members") if line["scope"] != group]
        run.fake.faults.given.append(Rule(EXPIRED_PAGE, f"*/{group}/members", (1,)))
        folder = run.collected()
    assert lines(folder, "group_members")[: len(others)] == others
    own = of_scope(folder, "group_members", group)
    assert min(line["at"] for line in own) > max(line["at"] for line in there)
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.rows, told.gaps) == ("complete", 225, [])


def test_a_scope_that_was_refused_is_asked_again(serve: Serve) -> None:
    first = sorted(record["id"] for line in lines(NEWEST, "groups") for record in line["page"]["value"])[0]
    with serve(Rule(REFUSED, f"*/{first}/members", (1,)), only=MEMBERS) as run:
        run.broken("group_members", 10)
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.rows, told.gaps) == ("complete", 225, [])


def test_the_count_from_before_the_first_page_still_counts(serve: Serve) -> None:
    counts = {"/users": 88}
    with serve(only=("users",), manners=Manners(page_cap=20, counts=counts)) as run:
        run.broken("users", 3)
        counts["/users"] = 86
        told = manifest(run.collected()).collections["users"]
    assert (told.status, told.rows, told.expected) == ("complete", 88, 86), "two have left meanwhile"


def test_what_a_sign_in_with_less_has_read_is_not_mixed_with_more(serve: Serve) -> None:
    with serve(only=("leave_dates",), manners=SHORT) as run:
        run.without = frozenset({"User-LifeCycleInfo.Read.All"})
        folder = run.broken("leave_dates", 3)
        old, run.without = open_lines(folder, "leave_dates"), frozenset()
        told = manifest(run.collected()).collections["leave_dates"]
    assert (told.status, told.missing_fields) == ("complete", [])
    assert min(line["at"] for line in lines(folder, "leave_dates")) > max(line["at"] for line in old)


def test_fields_that_stay_empty_without_a_permission_are_told_after_both_runs(serve: Serve) -> None:
    with serve(only=("leave_dates",), manners=SHORT) as run:
        run.without = frozenset({"User-LifeCycleInfo.Read.All"})
        run.broken("leave_dates", 3)
        told = manifest(run.collected()).collections["leave_dates"]
    assert (told.status, told.missing_fields) == ("partial", ["leave_at"])


def test_a_group_that_hides_its_members_is_a_gap_though_its_empty_line_was_left(serve: Serve) -> None:
    hidden = "00000000-0000-4000-8000-0000000000aa"
    group = {"id": hidden, "displayName": "Hidden", "visibility": "HiddenMembership", "groupTypes": []}
    extra = {"/groups": [group], f"/groups/{hidden}/members": [{"id": hidden, "displayName": "Member"}]}
    with serve(only=MEMBERS, extra=extra, manners=Manners(hidden_members="empty")) as run:
        run.without = frozenset({"Member.Read.Hidden"})
        folder = run.broken("group_members", 1)
        assert open_lines(folder, "group_members")[-1]["scope"] == hidden
        told = manifest(run.collected()).collections["group_members"]
    assert [gap.scope for gap in told.gaps] == [hidden]
    assert not of_scope(folder, "group_members", hidden)
    assert told.rows == 225


def test_what_could_not_be_read_at_all_stays_so_and_what_stands_on_it_too(serve: Serve) -> None:
    with serve(Rule(REFUSED, "*/groups", None), only=("group_members", "users")) as run:
        run.broken("groups", 0)
        run.fake.faults.given.clear()
        told = manifest(run.collected()).collections
    assert (told["groups"].status, told["group_members"].status) == ("failed", "failed")
    assert told["users"].status == "complete"
