"""Answers hold the fields that were asked for and relations that were expanded, nothing else."""

from __future__ import annotations

import pytest

from tests.fake_graph.caller import EM, Caller

BASIC = {
    "id",
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
}


def test_users_without_select_have_the_documented_fields_only(caller: Caller) -> None:
    for user in caller.value("/v1.0/users"):
        assert set(user) == BASIC


def test_only_selected_fields_are_sent_and_the_id_always(caller: Caller) -> None:
    assert {tuple(user) for user in caller.value("/v1.0/users?$select=userType,accountEnabled")} == {
        ("id", "userType", "accountEnabled")
    }


def test_a_known_field_of_which_nothing_is_known_is_null_or_an_empty_list(caller: Caller) -> None:
    user = caller.value("/v1.0/users?$select=employeeId,assignedLicenses")[0]
    assert (user["employeeId"], user["assignedLicenses"]) == (None, [])


@pytest.mark.parametrize(
    "target",
    [
        "/v1.0/users?$select=id,userTypo",
        "/v1.0/users?$select=id,",
        "/v1.0/users?$select=manager",
        "/v1.0/groups?$select=membershiprule",
        "/v1.0/users?$expand=boss",
        "/v1.0/users?$expand=manager($select=idd)",
        "/v1.0/users?$expand=manager($top=1)",
        "/v1.0/users?$expand=manager($select=id",
        f"{EM}/assignments?$expand=target($expand=nothing)",
        f"{EM}/accessPackages?$expand=catalog&$select=catalogId",
    ],
)
def test_a_field_or_relation_that_does_not_exist_is_refused(caller: Caller, target: str) -> None:
    assert caller.refused(target) == (400, "BadRequest")


def test_fields_that_no_list_can_give_are_not_implemented(caller: Caller) -> None:
    assert caller.ask("/v1.0/users?$select=id,birthday").status_code == 501


def test_the_manager_comes_only_when_expanded_and_only_as_asked(caller: Caller) -> None:
    plain = caller.value("/v1.0/users?$select=id")
    assert not any("manager" in user for user in plain)
    managers = [
        u["manager"] for u in caller.value("/v1.0/users?$select=id&$expand=manager($select=id)") if "manager" in u
    ]
    assert {tuple(manager) for manager in managers} == {("@odata.type", "id")}
    named = caller.value("/v1.0/users?$select=id&$expand=manager($select=id,displayName)")
    assert all(user["manager"]["displayName"] for user in named if "manager" in user)


def test_assignments_name_nobody_unless_expanded(caller: Caller) -> None:
    bare = caller.value(f"{EM}/assignments")[0]
    assert not {"target", "accessPackage", "assignmentPolicy", "targetId", "accessPackageId"} & set(bare)
    assert {"target", "accessPackage"} <= set(caller.value(f"{EM}/assignments?$expand=target,accessPackage")[0])


def test_relations_nest_only_where_they_are_nested(caller: Caller) -> None:
    outer = caller.value(f"{EM}/assignmentRequests?$expand=assignment")
    inner = caller.value(f"{EM}/assignmentRequests?$expand=assignment($expand=target)")
    assert not any("target" in request["assignment"] for request in outer if request.get("assignment"))
    assert any("target" in request["assignment"] for request in inner if request.get("assignment"))


def test_roles_of_a_package_come_from_the_package_itself_not_from_the_list(caller: Caller) -> None:
    package = caller.value(f"{EM}/accessPackages")[0]["id"]
    assert caller.refused(f"{EM}/accessPackages?$expand=resourceRoleScopes") == (400, "BadRequest")
    one = caller.ask(f"{EM}/accessPackages/{package}?$expand=resourceRoleScopes($expand=role)").json()
    assert [tuple(role) for role in one["resourceRoleScopes"]][:1] == [("id", "createdDateTime", "role")]
    assert one["@odata.context"].endswith("accessPackages(resourceRoleScopes(role()))/$entity")


def test_an_expanded_list_stops_at_twenty_and_does_not_say_so(caller: Caller) -> None:
    groups = caller.value("/v1.0/groups?$select=id&$expand=members($select=id)")
    sizes = {g["id"]: len(list(caller.value(f"/beta/groups/{g['id']}/members?$top=999"))) for g in groups}
    longest = max(groups, key=lambda group: sizes[group["id"]])
    assert sizes[longest["id"]] > 20
    assert len(longest["members"]) == 20
    assert not any(name.startswith("members@") for name in longest)


def test_every_list_says_what_it_is(caller: Caller) -> None:
    page = caller.ask("/v1.0/users?$select=id&$expand=manager($select=id)").json()
    assert page["@odata.context"] == f"{caller.fake.url}/v1.0/$metadata#users(id,manager(id))"
