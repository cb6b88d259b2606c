"""Loading: what is refused changes nothing, what fails fails alone, and one id has one key."""

from __future__ import annotations

import pytest

from driftaudit.errors import IntegrityError, NothingRead
from driftaudit.store.load import load
from tests.store.conftest import Connection
from tests.store.made_export import TENANT, Answer, Part, made, members, named, records

USERS = named(["a", "b"])


def _snapshots(history: Connection) -> int:
    return history.execute("select count(*) from history.snapshots").fetchall()[0][0]


def test_the_same_export_twice_is_one_snapshot(history: Connection) -> None:
    first = load(history, made(1, {"users": USERS}))
    load(history, made(2, {"users": named(["a"])}))
    again = load(history, made(1, {"users": USERS}))
    assert (again.snapshot_id, again.already_there) == (first.snapshot_id, True)
    assert _snapshots(history) == 2


@pytest.mark.parametrize("day", [1, 2])
def test_an_export_that_is_not_newer_is_refused(history: Connection, day: int) -> None:
    load(history, made(2, {"users": USERS}))
    with pytest.raises(IntegrityError, match="history is written forward only") as refused:
        load(history, made(day, {"users": named(["c"])}))
    assert f"day-{day} was taken at 2026-07-0{day} 02:00:04 UTC, the newest" in refused.value.happened
    assert _snapshots(history) == 1


def test_a_second_tenant_is_refused(history: Connection) -> None:
    load(history, made(1, {"users": USERS}))
    other = "00000000-0000-4000-8000-0000000000ff"
    with pytest.raises(IntegrityError, match=f"is of tenant {other}, the database holds tenant {TENANT}"):
        load(history, made(2, {"users": USERS}, tenant=other))
    assert _snapshots(history) == 1


def test_a_tenant_in_capitals_is_the_same_tenant(history: Connection) -> None:
    load(history, made(1, {"users": USERS}))
    load(history, made(2, {"users": USERS}, tenant=TENANT.upper()))
    assert _snapshots(history) == 2


def test_an_export_of_which_nothing_can_be_read_is_refused(history: Connection) -> None:
    broken = Part((Answer({"value": 5}),))
    with pytest.raises(NothingRead, match=r"users: users\.jsonl line 1 cannot be read"):
        load(history, made(1, {"users": broken, "groups": Part(status="skipped")}))
    history.execute("rollback")
    assert _snapshots(history) == 0


def test_a_collection_that_fails_leaves_its_history_and_the_rest_loads(history: Connection) -> None:
    load(history, made(1, {"users": USERS, "groups": named(["g1"])}))
    broken = Part((*named(["a"]).answers, Answer({"value": [{"id": 5}]})))
    loaded = load(history, made(2, {"users": broken, "groups": named(["g2"])}))
    (sentence,) = loaded.incomplete
    assert sentence.startswith("users failed: users.jsonl line 2 cannot be read: Expected `str`, got `int`")
    assert sentence.endswith("export users again.")
    assert history.execute("select id from history.users where valid_to is null order by id").fetchall() == [
        ("a",),
        ("b",),
    ]
    assert history.execute("select id from history.groups where valid_to is null").fetchall() == [("g2",)]


def test_a_collection_of_a_newer_version_is_not_taken_for_read(history: Connection) -> None:
    load(history, made(1, {"users": USERS, "dreams": named(["x"])}))
    found = history.execute("select status, reason from history.coverage where collection = 'dreams'").fetchall()
    assert found == [("skipped", "this version does not read it")]


def test_an_id_in_another_case_is_the_same_id(history: Connection) -> None:
    groups = named(["G1"])
    load(history, made(1, {"groups": groups, "group_members": members({"G1": ["A"]})}))
    load(history, made(2, {"groups": groups, "group_members": members({"g1": ["a", "A"]})}))
    assert history.execute("select id from history.ids where key > 0 order by id").fetchall() == [("a",), ("g1",)]
    assert history.execute("select valid_from, valid_to from history.grants").fetchall() == [(1, None)]


def test_what_the_service_calls_a_member_is_remembered(history: Connection) -> None:
    load(history, made(1, {"groups": named(["g1"]), "group_members": members({"g1": ["ghost"]})}))
    assert history.execute("select type from history.ids where id = 'ghost'").fetchall() == [("user",)]


def test_a_field_that_no_record_has_is_missing_and_one_that_is_null_is_not(history: Connection) -> None:
    load(history, made(1, {"users": records({"id": "a", "displayName": None}, {"id": "b"})}))
    found = history.execute("select missing_fields from history.coverage where collection = 'users'").fetchall()[0][0]
    assert "name" not in found
    assert "enabled" in found


def _site(url: str, *logins: str) -> dict[str, Part]:
    people = [{"LoginName": login} for login in logins]
    return {
        "users": records({"id": "u-1", "userPrincipalName": "Ada@Contoso.Example"}),
        "sites": records({"id": "site-1", "webUrl": url}),
        "site_members": Part((Answer({"value": [{"Id": 3, "Users": people}]}, url),)),
    }


def test_a_login_name_is_resolved_to_the_account(history: Connection) -> None:
    logins = ["i:0#.f|membership|ada@contoso.example", "c:0t.c|tenant|group-1", "c:0(.s|true"]
    load(history, made(1, _site("https://contoso.example/sites/Plans", *logins)))
    found = history.execute(
        "select p.id, o.id, r.id from history.grants as g join history.ids as p on p.key = g.principal "
        "join history.ids as o on o.key = g.role join history.ids as r on r.key = g.resource order by all"
    ).fetchall()
    assert found == [("everyone", "3", "site-1"), ("group-1", "3", "site-1"), ("u-1", "3", "site-1")]


def test_a_site_that_was_renamed_keeps_its_grants(history: Connection) -> None:
    login = "i:0#.f|membership|ada@contoso.example"
    load(history, made(1, _site("https://contoso.example/sites/Plans", login)))
    load(history, made(2, _site("https://contoso.example/sites/Plan%20B/", login)))
    assert history.execute("select valid_from, valid_to from history.grants").fetchall() == [(1, None)]
    assert history.execute("select count(*) from history.gaps").fetchall() == [(0,)]
