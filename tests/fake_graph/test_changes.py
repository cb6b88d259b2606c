"""What has changed in groups: ids only, in any order, over several pages, behind a token that nobody can make up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import Caller, Record
from tests.fake_graph.described import OPENAPI, wrong_with_answer
from tests.fake_graph.moving import GROUP, ROBOT, USER, Moving

DELTA = "/beta/groups/delta"
SELECT = f"{DELTA}?$select=id,members"
DAY = 24 * 3600


@pytest.fixture
def tenant() -> Moving:
    """Return a small tenant in which nothing has happened yet."""
    return Moving(people=12, groups=6, robots=1, members=4)


@pytest.fixture
def caller(tenant: Moving) -> Iterator[Caller]:
    """Return somebody who asks it."""
    with serving(tenant, manners=Manners(page_cap=3)) as fake:
        caller = Caller(fake)
        with caller.client:
            yield caller


def link(caller: Caller, target: str = f"{SELECT}&$deltatoken=latest") -> str:
    """Return the link to what changes from now on."""
    page = caller.ask(target).raise_for_status().json()
    assert page["value"] == []
    return page["@odata.deltaLink"]


def told(caller: Caller, target: str) -> list[Record]:
    """Return everything that is told behind a link."""
    return [entry for page in caller.pages(target) for entry in page["value"]]


def groups(tenant: Moving) -> list[Record]:
    return list(tenant.there[GROUP].values())


def test_nothing_is_told_where_nothing_happened(caller: Caller) -> None:
    assert told(caller, link(caller, link(caller))) == []


def test_a_group_comes_as_often_as_it_pleases_with_ids_only(caller: Caller, tenant: Moving) -> None:
    begun, group = link(caller), groups(tenant)[2]
    people = [tenant.create(USER) for _ in range(11)]
    for person in people:
        tenant.join(group, person)
    tenant.leave(group, people[0])
    found = [page["value"] for page in caller.pages(begun)]
    assert [len(entries) for entries in found] == [3, 1]
    entries = [entry for page in found for entry in page]
    assert {entry["id"] for entry in entries} == {group["id"]}
    members = [member for entry in entries for member in entry["members@delta"]]
    assert sorted(m["id"] for m in members) == sorted(p["id"] for p in people)
    assert {frozenset(m) - {"@removed"} for m in members} == {frozenset({"@odata.type", "id"})}
    assert [m["id"] for m in members if m.get("@removed") == {"reason": "deleted"}] == [people[0]["id"]]


def test_a_deleted_group_is_removed_and_a_restored_one_is_there(caller: Caller, tenant: Moving) -> None:
    begun, (one, other, *_) = link(caller), groups(tenant)
    for group in (one, other):
        tenant.delete(group)
    tenant.restore(other)
    assert {e["id"]: e.get("@removed") for e in told(caller, begun)} == {
        one["id"]: {"reason": "changed"},
        other["id"]: None,
    }


def test_of_people_who_are_deleted_or_restored_nothing_is_told(caller: Caller, tenant: Moving) -> None:
    begun = link(caller)
    person = next(iter(tenant.members[groups(tenant)[0]["id"]].values()))
    tenant.delete(person)
    assert person not in caller.value(f"/beta/groups/{groups(tenant)[0]['id']}/members?$select=id")
    tenant.restore(person)
    assert told(caller, begun) == []
    held = caller.value(f"/beta/users/{person['id']}/memberOf?$select=id")
    assert {"@odata.type": GROUP, "id": groups(tenant)[0]["id"]} in held


def test_v1_does_not_know_service_principals(caller: Caller, tenant: Moving) -> None:
    begun = [link(caller, f"/{v}/groups/delta?$select=members&$deltatoken=latest") for v in ("v1.0", "beta")]
    tenant.join(groups(tenant)[0], tenant.create(ROBOT))
    assert ["members@delta" in told(caller, each)[0] for each in begun] == [False, True]


def test_without_a_token_everything_is_told(caller: Caller, tenant: Moving) -> None:
    found = told(caller, SELECT)
    held = {(e["id"], m["id"]) for e in found for m in e.get("members@delta", ())}
    assert held == {(group, member) for group, held in tenant.members.items() for member in held}


def test_tokens_are_opaque_and_end_after_a_week(caller: Caller) -> None:
    begun = link(caller)
    caller.fake.clock.advance(7 * DAY - 60)
    assert told(caller, begun) == []
    caller.fake.clock.advance(120)
    assert caller.refused(begun) == (410, "syncStateNotFound")
    assert caller.refused(begun[:-3] + "AA=") == (400, "BadRequest")
    assert caller.refused(begun.replace("delta?", "delta?$select=id&")) == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize("option", ["$top=5", "$expand=members", "$orderby=id", "$filter=id eq 'a'"])
def test_other_options_are_refused(caller: Caller, option: str) -> None:
    assert caller.refused(f"{DELTA}?{option}") == (400, "Request_UnsupportedQuery")


def test_unknown_fields_and_callers_are_refused(caller: Caller) -> None:
    assert caller.refused(f"{DELTA}?$select=nickname") == (400, "BadRequest")
    assert caller.refused(SELECT, caller.fake.token(["User.Read.All"])) == (403, "Authorization_RequestDenied")


@pytest.mark.skipif(not OPENAPI.is_file(), reason=f"{OPENAPI.name} does not stand beside the project")
def test_answers_are_as_they_are_described(caller: Caller, tenant: Moving) -> None:
    begun = link(caller)
    tenant.happen(30)
    for page in caller.pages(begun):
        assert wrong_with_answer(DELTA, 200, page) == []
