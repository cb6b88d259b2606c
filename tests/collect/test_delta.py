"""Memberships read by what changed: the same content as a full read, for what changed; in doubt everything is read."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from driftaudit.errors import IntegrityError
from driftaudit.exports import open_export
from driftaudit.exports.manifest import DELETED, Delta
from tests.collect.runs import Run, Seen, Stopped, Stopping, manifest
from tests.collect.stores import differences, loaded
from tests.fake_graph import Chance, Fake, Manners, Rule, serving
from tests.fake_graph.caller import lines
from tests.fake_graph.faults import EXPIRED_PAGE, NOT_FOUND, REFUSED, Fault, broken
from tests.fake_graph.moving import GROUP, ROBOT, USER, Moving
from tests.store.conftest import Connection

DAYS, LOADED_EVERY = 30, 10
DAY = 24 * 3600
ONLY = ("group_members", "users", "service_principals")
SHORT = Manners(page_cap=7)
CHANGES = "group_members.delta.jsonl"
NO_LONGER = "the service no longer knows what has changed since"


def delta_of(folder: Path) -> Delta:
    """Return how the memberships of an export were read."""
    told = manifest(folder).collections["group_members"].delta
    assert isinstance(told, Delta)
    return told


def held(folder: Path) -> set[tuple[str, str]]:
    """Return who is in which group, as the lines of an export say."""
    return {(line["scope"], m["id"]) for line in lines(folder, "group_members") for m in line["page"]["value"]}


def truth(tenant: Moving) -> set[tuple[str, str]]:
    """Return who is in which group."""
    return {(group, m["id"]) for group in tenant.there[GROUP] for m in tenant.records(f"/groups/{group}/members") or ()}


class Nights:
    """Runs over one tenant, night after night."""

    def __init__(self, fake: Fake, tenant: Moving, exports: Path) -> None:
        """Begin before the first night."""
        self.fake, self.tenant, self.exports = fake, tenant, exports
        self.told: dict[str, Any] = {}

    def run(self, **told: Any) -> Run:
        """Return a run of this night."""
        told = {"only": ONLY, "full_every": 7, "sharepoint": False} | self.told | told
        return Run(self.fake, self.exports, **told)

    def night(self, **told: Any) -> Path:
        """Return the export of a night, and let the day after it begin."""
        folder = self.run(**told).collected()
        self.fake.clock.advance(DAY)
        return folder

    def asked(self, since: int) -> list[str]:
        """Return of which groups the members were asked for from some request on."""
        return sorted({a.path.split("/")[3] for a in self.fake.requests[since:] if a.path.endswith("/members")})

    def groups(self) -> list[dict[str, Any]]:
        """Return the groups."""
        return list(self.tenant.there[GROUP].values())

    def changed(self) -> str:
        """Let somebody join a group, and return which."""
        group, robot = self.groups()[0], self.tenant.create(ROBOT)
        self.tenant.join(group, robot)
        return group["id"]


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """Return nights over a small tenant."""
    tenant = Moving(people=20, groups=9, robots=2, seed=5)
    with serving(tenant, manners=SHORT) as fake:
        yield Nights(fake, tenant, tmp_path / "exports")


def test_a_month_by_what_changed_is_a_month_read_in_full(made_history: Connection, tmp_path: Path) -> None:
    tenant = Moving(seed=3)
    every: list[Path] = []
    full: list[Path] = []
    with serving(tenant, manners=SHORT) as fake:
        by_change, whole = Nights(fake, tenant, tmp_path / "by change"), Nights(fake, tenant, tmp_path / "full")
        for day in range(1, DAYS + 1):
            tenant.happen(day % 8)
            if day % LOADED_EVERY == 0:
                full.append(whole.run(full_every=1).collected())
            every.append(by_change.night())
            assert held(every[-1]) == truth(tenant)
    told = [delta_of(folder) for folder in every]
    assert [t.runs for t in told] == [day % 7 for day in range(DAYS)]
    assert all(t.carried > 2 * t.read for t in told if t.since)
    by_change, in_full = (loaded(made_history, *folders) for folders in (every[LOADED_EVERY - 1 :: LOADED_EVERY], full))
    by_change["snapshots"] = in_full["snapshots"] = []
    assert len(in_full["grants"]) > len(truth(tenant))
    assert differences(by_change, in_full) == {}


def test_bad_nights_change_nothing(nights: Nights) -> None:
    nights.fake.faults.given.append(Chance(0.2, seed=4))
    for night in range(5):
        folder = nights.night()
        assert held(folder) == truth(nights.tenant)
        assert delta_of(folder).runs == night
        nights.tenant.happen(4)
    assert {entry.status for entry in manifest(folder).collections.values()} == {"complete", "skipped"}


def test_only_what_changed_is_asked_for(nights: Nights) -> None:
    nights.night()
    since, group = len(nights.fake.requests), nights.changed()
    folder = nights.night()
    assert nights.asked(since) == [group]
    assert (delta_of(folder).carried, delta_of(folder).read, delta_of(folder).why_full) == (8, 1, None)
    since = len(nights.fake.requests)
    nothing = nights.night()
    assert nights.asked(since) == []
    assert (delta_of(nothing).carried, delta_of(nothing).read) == (9, 0)
    entry = manifest(nothing).collections["group_members"]
    assert (entry.status, entry.rows) == ("complete", len(truth(nights.tenant)))
    assert entry.started_at == entry.finished_at == lines(nothing, "group_members.delta")[0]["at"]


def test_a_group_of_many_pages_is_carried_whole_or_not_at_all(nights: Nights) -> None:
    big = nights.groups()[1]
    for _ in range(40):
        nights.tenant.join(big, nights.tenant.create(USER))
    nights.night()
    folder = nights.night()
    assert len(of_group(folder, big)) > 6
    assert delta_of(folder).carried == 9
    nights.tenant.delete(list(nights.tenant.members[big["id"]].values())[-1])
    since, folder = len(nights.fake.requests), nights.night()
    assert nights.asked(since) == [big["id"]]
    assert {line.get("from") for line in of_group(folder, big)} == {None}
    assert held(folder) == truth(nights.tenant)


def test_a_group_of_which_a_page_is_missing_is_read(nights: Nights) -> None:
    big = nights.groups()[1]
    for _ in range(40):
        nights.tenant.join(big, nights.tenant.create(USER))
    folder = nights.night()
    rewritten(folder, [line for line in lines(folder, "group_members") if line != of_group(folder, big)[-1]])
    since = len(nights.fake.requests)
    assert held(nights.night()) == truth(nights.tenant)
    assert nights.asked(since) == [big["id"]]


def rewritten(folder: Path, kept: list[dict[str, Any]]) -> None:
    """Write the memberships of an export anew, with a hash that fits."""
    file, path = folder / "group_members.jsonl.gz", folder / "manifest.json"
    file.write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in kept)))
    told = json.loads(path.read_bytes())
    told["collections"]["group_members"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    path.write_text(json.dumps(told), "utf-8")


def of_group(folder: Path, group: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of one group."""
    return [line for line in lines(folder, "group_members") if line["scope"] == group["id"]]


def test_every_line_says_in_which_export_it_was_read(nights: Nights) -> None:
    first = nights.night()
    group = nights.changed()
    second, third = nights.night(), nights.night()
    hashes = [open_export(folder).sha256 for folder in (first, second)]
    assert {line.get("from") for line in lines(first, "group_members")} == {None}
    told = {line["scope"]: line.get("from") for line in lines(third, "group_members")}
    assert told == {g["id"]: hashes[g["id"] == group] for g in nights.groups()}
    assert [delta_of(folder).since for folder in (first, second, third)] == [None, *hashes]
    assert as_read(second) == as_read(third)


def as_read(folder: Path) -> list[str]:
    """Return the lines of memberships as they were when they were read."""
    return sorted(json.dumps(line | {"from": None}, sort_keys=True) for line in lines(folder, "group_members"))


def test_what_the_service_said_of_changes_is_part_of_the_export(nights: Nights) -> None:
    nights.night()
    nights.changed()
    folder = nights.night()
    file = folder / f"{CHANGES}.gz"
    assert file.stat().st_mode & 0o077 == 0
    assert "members@delta" in gzip.decompress(file.read_bytes()).decode()
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(IntegrityError, match=file.name):
        open_export(folder)


def test_a_token_stands_nowhere_but_in_its_file(nights: Nights) -> None:
    nights.night()
    folder = nights.night()
    token = lines(folder, "group_members.delta")[-1]["page"]["@odata.deltaLink"].partition("=")[2]
    (folder / f"{CHANGES}.gz").unlink()
    assert len(token) > 50
    assert not [p for p in folder.iterdir() if token.encode() in gzip_or_plain(p)]


def gzip_or_plain(path: Path) -> bytes:
    """Return what a file holds."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def aged(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let eight days pass."""
    nights.fake.clock.advance(8 * DAY)
    return {}


def fewer_permissions(nights: Nights, folder: Path) -> dict[str, Any]:
    """Sign in with less."""
    return {"without": frozenset({"Device.Read.All"})}


def somebody_else(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let another application have read the export before."""
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"app_id": "16ce6acb', '"app_id": "26ce6acb'), "utf-8")
    return {}


def no_users(nights: Nights, folder: Path) -> dict[str, Any]:
    """Leave the users out."""
    return {"only": ("group_members", "service_principals")}


def tampered(nights: Nights, folder: Path) -> dict[str, Any]:
    """Change a file of the export before."""
    file = folder / "group_members.jsonl.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())[:-10]))
    return {}


def tampered_list(nights: Nights, folder: Path) -> dict[str, Any]:
    """Change the list of users of the export before."""
    file = folder / "users.jsonl.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())))
    return {}


def of_another_tenant(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let the export before be of another tenant."""
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(nights.tenant.tenant_id, "another"), "utf-8")
    return {}


def gone(nights: Nights, folder: Path) -> dict[str, Any]:
    """Move the export before away."""
    folder.rename(nights.exports.parent / "moved")
    return {}


def without_link(nights: Nights, folder: Path) -> dict[str, Any]:
    """Read the night before as ever, so that nobody asked for a link."""
    nights.night(full_every=1)
    return {}


def other_request(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let the export before have asked for changes in another way."""
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("$select=id,members", "$select=members"), "utf-8")
    return {}


def fault(fault: Fault, path: str) -> Callable[[Nights, Path], dict[str, Any]]:
    """Return what lets every request for a path go wrong."""

    def told(nights: Nights, folder: Path) -> dict[str, Any]:
        nights.changed()
        nights.fake.faults.given.append(Rule(fault, path, None))
        return {}

    return told


def page_expired(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let the service lose its place among many changes."""
    for group in nights.groups()[:3]:
        for _ in range(9):
            nights.tenant.join(group, nights.tenant.create(ROBOT))
    nights.fake.faults.given.append(Rule(EXPIRED_PAGE, "*/groups/delta", None))
    return {}


def many(nights: Nights, folder: Path) -> dict[str, Any]:
    """Let more people come than there are groups."""
    for _ in range(12):
        nights.tenant.create(USER)
    return {}


DOUBTS = [
    (aged, NO_LONGER),
    (fewer_permissions, "{before} was read by other permissions"),
    (somebody_else, "{before} was read by another sign-in"),
    (no_users, "users were not read whole"),
    (tampered, "{folder}/group_members.jsonl.gz has SHA-256"),
    (tampered_list, "{folder}/users.jsonl.gz has SHA-256"),
    (of_another_tenant, "there is no export of this tenant beside it to go on from"),
    (gone, "there is no export of this tenant beside it to go on from"),
    (without_link, "holds no link to what has changed since"),
    (other_request, "{before} asked for changes in another way"),
    (page_expired, NO_LONGER),
    (many, "more has changed than would be read"),
    (fault(REFUSED, "*/memberOf"), "the service does not say in which groups those are who have come back"),
    (fault(REFUSED, "*/groups/delta"), NO_LONGER),
]


@pytest.mark.parametrize(("doubt", "why"), DOUBTS, ids=lambda told: getattr(told, "__name__", ""))
def test_in_doubt_every_group_is_read(
    nights: Nights, doubt: Callable[[Nights, Path], dict[str, Any]], why: str
) -> None:
    before = nights.night()
    folder = nights.night(**doubt(nights, before))
    told = delta_of(folder)
    assert why.format(before=before.name, folder=before) in (told.why_full or "")
    assert (told.since, told.carried, told.read, told.runs) == (None, 0, 9, 0)
    assert held(folder) == truth(nights.tenant)
    assert not [line for line in lines(folder, "group_members") if "from" in line]


def test_after_a_doubt_what_changed_is_enough_again(nights: Nights) -> None:
    nights.night()
    nights.fake.clock.advance(8 * DAY)
    told = [delta_of(nights.night()).runs for _ in range(2)]
    assert told == [0, 1]


def test_a_service_that_gives_no_link_is_read_in_full_as_ever(nights: Nights) -> None:
    nights.fake.faults.given.append(Rule(REFUSED, "*/groups/delta", None))
    folders = [nights.night() for _ in range(2)]
    for folder in folders:
        assert (delta_of(folder).file, delta_of(folder).read) == (None, 9)
        assert manifest(folder).collections["group_members"].status == "complete"
        assert not list(folder.glob(f"{CHANGES}*"))
    assert delta_of(folders[1]).why_full == f"{folders[0].name} holds no link to what has changed since"


def test_a_group_that_was_a_gap_is_read_twice(nights: Nights) -> None:
    refused = nights.groups()[4]["id"]
    nights.fake.faults.given.append(Rule(broken(500), f"*/{refused}/members", None))
    before = nights.night()
    nights.fake.faults.given.clear()
    assert [gap.scope for gap in manifest(before).collections["group_members"].gaps] == [refused]
    for again in ([refused], [refused], []):
        since, folder = len(nights.fake.requests), nights.night()
        assert nights.asked(since) == again
        assert manifest(folder).collections["group_members"].status == "complete"
        assert held(folder) == truth(nights.tenant)


def test_a_group_deleted_after_it_was_listed_is_a_recorded_race(nights: Nights) -> None:
    nights.night()
    group = nights.changed()
    nights.fake.faults.given.append(Rule(NOT_FOUND, f"*/{group}/members", None))
    told = manifest(nights.night()).collections["group_members"]
    assert [(gap.scope, gap.code) for gap in told.gaps] == [(group, DELETED)]
    assert told.status == "complete"


def test_a_group_that_answered_empty_once_is_read_again(nights: Nights, made_history: Connection) -> None:
    group = nights.groups()[2]
    for _ in range(20):
        nights.tenant.join(group, nights.tenant.create(USER))
    full = nights.night()
    everybody = dict(nights.tenant.members[group["id"]])
    nights.tenant.leave(group, next(iter(everybody.values())))
    left = nights.tenant.members[group["id"]]
    nights.tenant.members[group["id"]] = {}
    empty = nights.night()
    nights.tenant.members[group["id"]] = left
    since, after = len(nights.fake.requests), nights.night()
    assert delta_of(empty).again == [group["id"]]
    assert nights.asked(since) == [group["id"]]
    assert held(after) == truth(nights.tenant)
    assert delta_of(after).again == []
    found = loaded(made_history, full, empty, after)
    assert len([g for g in found["grants"] if g["valid_to"] is not None]) == 1


def test_after_a_loss_all_over_everything_is_read(nights: Nights) -> None:
    for group in nights.groups():
        for person in list(nights.tenant.there[USER].values()):
            nights.tenant.join(group, person)
    nights.night()
    for group in nights.groups():
        for member in list(nights.tenant.members[group["id"]].values())[:8]:
            nights.tenant.leave(group, member)
    lost = nights.night()
    assert delta_of(lost).since
    assert delta_of(lost).all_again
    assert delta_of(lost).again == []
    assert delta_of(nights.night()).why_full == f"far fewer rows than before stood in {lost.name}"


def test_who_hides_members_is_asked_each_time(nights: Nights) -> None:
    nights.told = {"without": frozenset({"Member.Read.Hidden"})}
    nights.night()
    group = nights.groups()[3]
    group["visibility"] = "HiddenMembership"
    told = manifest(nights.night()).collections["group_members"]
    assert [(gap.scope, gap.code) for gap in told.gaps] == [(group["id"], "403")]


def open_lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of memberships that are still open."""
    return [json.loads(line) for line in (folder / "group_members.jsonl").read_bytes().splitlines()]


def test_a_run_by_what_changed_that_broke_begins_the_collection_again(nights: Nights) -> None:
    nights.night()
    for group in nights.groups()[:4]:
        nights.tenant.join(group, nights.tenant.create(ROBOT))
    run, folder = broken_run(nights, 2)
    assert [line for line in open_lines(folder) if "from" in line]
    nights.tenant.join(nights.groups()[6], nights.tenant.create(USER))
    assert run.collected() == folder
    assert (delta_of(folder).carried, delta_of(folder).read, delta_of(folder).runs) == (4, 5, 1)
    assert {path.name for path in folder.iterdir() if CHANGES[:13] in path.name} == {
        f"{CHANGES}.gz",
        "group_members.jsonl.gz",
    }
    assert held(folder) == truth(nights.tenant)


def broken_run(nights: Nights, after: int) -> tuple[Run, Path]:
    """Return a run, and its folder, that stopped after so many pages of memberships."""
    run = nights.run()
    run.seen = Stopping(name="group_members", after=after)
    with suppress(Stopped):
        raise AssertionError(run.collected())
    run.seen = Seen()
    run.folder = max(nights.exports.iterdir())
    return run, run.folder


def test_a_full_run_that_broke_keeps_its_link_and_what_was_read(nights: Nights) -> None:
    run, folder = broken_run(nights, 4)
    there = open_lines(folder)
    link = (folder / CHANGES).read_bytes()
    group = nights.changed()
    since = len(nights.fake.requests)
    run.collected()
    assert lines(folder, "group_members")[: len(there)] == there
    assert gzip.decompress((folder / f"{CHANGES}.gz").read_bytes()) == link
    assert not [a for a in nights.fake.requests[since:] if a.path.endswith("/delta")]
    assert (delta_of(folder).since, delta_of(folder).read) == (None, 9)
    nights.fake.clock.advance(DAY)
    since = len(nights.fake.requests)
    assert held(nights.night()) == truth(nights.tenant)
    assert nights.asked(since) == [group]


def test_a_full_run_whose_link_was_torn_goes_on_without_one(nights: Nights) -> None:
    run, folder = broken_run(nights, 4)
    (folder / CHANGES).write_bytes((folder / CHANGES).read_bytes()[:-1])
    run.collected()
    assert (delta_of(folder).file, delta_of(folder).read) == (None, 9)
    assert not list(folder.glob(f"{CHANGES}*"))
    nights.fake.clock.advance(DAY)
    assert delta_of(nights.night()).why_full == f"{folder.name} holds no link to what has changed since"
