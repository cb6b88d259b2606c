"""What the fake answers is what Microsoft describes; skipped where the description is not beside the project."""

from __future__ import annotations

import pytest

from tests.fake_graph.caller import EM, NEWEST, Caller, lines
from tests.fake_graph.described import OPENAPI, fields_of, wrong_with_answer, wrong_with_request
from tests.fake_graph.kinds import kinds
from tests.fake_graph.test_folder import OF_GRAPH

pytestmark = pytest.mark.skipif(not OPENAPI.is_file(), reason=f"{OPENAPI.name} does not stand beside the project")
BETA = "/beta/identityGovernance/entitlementManagement/accessPackageAssignmentResourceRoles"
EXPANDED = "accessPackageSubject,accessPackageResourceRole,accessPackageResourceScope,accessPackageAssignments"


@pytest.mark.parametrize("collection", OF_GRAPH)
def test_answers_are_as_described(caller: Caller, collection: str) -> None:
    for line in lines(NEWEST, collection)[:5]:
        target = line["request"].partition("&$skiptoken")[0].replace("oneDrive.", "")
        answer = caller.ask(target)
        assert wrong_with_request(target) == []
        assert wrong_with_answer(target, answer.status_code, answer.json()) == []


@pytest.mark.parametrize(
    "target",
    [
        "/v1.0/users",
        "/v1.0/users?$select=id,signInActivity",
        "/v1.0/groups",
        "/v1.0/servicePrincipals",
        "/v1.0/organization",
        "/v1.0/subscribedSkus",
        f"{EM}/accessPackages",
        f"{EM}/assignments",
        BETA,
        f"{BETA}?$expand={EXPANDED}",
    ],
)
def test_answers_beyond_the_sample_are_as_described(caller: Caller, target: str) -> None:
    answer = caller.ask(target).raise_for_status()
    assert wrong_with_request(target) == []
    assert wrong_with_answer(target, answer.status_code, answer.json()) == []


@pytest.mark.parametrize("target", ["/v1.0/users?$select=no", "/v1.0/groups/x/members", "/v1.0/users?$top=0"])
def test_refusals_are_as_described(caller: Caller, target: str) -> None:
    answer = caller.ask(target)
    assert answer.status_code >= 400
    assert wrong_with_answer(target.partition("?")[0], answer.status_code, answer.json()) == []


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        ("/v1.0/people", ["/v1.0/people is no path"]),
        ("/v1.0/users?$skip=1", ["$skip is no option of /v1.0/users"]),
        ("/v1.0/users?$select=id,shoeSize", ["shoeSize is no field"]),
        ("/v1.0/users?$expand=boss", ["boss is no relation"]),
        (f"{EM}/assignments?$expand=target($select=shoeSize)", ["shoeSize is no field"]),
        ("/beta/groups/x/members?$select=id,appId", []),
    ],
)
def test_a_wrong_request_is_told(target: str, wrong: list[str]) -> None:
    assert wrong_with_request(target) == wrong


@pytest.mark.parametrize(
    ("target", "body", "wrong"),
    [
        ("/v1.0/users", {}, ["answer lacks value"]),
        ("/v1.0/users", {"value": {}}, ["answer.value is a dict, not array"]),
        ("/v1.0/users", {"value": [{"id": 1}]}, ["answer.value[0].id is a int, not string"]),
        ("/v1.0/users", {"value": [{"id": None}]}, ["answer.value[0].id is null"]),
        ("/v1.0/users", {"value": [{"accountEnabled": 1}]}, ["answer.value[0].accountEnabled is a int, not boolean"]),
        ("/v1.0/users", {"value": [{"createdDateTime": "x"}]}, ["answer.value[0].createdDateTime is no instant: 'x'"]),
        ("/v1.0/groups/x/members", {"value": [{"@odata.type": "#microsoft.graph.user", "mail": 5}]}, None),
        (f"{EM}/assignments", {"value": [{"target": {"objectId": 5}}]}, None),
    ],
)
def test_a_wrong_answer_is_told(target: str, body: object, wrong: list[str] | None) -> None:
    found = wrong_with_answer(target, 200, body)
    assert found == wrong if wrong is not None else len(found) == 1


def test_every_kind_has_only_fields_that_are_described() -> None:
    described_kinds = {name: fields_of(name) for name in kinds() if name != "directoryObject"}
    assert {
        name: kinds()[name].fields - known for name, known in described_kinds.items() if kinds()[name].fields - known
    } == {}
    assert [kind.name for kind in kinds().values() if not set(kind.default) <= kind.fields] == []
