"""The log as the service serves it: what can be filtered by and how, in which order, and how often."""

from __future__ import annotations

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import NEWEST, Caller
from tests.fake_graph.permissions import EVERYTHING, FOR_PERSONS

LOG = "/v1.0/auditLogs/directoryAudits"
SIGN_INS = "/v1.0/users?$select=id,signInActivity"
PERSONAL = "/v1.0/identityGovernance/termsOfUse/agreements"


def test_the_newest_comes_first_unless_another_order_is_asked_for(caller: Caller) -> None:
    newest_first = [event["activityDateTime"] for event in caller.value(LOG)]
    assert len(newest_first) > 5
    assert newest_first == sorted(newest_first, reverse=True)
    assert newest_first == [e["activityDateTime"] for e in caller.value(f"{LOG}?$orderby=activityDateTime desc")]
    assert newest_first[::-1] == [e["activityDateTime"] for e in caller.value(f"{LOG}?$orderby=activityDateTime")]


def test_a_filter_keeps_what_one_of_the_conditions_in_brackets_says(caller: Caller) -> None:
    every = caller.value(f"{LOG}?$orderby=activityDateTime")
    since = every[len(every) // 2]["activityDateTime"]
    either = "(loggedByService eq 'Entitlement Management' or startswith(activityDisplayName,'Add owner'))"
    found = caller.value(f"{LOG}?$filter=activityDateTime ge {since} and {either}&$orderby=activityDateTime")
    assert found == [
        e for e in every if e["activityDateTime"] >= since and e["loggedByService"] == "Entitlement Management"
    ]
    assert 0 < len(found) < len(every) // 2
    at = caller.value(f"{LOG}?$filter=activityDateTime eq {since}")
    assert [e["activityDateTime"] for e in at] == [since]
    earlier = caller.value(f"{LOG}?$filter=activityDateTime le {since[:19]}Z")
    assert {e["id"] for e in earlier} == {e["id"] for e in every if e["activityDateTime"] < since}


@pytest.mark.parametrize(
    "query",
    [
        "$filter=category eq 'GroupManagement'",
        "$filter=activityDateTime gt 2026-09-01T00:00:00Z",
        "$filter=startswith(loggedByService,'Core')",
        "$filter=loggedByService eq 'a' or loggedByService eq 'b'",
        "$filter=(loggedByService eq 'a'",
        "$orderby=category",
        "$select=id",
        "$expand=targetResources",
    ],
)
def test_what_the_service_does_not_serve_is_refused(caller: Caller, query: str) -> None:
    assert caller.ask(f"{LOG}?{query}").status_code == 400


def test_the_sixth_report_in_ten_seconds_is_refused_and_nothing_else_is() -> None:
    with serving(NEWEST, manners=Manners(reports_in_ten_seconds=5), step=0.0) as fake, (other := Caller(fake)).client:
        asked = [LOG, SIGN_INS, LOG, SIGN_INS, LOG]
        assert [other.ask(target).status_code for target in asked] == [200] * 5
        fake.clock.advance(4)
        refused = other.ask(LOG)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "6")
        assert other.ask("/v1.0/users").status_code == 200
        fake.clock.advance(6)
        assert other.ask(SIGN_INS).status_code == 200


def test_what_is_for_persons_no_application_reads_whatever_it_holds(caller: Caller) -> None:
    application = caller.fake.token((*EVERYTHING, *FOR_PERSONS))
    person = caller.fake.token(scopes=FOR_PERSONS, signed_in_as="ada@contoso.example")
    assert caller.ask(PERSONAL, application).status_code == 403
    assert caller.value(PERSONAL, person) == []
    assert caller.ask(PERSONAL, caller.fake.token(scopes=("User.Read",))).status_code == 403
