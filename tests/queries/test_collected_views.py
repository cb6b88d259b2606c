"""Views over what is collected beyond access itself: every id has its name, and nothing is told of that is over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from driftaudit.store.database import rows
from tests.queries.cases import Row, Tenant, world
from tests.queries.runner import empty_database, filled

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

FIRST, SECOND = datetime(2026, 9, 29, 2), datetime(2026, 9, 30, 2)


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


def shown(database: Connection, view: str, **more: list[Row]) -> list[dict[str, Any]]:
    """Return what a view shows of the world with more in it."""
    told = world().rows | {name: tuple(found) for name, found in more.items()}
    with filled(database, Tenant((FIRST, SECOND), told)):
        return rows(database, f"from {view} order by all")


def plan(name: str, status: str = "Success") -> dict[str, str]:
    return {"servicePlanId": name.upper(), "servicePlanName": name, "provisioningStatus": status}


@pytest.mark.parametrize(
    ("status", "units", "enabled"),
    [("Enabled", 25, True), ("enabled", 1, True), ("Enabled", 0, False), ("Enabled", None, False),
     ("Suspended", 25, False), ("Warning", 25, False), (None, 25, False)],
)  # fmt: skip
def test_a_plan_is_enabled_where_its_licence_is_in_force(
    database: Connection, status: str | None, units: int | None, enabled: bool
) -> None:
    licence = {"id": "t_p2", "sku_id": "p2", "sku_name": "AAD_PREMIUM_P2", "capability_status": status}
    plans = json.dumps([plan("AAD_PREMIUM"), plan("Mail", "Disabled")])
    found = shown(
        database, "service_plans", subscribed_skus=[licence | {"enabled_units": units, "service_plans": plans}]
    )
    named = {"sku_id": "p2", "sku_name": "AAD_PREMIUM_P2", "enabled": enabled}
    assert found == [
        named | {"id": "aad_premium", "name": "AAD_PREMIUM", "provisioning_status": "Success"},
        named | {"id": "mail", "name": "Mail", "provisioning_status": "Disabled"},
    ]


def test_a_licence_without_plans_has_none(database: Connection) -> None:
    bare = [{"id": "t_a", "sku_id": "a"}, {"id": "t_b", "sku_id": "b", "service_plans": "[]"}]
    assert shown(database, "service_plans", subscribed_skus=bare) == []


def test_a_sign_in_has_the_name_of_who_it_was(database: Connection) -> None:
    user = world().rows["users"][0]
    day = datetime(2026, 9, 1)
    found = shown(
        database,
        "sign_ins",
        sign_ins=[
            {"id": user["id"], "last_success_on": day},
            {"id": "gone", "last_success_on": day, "in": [1]},
            {"id": "stranger"},
        ],
    )
    assert [(row["id"], row["name"], row["last_success_on"]) for row in found] == sorted(
        [(user["id"], user["name"], day.date()), ("stranger", None, None)]
    )


def test_sponsors_stand_beside_their_partner_with_what_they_are(database: Connection) -> None:
    user, group = world().rows["users"][0], world().rows["groups"][0]
    found = shown(
        database,
        "connected_organization_sponsors",
        connected_organizations=[{"id": "o1", "name": "Fabrikam"}],
        connected_organization_sponsors=[
            {"organization_list": "o1/internalSponsors", "id": user["id"]},
            {"organization_list": "o1/internalSponsors", "id": group["id"]},
            {"organization_list": "o1/externalSponsors", "id": "eve"},
            {"organization_list": "o1/externalSponsors", "id": "gone", "in": [1]},
        ],
    )
    assert {row["organization_id"] for row in found} == {"o1"}
    assert {row["organization_name"] for row in found} == {"Fabrikam"}
    told = {(row["kind"], row["sponsor_id"], row["sponsor_name"], row["sponsor_type"]) for row in found}
    assert told == {
        ("internal", user["id"], user["name"], "user"),
        ("internal", group["id"], group["name"], "group"),
        ("external", "eve", None, "unknown"),
    }


def test_a_stage_has_the_name_of_its_round(database: Connection) -> None:
    found = shown(
        database,
        "review_stages",
        review_definitions=[{"id": "series", "name": "Quarterly"}],
        review_instances=[{"definition_id": "series", "id": "q3", "status": "InProgress"}],
        review_stages=[
            {"instance": "series/q3", "id": "s1", "status": "Completed", "reviewers": "[]"},
            {"instance": "series/q3", "id": "s2", "status": "InProgress", "in": [2]},
            {"instance": "series/q3", "id": "s0", "in": [1]},
        ],
    )
    told = [(row["review_id"], row["review_name"], row["id"], row["status"]) for row in found]
    assert told == [("q3", "Quarterly", "s1", "Completed"), ("q3", "Quarterly", "s2", "InProgress")]


def delivered(**more: Any) -> dict[str, Any]:
    """Return a role that was delivered."""
    role = world().rows["package_roles"][0]
    known = {name: role[name] for name in ("role_origin_id", "scope_origin_id", "origin_system")}
    return {"id": "d1", "status": "Fulfilled", "principal_id": world().rows["users"][0]["id"]} | known | more


def test_a_delivered_role_is_told_as_grants_and_packages_are(database: Connection) -> None:
    user, role = world().rows["users"][0], world().rows["package_roles"][0]
    package = next(p for p in world().rows["packages"] if p["id"] == role["package_id"])
    held = [{"id": i, "principal_id": user["id"], "package_id": package["id"], "state": "delivered"} for i in "ab"]
    (found,) = shown(
        database,
        "delivered_roles",
        assignments=held,
        delivered_roles=[delivered(assignment_ids=["a", "b", "older"]), delivered(id="d0", **{"in": [1]})],
    )
    (known,) = [
        row
        for row in shown(database, "package_roles")
        if (row["package_id"], row["scope_origin_id"]) == (package["id"], role["scope_origin_id"])
    ]
    assert (found["principal_name"], found["package_names"]) == (user["name"], [package["name"]])
    for name in ("kind", "resource_id", "resource_name", "role_id", "role_name", "origin_system"):
        assert found[name] == known[name], name
    assert found["kind"] is not None
    assert found["assignment_ids"] == ["a", "b", "older"]


def test_a_delivered_role_that_no_package_has_is_told_as_it_was_written(database: Connection) -> None:
    (found,) = shown(database, "delivered_roles", delivered_roles=[delivered(role_origin_id="Member_nowhere")])
    assert (found["kind"], found["resource_id"], found["role_name"], found["package_names"]) == (None,) * 4
    assert (found["id"], found["role_origin_id"]) == ("d1", "Member_nowhere")
