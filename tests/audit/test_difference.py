"""Two snapshots compared: which grants changed, why, and what is not told as a change because nobody read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftaudit.audit.difference import Change, Difference, compare, difference
from driftaudit.store.database import rows
from tests.queries.cases import Row, Tenant, world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

PEOPLE, GROUPS = ("ann", "bob", "gus"), ("payroll", "shared", "staff")
Grants = set[tuple[str, str, str, str]]


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


def member(principal: str, group: str, snapshots: Iterable[int]) -> Row:
    return {"principal": principal, "resource": group, "in": list(snapshots)}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Tenant, dict[int, Grants]]:
    """Draw who is in which group in each of three snapshots, and which groups were not read."""
    cells = [(p, g) for p in PEOPLE for g in GROUPS]
    when = draw(st.lists(st.sets(st.sampled_from((1, 2, 3))), min_size=len(cells), max_size=len(cells)))
    unread = draw(st.sets(st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from(GROUPS)), max_size=3))
    rows = tuple(member(p, g, sorted(n)) for (p, g), n in zip(cells, when, strict=True) if n)
    gaps = tuple({"snapshot": n, "collection": "group_members", "scope": g} for n, g in sorted(unread))
    tenant = replace(world(), rows={**world().rows, "group_members": rows}, gaps=gaps)
    there = {
        n: {
            ("member", g, "", p) for (p, g), seen in zip(cells, when, strict=True) if n in seen and (n, g) not in unread
        }
        for n in (1, 2, 3)
    }
    return tenant, there


def changes(connection: Connection, from_id: int, to_id: int) -> tuple[Grants, Grants]:
    """Return what was gained and what was lost."""
    compare(connection, from_id, to_id)
    found = rows(connection, "select kind, resource_id, role_id, principal_id, gained from compared_grants")
    gained: Grants = {tuple(list(f.values())[:4]) for f in found if f["gained"]}
    lost: Grants = {tuple(list(f.values())[:4]) for f in found if not f["gained"]}
    return gained, lost


@settings(max_examples=10)
@given(history=histories())
def test_a_change_is_what_one_reading_shows_and_the_other_does_not(
    database: Connection, history: tuple[Tenant, dict[int, Grants]]
) -> None:
    tenant, there = history
    unread = {(g["snapshot"], g["scope"]) for g in tenant.gaps}
    always = {g for g in GROUPS if not any(scope == g for _, scope in unread)}
    told: dict[tuple[int, int], tuple[Grants, Grants]] = {}
    with filled(database, tenant):
        for a, b in ((1, 2), (2, 3), (1, 3), (3, 1), (2, 2)):
            read = {g for g in GROUPS if not {(a, g), (b, g)} & unread}
            gained, lost = changes(database, a, b)
            assert gained == {grant for grant in there[b] - there[a] if grant[1] in read}
            assert lost == {grant for grant in there[a] - there[b] if grant[1] in read}
            told[a, b] = _of(gained, always), _of(lost, always)
    assert told[3, 1] == told[1, 3][::-1]
    (up_1, down_1), (up_2, down_2) = told[1, 2], told[2, 3]
    assert told[1, 3] == ((up_1 - down_2) | (up_2 - down_1), (down_1 - up_2) | (down_2 - up_1))


def _of(grants: Grants, groups: set[str]) -> Grants:
    return {grant for grant in grants if grant[1] in groups}


def found(connection: Connection, tenant: Tenant, from_id: int = 1, to_id: int = 3) -> Difference:
    with filled(connection, tenant):
        return difference(connection, from_id, to_id, values())


def whys(told: Difference) -> dict[tuple[str, str], str]:
    """Return the reason of each change by principal and resource."""
    return {(c.principal_id, c.resource_id): f"{c.change}: {c.why}" for c in told.changes}


def tenant(without: Row | None = None, **more: Any) -> Tenant:
    """Return the world with further rows; `without` names rows of it by table that are not in every snapshot."""
    there = {name: list(found) for name, found in world().rows.items()}
    for table, when in (without or {}).items():
        there[table] = [{**r, "in": when[r["id"]]} if r["id"] in when else r for r in there[table]]
    for table, added in more.items():
        if table not in ("gaps", "coverage"):
            there[table] = [*there.get(table, []), *added]
    return replace(
        world(),
        rows={name: tuple(kept) for name, kept in there.items()},
        gaps=tuple(more.get("gaps", ())),
        coverage=tuple(more.get("coverage", ())),
    )


def held(principal: str, package: str, end: datetime | None = None, start: str = "2026-01-01", **more: Any) -> Row:
    begin = datetime.fromisoformat(start)
    told = {"state": "delivered", "start_at": begin, "end_at": end, "policy_id": "p"}
    return {"id": f"{principal}-{package}", "principal_id": principal, "package_id": package, **told, **more}


NOON = datetime(2026, 9, 28, 12)


def test_each_gain_has_its_reason(database: Connection) -> None:
    told = found(
        database,
        tenant(
            without={"users": {"gus": [2, 3]}},
            assignments=[held("ann", "clerk", start="2026-09-28T12:00:00")],
            group_members=[
                member("ann", "payroll", [2, 3]),
                member("bob", "payroll", [3]),
                member("ann", "staff", [3]),
                member("ann", "onprem", [3]),
                member("gus", "loose", [2, 3]),
                member("gus", "shared", [2, 3]),
                member("bob", "loose", [2, 3]),
                member("bob", "vault", [1, 2, 3]),
            ],
        ),
    )
    assert whys(told) == {
        ("ann", "payroll"): "gained: assignment",
        ("bob", "payroll"): "gained: direct",
        ("ann", "staff"): "gained: rule",
        ("ann", "onprem"): "gained: sync",
        ("gus", "loose"): "gained: account",
        ("gus", "shared"): "gained: direct",
        ("bob", "loose"): "gained: direct",
    }
    assert told.totals("gained") == {
        "direct": 3, "account": 1, "resource": 0, "assignment": 1, "rule": 1, "sync": 1
    }  # fmt: skip
    assert told.not_compared == ()
    assert next(c for c in told.changes if c.why == "assignment") == Change(
        change="gained",
        why="assignment",
        principal_id="ann",
        principal_name="Ann Achterberg",
        principal_type="user",
        kind="member",
        resource_id="payroll",
        resource_name="Payroll",
        role_id="",
        role_name="Member",
        explanation="assignment",
        confidence="high",
        assignment_id="ann-clerk",
        package_id="clerk",
        package_name="Clerk",
    )


def test_each_loss_has_its_reason(database: Connection) -> None:
    told = found(
        database,
        tenant(
            without={"users": {"gus": [1]}, "groups": {"vault": [1]}, "package_roles": {"r5": [1]}},
            assignments=[
                held("ann", "clerk", end=NOON),
                held("bob", "clerk"),
                held("bob", "north", end=NOON),
                held("ann", "books"),
            ],
            app_role_assignments=[{"principal": "ann", "resource": "ledger", "role": "post", "in": [1]}],
            group_members=[
                member("ann", "payroll", [1]),
                member("bob", "payroll", [1, 2]),
                member("bob", "shared", [1, 2]),
                member("ann", "staff", [1]),
                member("ann", "onprem", [1]),
                member("gus", "shared", [1]),
                member("ann", "vault", [1]),
                member("bob", "loose", [1]),
            ],
        ),
    )
    assert whys(told) == {
        ("ann", "payroll"): "lost: ended",
        ("bob", "payroll"): "lost: direct",
        ("bob", "shared"): "lost: ended",
        ("ann", "staff"): "lost: rule",
        ("ann", "onprem"): "lost: sync",
        ("gus", "shared"): "lost: account",
        ("ann", "vault"): "lost: resource",
        ("bob", "loose"): "lost: direct",
        ("ann", "ledger"): "lost: ended",
    }


def test_an_account_that_came_back_brought_its_access_along(database: Connection) -> None:
    told = found(
        database,
        tenant(
            without={"users": {"bob": [1, 3]}},
            assignments=[held("bob", "clerk", end=datetime(2026, 9, 1))],
            group_members=[member("bob", "loose", [1, 3]), member("bob", "payroll", [1, 3])],
        ),
        from_id=2,
    )
    assert whys(told) == {("bob", "loose"): "gained: account", ("bob", "payroll"): "gained: account"}


def test_an_account_is_not_called_new_where_the_list_was_not_read(database: Connection) -> None:
    told = found(
        database,
        tenant(
            without={"users": {"gus": [2, 3]}},
            group_members=[member("gus", "loose", [2, 3])],
            coverage=[{"snapshot": 1, "collection": "users", "status": "failed"}],
        ),
    )
    assert whys(told) == {("gus", "loose"): "gained: direct"}


def test_neither_a_new_name_nor_another_date_is_a_change(database: Connection) -> None:
    grant = {"principal": "ann", "resource": "ledger", "role": "post"}
    there = tenant(
        app_role_assignments=[
            {**grant, "granted_at": datetime(2026, 1, 1), "in": [1]},
            {**grant, "granted_at": datetime(2026, 2, 1), "in": [2, 3]},
        ]
    )
    users = [u for u in there.rows["users"] if u["id"] != "ann"]
    renamed = [{"id": "ann", "name": name, "in": when} for name, when in (("Ann A.", [1]), ("Ann B.", [2, 3]))]
    assert found(database, replace(there, rows={**there.rows, "users": (*users, *renamed)})).changes == ()


def test_what_was_not_read_is_counted_and_no_change(database: Connection) -> None:
    told = found(
        database,
        tenant(
            group_members=[member("ann", "payroll", [3]), member("bob", "payroll", [1]), member("ann", "loose", [3])],
            gaps=[{"snapshot": 1, "collection": "group_members", "scope": "payroll"}],
            coverage=[{"snapshot": 3, "collection": "site_members", "status": "skipped", "reason": "left out"}],
            site_members=[{"principal": "ann", "resource": "hub", "role": "5", "in": [1]}],
        ),
    )
    assert whys(told) == {("ann", "loose"): "gained: direct"}
    members, sites = told.not_compared
    assert (members.collection, members.everything, members.scopes, members.grants) == ("group_members", False, 1, 1)
    assert (members.snapshot_ids, members.reasons) == ((1,), ("refused",))
    assert (sites.collection, sites.everything, sites.scopes, sites.grants) == ("site_members", True, None, 1)
    assert (sites.snapshot_ids, sites.reasons) == ((3,), ("left out",))


def test_a_group_of_a_list_that_was_not_whole_cannot_be_compared(database: Connection) -> None:
    """Nobody was asked for its members in the first snapshot; it may have had them."""
    told = found(
        database,
        tenant(
            without={"groups": {"loose": [2, 3]}},
            group_members=[member("ann", "loose", [2, 3])],
            coverage=[{"snapshot": 1, "collection": "groups", "status": "partial"}],
        ),
    )
    assert told.changes == ()
    assert [(n.collection, n.scopes, n.reasons) for n in told.not_compared] == [
        ("group_members", 1, ("groups were not read whole",))
    ]
