"""Why somebody holds or lacks access: every path, every reason, and nothing unread that sounds like no access."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from driftaudit.audit.explain.absent import WHY_ABSENT
from driftaudit.audit.explain.asked import find_principal, find_resource
from driftaudit.audit.explain.paths import ways
from driftaudit.audit.explain.story import Story
from driftaudit.audit.explain.tell import answer
from driftaudit.audit.explain.text import lines
from driftaudit.errors import UsageError
from driftaudit.store.model import build
from tests.queries.cases import Row, Tenant, world
from tests.queries.runner import empty_database, filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

Ask = Callable[..., Story]
LONG_AGO = datetime(2026, 1, 1)


def held(principal: str, package: str, **more: Any) -> Row:
    told = {"state": "delivered", "start_at": LONG_AGO, "policy_id": "p"}
    return {"id": f"{principal}-{package}", "principal_id": principal, "package_id": package, **told, **more}


def role(package: str, group: str, *, system: str = "AadGroup", origin: str = "Member") -> Row:
    return {
        "id": f"{package}-{group}", "package_id": package, "role_name": origin, "role_origin_id": f"{origin}_{group}",
        "origin_system": system, "scope_origin_id": group, "created_at": LONG_AGO,
    }  # fmt: skip


def grant(principal: str, resource: str, role: str = "", **more: Any) -> Row:
    return {"principal": principal, "resource": resource, **({"role": role} if role else {}), **more}


def _words(text: str) -> list[str]:
    return text.split()


def told() -> Tenant:
    """Return a tenant with groups in groups, all kinds of access, and promises that are not kept."""
    more: dict[str, list[Row]] = {
        "users": [
            {"id": "dora", "name": "Dora Dimmed", "user_type": "Member", "enabled": False},
            {"id": "twin1", "name": "Toni Twin", "user_principal_name": "toni1@contoso.example", "user_type": "Member"},
            {"id": "twin2", "name": "Toni Twin", "user_principal_name": "toni2@contoso.example", "user_type": "Guest"},
            {"id": "emil", "name": "Emil Erased", "user_type": "Member", "enabled": True, "in": [1]},
            {"id": "fay", "name": "Fay Faded", "user_type": "Member", "enabled": True, "in": [1]},
            {"id": "mia", "name": "Jose\u0301 Maía", "mail": "Mia@Contoso.example", "user_type": "Member"},
        ],
        "deleted_users": [{"id": "emil", "name": "Emil Erased", "deleted_at": datetime(2026, 9, 28, 9), "in": [2, 3]}],
        "groups": [{"id": n, "name": n.title(), "group_types": [], "in": [1]} for n in ("gone", "lost")],
        "deleted_groups": [{"id": "gone", "name": "Gone", "deleted_at": datetime(2026, 9, 28, 9), "in": [2, 3]}],
        "packages": [{"id": n, "name": n.title(), "catalog_id": "main"} for n in _words("ghost odd blind pim trace")],
        "package_roles": [
            role("ghost", "gone"),
            role("odd", "x", system="Custom"),
            role("pim", "vault"),
            role("trace", "lost"),
        ],
        "group_members": [
            grant("ann", "loose"),
            grant("bob", "loose"),
            grant("loose", "shared", principal_type="group"),
            grant("shared", "payroll", principal_type="group"),
            grant("payroll", "loose", principal_type="group"),
            grant("mia", "payroll", **{"in": [1, 2]}),
            grant("dora", "shared"),
            grant("twin1", "chest"),
            grant("twin2", "helpers"),
            grant("helpers", "chest", principal_type="group"),
        ],
        "role_definitions": [
            {"id": n, "name": f"{n.title()} role", "template_id": f"{n}-template"} for n in ("desk", "reader")
        ],
        "role_assignments": [grant("chest", "desk", "/"), grant("twin1", "reader", "/units/x")],
        "role_eligibilities": [grant("twin1", "reader", "/", ends_at=datetime(2026, 12, 1))],
        "role_assignment_schedules": [
            {"id": "s", "role_definition_id": "reader", "scope_id": "/units/x", "principal_id": "twin1",
             "assignment_type": "Assigned", "start_at": LONG_AGO},
        ],
        "site_role_assignments": [grant("everyone_except_external", "hub", "1073741826")],
        "group_owners": [grant("ann", "loose")],
        "pim_group_eligibilities": [grant("bob", "vault", kind="eligible_member")],
        "app_role_assignments": [
            grant("loose", "ledger", "post", principal_type="group"),
            grant("shared", "ledger", "read", principal_type="group"),
        ],
        "site_members": [
            grant("payroll", "hub", "5"),
            grant("loose_o", "hub", "3"),
            grant("everyone", "hub", "4"),
            grant("vault", "hub", "6"),
        ],
        "assignments": [
            held("ann", "north", end_at=datetime(2026, 9, 28, 12)),
            *(held("bob", p) for p in _words("north everybody legacy keeper pim ghost trace odd blind")),
            *(held(who, "web", start_at=datetime(2026, 9, 29, 12)) for who in ("gus", "mia")),
            held("dora", "south"),
            held("bob", "books", state="delivering"),
            *(held(who, "clerk") for who in ("gus", "dora", "emil", "fay", "stranger")),
        ],
        "requests": [
            {"id": "q1", "type": "userAdd", "state": "delivered", "package_id": "clerk", "assignment_id": "gus-clerk",
             "requestor_id": "ann", "principal_id": "gus", "justification": "for \x1b[31mred", "created_at": LONG_AGO},
        ],
    }  # fmt: skip
    rows = {name: (*world().rows.get(name, ()), *more.get(name, ())) for name in {**world().rows, **more}}
    gaps = [("group_owners", "vault"), ("package_roles", "blind")]
    return replace(world(), rows=rows, gaps=tuple({"snapshot": 3, "collection": c, "scope": s} for c, s in gaps))


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection, filled(connection, told()):
        build(connection, 3, values())
        yield connection


@pytest.fixture(scope="module")
def ask(database: Connection) -> Ask:
    """Return the function that asks about the third snapshot."""

    @cache
    def ask_(principal: str, resource: str | None = None) -> Story:
        what = find_resource(database, resource) if resource else None
        return answer(database, 3, find_principal(database, principal), what)

    return ask_


def paths(story: Story) -> dict[str, str | None]:
    """Return each path as a chain, with why it gives no access."""
    return {
        " > ".join([*(f"{s.via} {s.id}" for s in p.way.steps), f"{h.grant['kind']} {h.grant['resource_id']}"
                    + (f" {h.grant['role_id']}" if h.grant["role_id"] else "")]): p.why_not
        for h in story.held for p in h.paths
    }  # fmt: skip


def test_every_path_is_told_and_circles_end(ask: Ask) -> None:
    nested = "an application honours direct members of an assigned group only; the nesting does not count"
    assert paths(ask("ann")) == {
        "member loose": None,
        "owner loose": None,
        "member loose > member shared": None,
        "member loose > member shared > member payroll": None,
        "member loose > app_role ledger post": None,
        "member loose > member shared > app_role ledger read": nested,
        "member loose > member shared > member payroll > site_group hub 5": None,
        "owner loose_o > site_group hub 3": None,
        "class everyone > site_group hub 4": None,
        "class everyone_except_external > site_role hub 1073741826": None,
    }


def test_everybody_is_there_all_the_time(ask: Ask) -> None:
    assert ask("everyone").principal.status == "present"


def test_roles_of_the_directory_are_held_directly_or_in_a_group_and_not_in_one_inside_it(ask: Ask) -> None:
    assert paths(ask("twin1")) == {
        "member chest": None,
        "member chest > directory_role desk /": None,
        "directory_role reader /units/x": None,
        "eligible_directory_role reader /": "it is eligible only, and has to be activated first",
        "class everyone > site_group hub 4": None,
        "class everyone_except_external > site_role hub 1073741826": None,
    }
    nested = "a directory role reaches direct members of a group only; the nesting does not count"
    found = paths(ask("twin2"))
    assert found["member helpers > member chest > directory_role desk /"] == nested
    assert not [path for path in found if path.startswith("class everyone_except_external")]


def test_a_role_of_the_directory_goes_by_name_and_template_and_its_schedule_is_told(ask: Ask) -> None:
    story = ask("twin1", "reader-template")
    assert (story.resource and story.resource.type, story.verdict) == ("directory_role", "holds")
    assert [(a["access_id"], a["group_name"], a["assignment_type"]) for a in story.activations] == [
        ("directory_role", "Reader role", "assigned")
    ]
    assert ask("twin2", "Desk role").verdict == "no_access"
    assert {r.collection for r in story.reads} >= {"role_definitions", "role_assignments", "role_eligibilities"}
    text = [line for _, line in lines(story)]
    assert "assigned as directory_role of “Reader role” since 1\u00a0January 2026, 00:00 UTC, without end" in text


def test_everybody_goes_by_name_too(ask: Ask) -> None:
    assert paths(ask("Everyone except external users")) == {"site_role hub 1073741826": None}


def test_what_is_only_eligible_gives_no_access(ask: Ask) -> None:
    found = paths(ask("bob"))
    assert found["eligible_member vault"] == "it is eligible only, and has to be activated first"
    assert found["eligible_member vault > site_group hub 6"] == (
        "it is eligible only for “Vault”, which has to be activated first"
    )


def test_a_way_is_the_shortest_from_each_group_that_one_is_in() -> None:
    def edge(inner: str, outer: str) -> Row:
        names = {"resource_id": outer, "resource_name": outer}
        return {"holder_id": inner, "kind": "member", "open": True, **names}

    edges = [edge(a, b) for a, b in ("pa", "pb", "ac", "cd", "bd", "de", "ed", "cp")]
    found = {to: ["".join(s.id for s in way.steps) for way in all_] for to, all_ in ways("p", edges, ()).items()}
    assert found == {"p": [""], "a": ["a"], "b": ["b"], "c": ["ac"], "d": ["acd", "bd"], "e": ["acde", "bde"]}


def test_a_resource_alone_is_told_with_a_verdict(ask: Ask) -> None:
    assert ask("ann", "Ledger").verdict == "holds"
    assert ask("ann", "https://contoso.example/sites/hub/").verdict == "holds"
    assert ask("bob", "vault").verdict == "not_known"
    assert ask("mia", "Payroll").verdict == "no_access"
    assert ask("gus", "clerk").verdict == "no_access"
    assert ask("ann", "blind").verdict == "not_known"
    assert {h.grant["resource_id"] for h in ask("ann", "Ledger").held} == {"ledger"}


def test_what_is_left_over_is_told_with_its_assignment(ask: Ask) -> None:
    (assignment,) = ask("ann", "north").assignments
    assert (assignment["id"], assignment["life"], assignment["ended_by"]) == (
        "ann-north", "ended", datetime(2026, 9, 28, 12)
    )  # fmt: skip


def test_what_was_held_before_is_told(ask: Ask) -> None:
    (life,) = ask("mia").held_before
    assert (life["resource_id"], life["began_after"], life["began_by"]) == ("payroll", None, datetime(2026, 9, 28, 2))
    assert (life["last_seen_at"], life["gone_by"]) == (datetime(2026, 9, 29, 2), datetime(2026, 9, 30, 2))


REASONS = (
    ("bob", "north", "through_group"),
    ("bob", "everybody", "dynamic_group"),
    ("bob", "legacy", "synced_group"),
    ("bob", "keeper", "not_read"),
    ("bob", "pim", "eligible_only"),
    ("bob", "ghost", "resource_deleted"),
    ("bob", "trace", "resource_gone"),
    ("bob", "odd", "role_not_mapped"),
    ("bob", "blind", "roles_not_read"),
    ("bob", "books", "delivering"),
    ("mia", "web", "within_grace"),
    ("gus", "web", "guest_unknown_to_site"),
    ("gus", "clerk", "unexplained"),
    ("dora", "clerk", "principal_disabled"),
    ("emil", "clerk", "principal_deleted"),
    ("fay", "clerk", "principal_gone"),
)


@pytest.mark.parametrize(("who", "package", "why"), REASONS)
def test_what_is_promised_and_not_held_has_its_reason(ask: Ask, who: str, package: str, why: str) -> None:
    assert [absent.why for absent in ask(who).absent if absent.role["package_id"] == package] == [why]
    assert why in WHY_ABSENT


def test_every_reason_is_met() -> None:
    assert {why for _, _, why in REASONS} == set(WHY_ABSENT)


def test_what_puts_one_into_a_group_on_the_way_is_told_too(ask: Ask) -> None:
    story = ask("dora", "payroll")
    (path,) = [p for h in story.held for p in h.paths]
    assert [(s.id, s.grant and s.grant["assignment_id"]) for s in path.way.steps] == [("shared", "dora-south")]
    assert {a["id"] for a in story.assignments} == {"dora-clerk", "dora-south"}


def test_all_that_is_promised_and_not_held_is_told_without_a_resource(ask: Ask) -> None:
    assert len(ask("bob").absent) == 10
    assert [absent.role["package_id"] for absent in ask("bob", "pim").absent] == ["pim"]


def test_who_stands_in_no_list_is_told_of(ask: Ask) -> None:
    story = ask("stranger")
    assert (story.principal.status, story.principal.type) == ("unlisted", "unknown")
    assert [a["id"] for a in story.assignments] == ["stranger-clerk"]


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("ANN", "ann"),
        ("ann achterberg", "ann"),
        ("Ann@Contoso.example", "ann"),
        ("mia@contoso.EXAMPLE", "mia"),
        ("JOSÉ maía", "mia"),
        ("emil erased", "emil"),
        ("stranger", "stranger"),
        ("vault_o", "vault_o"),
        ("Robot", "robot"),
        ("twin2", "twin2"),
    ],
)
def test_a_principal_goes_by_id_name_and_address(database: Connection, words: str, id_: str) -> None:
    assert find_principal(database, words).id == id_


def test_several_of_one_name_are_listed_with_their_ids(database: Connection) -> None:
    with pytest.raises(UsageError, match="2 go by the name 'toni twin'") as error:
        find_principal(database, "toni twin")
    assert "twin1  Toni Twin (user, toni1@contoso.example)" in error.value.next_step
    assert "twin2  Toni Twin (guest, toni2@contoso.example)" in error.value.next_step


def test_the_nearest_are_named_where_there_is_none(database: Connection) -> None:
    with pytest.raises(UsageError, match="No snapshot knows a principal 'Acterberg'") as error:
        find_principal(database, "Acterberg")
    assert "ann  Ann Achterberg" in error.value.next_step.splitlines()[1]
    with pytest.raises(UsageError, match="Give an id, a name"):
        find_resource(database, "zzzzzzzz")


@pytest.mark.parametrize("words", ["ledger", "HUB", "https://contoso.example/sites/Hub", "clerk", "gone"])
def test_a_resource_goes_by_id_name_and_address(database: Connection, words: str) -> None:
    assert find_resource(database, words).id in ("ledger", "hub", "clerk", "gone")


def test_words_tell_who_asked_and_why(ask: Ask) -> None:
    text = [line for _, line in lines(ask("gus", "clerk"))]
    assert "No: Gus Guest holds no access to “Clerk” (package clerk), and all that could tell was read." in text
    assert "nothing that was read tells why" in text
    assert "asked for by Ann Achterberg on 1\u00a0January 2026" in text
    assert "justification: for \x1b[31mred" in text


def test_words_never_make_no_access_of_what_was_not_read(ask: Ask) -> None:
    text = [line for _, line in lines(ask("ann", "vault"))]
    assert any(line.startswith("Not known: no access of Ann Achterberg to “Vault”") for line in text)
    assert "◌ group owners: read in part (Vault: refused)" in text
