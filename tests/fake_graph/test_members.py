"""Members: who is left out, who is shown by id and type only, and whose group is hidden."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import NEWEST, Caller

HIDDEN, MIXED = "0000dead-0000-4000-8000-000000000001", "0000dead-0000-4000-8000-000000000002"
ROBOT, DEVICE = "0000dead-0000-4000-8000-000000000003", "0000dead-0000-4000-8000-000000000004"
EXTRA = {
    "/groups": [
        {"id": HIDDEN, "displayName": "Hidden", "visibility": "HiddenMembership"},
        {"id": MIXED, "displayName": "Mixed", "visibility": "Private"},
    ],
    "/servicePrincipals": [{"id": ROBOT, "displayName": "Robot", "appId": ROBOT}],
    f"/groups/{HIDDEN}/members": [{"@odata.type": "#microsoft.graph.device", "id": DEVICE}],
    f"/groups/{MIXED}/members": [
        {"@odata.type": "#microsoft.graph.servicePrincipal", "id": ROBOT},
        {"@odata.type": "#microsoft.graph.device", "id": DEVICE, "displayName": "Kiosk"},
    ],
}


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    """Return somebody who asks a tenant with such groups."""
    with serving(NEWEST, extra=EXTRA) as fake:
        caller = Caller(fake)
        with caller.client:
            yield caller


def types(caller: Caller, target: str) -> list[str]:
    return [member["@odata.type"].rpartition(".")[2] for member in caller.value(target)]


def test_v1_leaves_service_principals_out_and_beta_does_not(caller: Caller) -> None:
    assert types(caller, f"/v1.0/groups/{MIXED}/members") == ["device"]
    assert types(caller, f"/beta/groups/{MIXED}/members") == ["servicePrincipal", "device"]


def test_members_show_what_their_own_type_has(caller: Caller) -> None:
    robot, device = caller.value(f"/beta/groups/{MIXED}/members?$select=id,displayName,userPrincipalName,appId")
    assert robot == {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        "id": ROBOT,
        "displayName": "Robot",
        "appId": ROBOT,
    }
    assert device == {"@odata.type": "#microsoft.graph.device", "id": DEVICE, "displayName": "Kiosk"}


def test_types_that_may_not_be_read_show_id_and_type_only(caller: Caller) -> None:
    poor = caller.fake.token(without=["Application.Read.All", "Device.Read.All"])
    for member in caller.value(f"/beta/groups/{MIXED}/members?$select=id,displayName", poor):
        assert member["id"] in (ROBOT, DEVICE)
        assert member["displayName"] is None


def test_hidden_members_are_refused_without_their_permission(caller: Caller) -> None:
    poor = caller.fake.token(without=["Member.Read.Hidden"])
    assert caller.refused(f"/v1.0/groups/{HIDDEN}/members", poor) == (403, "Authorization_RequestDenied")
    assert types(caller, f"/v1.0/groups/{HIDDEN}/members") == ["device"]


def test_hidden_members_can_look_like_nobody() -> None:
    manners = Manners(hidden_members="empty")
    with serving(NEWEST, extra=EXTRA, manners=manners) as fake, (caller := Caller(fake)).client:
        poor = fake.token(without=["Member.Read.Hidden"])
        assert caller.value(f"/v1.0/groups/{HIDDEN}/members", poor) == []


def test_a_group_that_is_not_there_is_not_found(caller: Caller) -> None:
    nobody = "0000dead-0000-4000-8000-00000000ffff"
    for below in ("", "/members", "/owners"):
        assert caller.refused(f"/v1.0/groups/{nobody}{below}") == (404, "Request_ResourceNotFound")


def test_ids_are_the_same_in_either_case(caller: Caller) -> None:
    assert caller.value(f"/v1.0/groups/{MIXED.upper()}/members") == caller.value(f"/v1.0/groups/{MIXED}/members")
