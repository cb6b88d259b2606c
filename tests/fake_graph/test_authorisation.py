"""Who may read what: tokens, their tenant and audience, and the permissions in them."""

from __future__ import annotations

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import EM, NEWEST, Caller
from tests.fake_graph.permissions import ACCEPTED, EVERYTHING
from tests.fake_graph.route import Route
from tests.fake_graph.routes import ROUTES
from tests.fake_graph.tokens import token

NEITHER = "0000dead-0000-4000-8000-00000000ffff"
DENIED = (403, "Authorization_RequestDenied")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Bearer a.b.c", "Basic a.b"])
def test_without_a_token_nothing_is_told(caller: Caller, header: str | None) -> None:
    headers = {"authorization": header} if header else {}
    answer = caller.client.get(caller.address("/v1.0/users"), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert "www-authenticate" in answer.headers


def test_a_token_expires_by_the_clock_of_the_service() -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        hour = fake.token(expires_at=fake.clock.timestamp() + 3_600)
        assert caller.ask("/v1.0/users", hour).status_code == 200
        fake.clock.advance(3_600)
        assert caller.refused("/v1.0/users", hour) == (401, "InvalidAuthenticationToken")


def test_a_token_can_be_taken_back() -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        held = fake.token()
        assert caller.ask("/v1.0/users", held).status_code == 200
        fake.revoke(held)
        assert caller.refused("/v1.0/users", held) == (401, "InvalidAuthenticationToken")


def test_a_token_for_another_service_or_tenant_is_refused(caller: Caller) -> None:
    elsewhere = token(EVERYTHING, tenant_id=caller.fake.tenant_id, audience="https://contoso.sharepoint.com")
    assert caller.refused("/v1.0/users", elsewhere) == (401, "InvalidAuthenticationToken")
    stranger = token(EVERYTHING, tenant_id=NEITHER)
    assert caller.refused("/v1.0/users", stranger) == (401, "Authorization_IdentityNotFound")


def asked(route: Route) -> str:
    """Return a request to a route, for an object that is not there."""
    filtered = f"?$filter=groupId eq '{NEITHER}'" if route.must_filter else ""
    return f"/{route.versions[0]}{route.path.replace('{}', NEITHER)}{filtered}"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_a_path_opens_to_each_of_its_permissions_and_to_no_other(caller: Caller, route: Route) -> None:
    accepted = ACCEPTED[route.permission]

    def held(permissions: set[str]) -> str:
        return caller.fake.token(scopes=permissions) if route.delegated_only else caller.fake.token(permissions)

    for permission in sorted(accepted):
        assert caller.ask(asked(route), held({permission})).status_code in (200, 404), permission
    everything_else = set(EVERYTHING).union(*ACCEPTED.values()) - accepted
    assert caller.refused(asked(route), held(everything_else)) == DENIED


def test_a_person_reads_with_scopes_but_not_all_sites(caller: Caller) -> None:
    person = caller.fake.token([], scopes=["User.Read.All", "Sites.Read.All"], signed_in_as="astrid@contoso.example")
    assert caller.ask("/v1.0/users", person).status_code == 200
    assert caller.refused("/v1.0/groups", person) == DENIED
    assert caller.refused("/v1.0/sites/getAllSites", person) == DENIED


def test_sign_ins_need_their_own_permission_and_licence(caller: Caller) -> None:
    asked = "/v1.0/users?$select=id,signInActivity"
    assert any(user["signInActivity"] for user in caller.value(asked))
    assert caller.refused(asked, caller.fake.token(without=["AuditLog.Read.All"])) == DENIED
    with serving(NEWEST, manners=Manners(premium=False)) as fake, (poor := Caller(fake)).client:
        assert poor.refused(asked) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


def test_leave_dates_without_their_permission_are_null_or_refused(caller: Caller) -> None:
    asked = "/v1.0/users?$select=id,employeeLeaveDateTime&$top=999"
    poor = caller.fake.token(without=["User-LifeCycleInfo.Read.All"])
    assert any(user["employeeLeaveDateTime"] for user in caller.value(asked))
    assert not any(user["employeeLeaveDateTime"] for user in caller.value(asked, poor))
    with serving(NEWEST, manners=Manners(leave_dates="refused")) as fake, (strict := Caller(fake)).client:
        assert strict.refused(asked, poor) == DENIED


def test_basic_permissions_open_the_path_and_leave_fields_null(caller: Caller) -> None:
    basic = caller.fake.token(["User.ReadBasic.All", "Group.ReadBasic.All"])
    users = caller.value("/v1.0/users?$select=displayName,accountEnabled,userType", basic)
    assert all(user["displayName"] for user in users)
    assert {(user["accountEnabled"], user["userType"]) for user in users} == {(None, None)}
    assert not any(group["membershipRule"] for group in caller.value("/v1.0/groups", basic))
    assert any(group["membershipRule"] for group in caller.value("/v1.0/groups"))


def test_permissions_count_inside_batches_too(caller: Caller) -> None:
    poor = caller.fake.token(without=["EntitlementManagement.Read.All"])
    items = [{"id": "1", "method": "GET", "url": EM.removeprefix("/v1.0") + "/catalogs"}]
    answer = caller.client.post(
        caller.address("/v1.0/$batch"), headers=caller.signed_in(poor), json={"requests": items}
    ).json()
    assert answer["responses"][0]["status"] == 403
