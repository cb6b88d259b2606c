"""What only a person who signs in may read: read then, and otherwise out of scope, which is no failure."""

from __future__ import annotations

from typing import Any

import pytest

from driftaudit.cli._collected import exit_code
from driftaudit.collect.order import for_persons
from driftaudit.exports import open_export
from driftaudit.store.database import rows
from driftaudit.store.load import load
from tests.collect.conftest import Serve
from tests.collect.runs import manifest
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.permissions import EVERYTHING, FOR_PERSONS
from tests.store.conftest import Connection, empty

PERSONAL = ("approval_stages", "terms_acceptances", "terms_of_use")
TERMS = "/identityGovernance/termsOfUse/agreements"
APPROVALS = "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals"


def some_request() -> dict[str, Any]:
    """Return a request of the sample that somebody had to approve."""
    every = [request for line in lines(NEWEST, "requests") for request in line["page"]["value"]]
    return next(request for request in every if request["requestType"] == "userAdd")


def of_persons() -> dict[str, list[dict[str, Any]]]:
    """Return two terms of use, an answer to one of them, and the approval of one request."""
    who = next(user for line in lines(NEWEST, "users") for user in line["page"]["value"])
    stage = {
        "id": "s1",
        "displayName": None,
        "reviewedDateTime": "2026-09-20T10:00:00Z",
        "reviewResult": "Approve",
        "status": "Completed",
        "assignedToMe": False,
        "justification": "Needed until the audit.",
        "reviewedBy": {"id": who["id"], "displayName": "As it was then"},
    }
    return {
        TERMS: [{"id": "t1", "displayName": "Guests"}, {"id": "t2", "displayName": "Nobody yet"}],
        f"{TERMS}/t1/acceptances": [
            {"id": "a1", "userId": who["id"].upper(), "state": "accepted", "recordedDateTime": "2026-05-01T08:00:00Z"}
        ],
        f"{TERMS}/t2/acceptances": [],
        APPROVALS: [{"id": some_request()["id"], "stages": [stage]}],
    }


def test_these_are_what_the_service_tells_persons_only() -> None:
    assert tuple(for_persons()) == PERSONAL


def test_an_application_leaves_them_out_says_why_and_has_read_whole_what_it_was_asked_for(serve: Serve) -> None:
    with serve(extra=of_persons(), only=(*PERSONAL, "groups")) as run:
        told = manifest(run.collected())
        asked = [each.path for each in run.fake.requests if "termsOfUse" in each.path or "Approvals" in each.path]
    assert {told.collections[name].reason for name in PERSONAL} == {"needs a person to sign in"}
    assert {told.collections[name].status for name in PERSONAL} == {"skipped"}
    assert asked == []
    assert exit_code(told) == 0


def test_a_person_reads_them_and_a_request_that_nobody_had_to_approve_is_no_gap(
    serve: Serve, made_history: Connection
) -> None:
    with serve(extra=of_persons(), only=PERSONAL) as run:
        run.scopes, run.signed_in_as = (*EVERYTHING, *FOR_PERSONS), "auditor@contoso.example"
        folder = run.collected()
    told = manifest(folder).collections
    assert {name: told[name].status for name in PERSONAL} == dict.fromkeys(PERSONAL, "complete")
    assert {name: told[name].rows for name in PERSONAL} == {
        "approval_stages": 1, "terms_acceptances": 1, "terms_of_use": 2,
    }  # fmt: skip
    empty(made_history)
    load(made_history, open_export(folder))
    (stage,) = rows(made_history, "from approval_stages")
    assert (stage["request_id"], stage["result"], stage["justification"]) == (
        some_request()["id"], "Approve", "Needed until the audit.",
    )  # fmt: skip
    assert (stage["package_id"], stage["by_name"]) == (some_request()["accessPackage"]["id"], "As it was then")
    (answer,) = rows(made_history, "from terms_acceptances")
    assert (answer["agreement_name"], answer["state"]) == ("Guests", "accepted")
    assert rows(made_history, "select status from history.coverage where collection = 'approval_stages'") == [
        {"status": "complete"}
    ]


@pytest.mark.parametrize("permission", FOR_PERSONS)
def test_a_person_without_a_permission_is_told_which_it_takes(serve: Serve, permission: str) -> None:
    with serve(extra=of_persons(), only=PERSONAL) as run:
        run.scopes = tuple({*EVERYTHING, *FOR_PERSONS} - {permission})
        told = manifest(run.collected()).collections
    failed = [entry for entry in told.values() if entry.status in ("failed", "partial")]
    assert any(permission in str(entry.reason) for entry in failed)
