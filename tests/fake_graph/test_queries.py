"""Queries that the service demands, refuses, or answers only with the right header."""

from __future__ import annotations

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import EM, NEWEST, Caller, lines
from tests.fake_graph.route import PIM

EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.mark.parametrize("path", [f"/v1.0{PIM}/{kind}ScheduleInstances" for kind in ("eligibility", "assignment")])
def test_schedules_of_groups_are_listed_group_by_group_only(caller: Caller, path: str) -> None:
    assert caller.ask(path).status_code == 400
    assert caller.ask(f"{path}?$filter=accessId eq 'member'").status_code == 400
    assert caller.ask(f"{path}?$filter=groupId%20eq%20'0000dead-0000-4000-8000-00000000ffff'").json()["value"] == []


def test_schedules_are_those_of_the_group(caller: Caller) -> None:
    for line in lines(NEWEST, "pim_group_eligibilities"):
        asked = f"/v1.0{PIM}/eligibilityScheduleInstances?$filter=groupId eq '{line['scope'].upper()}'"
        assert caller.value(asked) == line["page"]["value"]


@pytest.mark.parametrize("kind", ["Eligibility", "Assignment"])
def test_schedules_of_roles_need_no_filter_but_a_licence(caller: Caller, kind: str) -> None:
    path = f"/v1.0/roleManagement/directory/role{kind}ScheduleInstances"
    assert caller.ask(path).status_code == 200
    with serving(NEWEST, manners=Manners(premium=False)) as fake, (other := Caller(fake)).client:
        assert other.refused(path) == (400, "AadPremiumLicenseRequired")
        assert other.ask("/v1.0/roleManagement/directory/roleAssignments").status_code == 200


def test_filters_keep_what_they_say(caller: Caller) -> None:
    guests = caller.value("/v1.0/users?$select=userType&$filter=userType eq 'Guest'&$top=999")
    assert {user["userType"] for user in guests} == {"Guest"}
    both = "accountEnabled eq true and userType eq 'Guest'"
    enabled = caller.value(f"/v1.0/users?$select=userType,accountEnabled&$filter={both}")
    assert 0 < len(enabled) < len(guests)
    delivered = caller.value(f"{EM}/assignments?$filter=state eq 'delivered'")
    assert {assignment["state"] for assignment in delivered} == {"delivered"}
    requests = [request for page in caller.pages(f"{EM}/assignmentRequests") for request in page["value"]]
    dates = {request["createdDateTime"] for request in requests}
    late = sorted(dates)[len(dates) // 2]
    found = caller.value(f"{EM}/assignmentRequests?$filter=createdDateTime ge {late}")
    assert {r["createdDateTime"] for r in found} == {date for date in dates if date >= late}


def test_a_filter_that_is_none_is_refused(caller: Caller) -> None:
    assert caller.refused("/v1.0/users?$filter=userType is Guest") == (400, "BadRequest")


def test_assignments_cannot_be_filtered_by_catalog(caller: Caller) -> None:
    assert caller.refused(f"{EM}/assignments?$filter=catalogId eq 'x'") == (400, "InvalidFilter")


def test_advanced_queries_need_header_and_count(caller: Caller) -> None:
    asked = "/v1.0/users?$select=userType&$filter=userType ne 'Guest'"
    assert caller.refused(asked) == (400, "Request_UnsupportedQuery")
    assert caller.refused(f"{asked}&$count=true") == (400, "Request_UnsupportedQuery")
    assert caller.ask(asked, ConsistencyLevel="eventual").status_code == 400
    found = caller.ask(f"{asked}&$count=true", ConsistencyLevel="eventual").json()
    assert found["@odata.count"] == 88 - len(caller.value("/v1.0/users?$filter=userType eq 'Guest'"))


def test_the_header_is_needed_on_every_page() -> None:
    with serving(NEWEST, manners=Manners(page_cap=30)) as fake, (caller := Caller(fake)).client:
        link = caller.ask("/v1.0/users?$count=true", **EVENTUAL).json()["@odata.nextLink"]
        refused = caller.ask(link)
        assert refused.status_code == 400
        assert "invalid page token specified" in refused.json()["error"]["message"]
        assert sum(len(page["value"]) for page in caller.pages("/v1.0/users?$count=true", **EVENTUAL)) == 88


def test_counts(caller: Caller) -> None:
    assert caller.ask("/v1.0/users/$count").status_code == 400
    assert caller.ask("/v1.0/users/$count", **EVENTUAL).text == "88"
    assert "@odata.count" not in caller.ask("/v1.0/users?$count=true").json()
    assert caller.ask("/v1.0/users?$count=true", **EVENTUAL).json()["@odata.count"] == 88


def test_a_count_can_be_wrong() -> None:
    with serving(NEWEST, manners=Manners(counts={"/users": 91})) as fake, (caller := Caller(fake)).client:
        page = caller.ask("/v1.0/users?$count=true", **EVENTUAL).json()
        assert (page["@odata.count"], len(page["value"])) == (91, 88)


@pytest.mark.parametrize(
    "target",
    [
        "/v1.0/users?$levels=max",
        "/v1.0/users?top=5",
        f"{EM}/settings?$select=id",
        "/v1.0/organization?$top=1",
        "/v1.0/subscribedSkus?$filter=skuId eq 'x'",
    ],
)
def test_options_that_a_path_does_not_have_are_refused(caller: Caller, target: str) -> None:
    assert caller.refused(target) == (400, "Request_UnsupportedQuery")


def test_an_option_is_given_once(caller: Caller) -> None:
    assert caller.refused("/v1.0/users?$select=id&$select=mail") == (400, "BadRequest")


@pytest.mark.parametrize(
    "target",
    [
        "/v1.0/people",
        "/v2.0/users",
        "/users",
        "/beta/identityGovernance/entitlementManagement/assignments",
        f"{EM}/accessPackageAssignmentResourceRoles",
    ],
)
def test_paths_that_a_version_does_not_have_are_refused(caller: Caller, target: str) -> None:
    assert caller.refused(target) == (400, "BadRequest")
