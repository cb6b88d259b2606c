"""Loading: what is refused changes nothing, what fails fails alone, and one id has one key."""

from __future__ import annotations

import duckdb
import pytest

from driftaudit.errors import IntegrityError, NothingRead
from driftaudit.store.load import load
from driftaudit.store.schema import create
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


@pytest.mark.parametrize("claim", ["c:0(.s|true", "c:0!.s|windows", "c:0!.s|forms%3amembership"])
def test_every_spelling_of_everyone_is_everyone(history: Connection, claim: str) -> None:
    load(history, made(1, _site("https://contoso.example/sites/Plans", claim)))
    assert history.execute("select id from history.ids where type is null and id = 'everyone'").fetchall()


def test_a_permission_level_is_no_site_group(history: Connection) -> None:
    url = "https://contoso.example/sites/Plans"
    login = "i:0#.f|membership|ada@contoso.example"
    role = {"Member": {"LoginName": login, "PrincipalType": 1}, "RoleDefinitionBindings": [{"Id": 3}]}
    levels = Part((Answer({"value": [role]}, url),))
    load(history, made(1, {**_site(url, login), "site_role_assignments": levels}))
    found = history.execute(
        "select g.kind::varchar, p.id, o.id from history.grants as g join history.ids as p on p.key = g.principal "
        "join history.ids as o on o.key = g.role order by all"
    ).fetchall()
    assert found == [("site_group", "u-1", "3"), ("site_role", "u-1", "3")]


def _roles(*holders: str, status: str = "complete") -> dict[str, Part]:
    held = [{"roleDefinitionId": "R", "directoryScopeId": "/", "principalId": holder} for holder in holders]
    return {"users": USERS, "role_assignments": Part((Answer({"value": held}),), status=status)}  # ty: ignore[invalid-argument-type]


def test_roles_of_the_directory_close_only_where_all_of_them_were_read(history: Connection) -> None:
    load(history, made(1, _roles("a", "b")))
    load(history, made(2, _roles("a", status="partial")))
    lives = (
        "select p.id, g.valid_from, g.valid_to from history.grants as g "
        "join history.ids as p on p.key = g.principal order by all"
    )
    assert history.execute(lives).fetchall() == [("a", 1, None), ("b", 1, None)]
    load(history, made(3, _roles("a")))
    assert history.execute(lives).fetchall() == [("a", 1, None), ("b", 1, 3)]


def test_many_roles_that_are_gone_at_once_are_not_believed_before_the_next_snapshot_agrees(history: Connection) -> None:
    load(history, made(1, _roles(*(f"p{number}" for number in range(60)))))
    load(history, made(2, _roles("p1")))
    status = "select status, shrunk from history.coverage where collection = 'role_assignments' order by snapshot_id"
    assert history.execute(status).fetchall() == [("complete", False), ("partial", True)]
    load(history, made(3, _roles("p1")))
    assert history.execute("select count(*) from history.grants where valid_to is null").fetchall() == [(1,)]


def _eligible(*ends: str | None) -> dict[str, Part]:
    told = {"roleDefinitionId": "R", "directoryScopeId": "/", "principalId": "a", "startDateTime": None}
    return {"users": USERS, "role_eligibilities": records(*({**told, "endDateTime": end} for end in ends))}


def test_of_two_ends_the_later_counts_and_none_is_the_last_of_all(history: Connection) -> None:
    one, other = "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"
    for day, ends in enumerate([(one, other), (other, None), (None,), (one,)], start=1):
        load(history, made(day, _eligible(*ends)))
    found = history.execute("select ends_at::date::varchar, valid_from, valid_to from history.grants order by all")
    assert found.fetchall() == [("2026-10-01", 4, None), ("2026-11-01", 1, 2), (None, 2, 4)]


OLDER = (
    "alter table history.grants drop column ends_at",
    "alter table history.grants alter kind type varchar",
    "drop table history.kinds",
    "drop type grant_kind",
    "create type grant_kind as enum ('member', 'site_group')",
    "alter table history.grants alter kind type grant_kind",
    "create table history.kinds (kind grant_kind not null, collection varchar not null)",
    "delete from history.built",
)


def test_a_database_of_an_older_version_gets_the_kinds_and_ends_of_this_one() -> None:
    with duckdb.connect() as connection:
        create(connection)
        login = "i:0#.f|membership|ada@contoso.example"
        load(connection, made(1, _site("https://contoso.example/sites/Plans", login)))
        for statement in OLDER:
            connection.execute(statement)
        create(connection)
        load(connection, made(2, _roles("a")))
        found = connection.execute("select kind::varchar, valid_from, ends_at from history.grants order by all")
        assert found.fetchall() == [("directory_role", 2, None), ("site_group", 1, None)]


def test_a_site_that_was_renamed_keeps_its_grants(history: Connection) -> None:
    login = "i:0#.f|membership|ada@contoso.example"
    load(history, made(1, _site("https://contoso.example/sites/Plans", login)))
    load(history, made(2, _site("https://contoso.example/sites/Plan%20B/", login)))
    assert history.execute("select valid_from, valid_to from history.grants").fetchall() == [(1, None)]
    assert history.execute("select count(*) from history.gaps").fetchall() == [(0,)]
