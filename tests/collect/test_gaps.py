"""What is refused, gone, begun anew or held back on the way: each is a gap or a reason, and nothing else suffers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from driftaudit.exports.manifest import DELETED, Gap
from driftaudit.graph.failures import SignInRefused
from tests.collect.conftest import Serve
from tests.collect.runs import manifest
from tests.fake_graph import Manners, Rule
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.faults import EXPIRED_PAGE, NOT_FOUND, REFUSED

MEMBERS = ("groups", "group_members")
USER = "#microsoft.graph.user"
REVIEWS = ("review_definitions", "review_instances", "review_decisions")


class NoSignIn:
    """A sign-in that is refused."""

    def token(self) -> str:
        """Return none."""
        raise SignInRefused("The certificate is missing.", "Bring it.")

    renewed = token


def pages_of(folder: Path, collection: str) -> Counter[str | None]:
    """Return how many lines each scope has."""
    return Counter(line["scope"] for line in lines(folder, collection))


def ids(collection: str) -> list[str]:
    """Return the ids of the sample's records."""
    return [record["id"] for line in lines(NEWEST, collection) for record in line["page"]["value"]]


def busiest() -> tuple[str, int]:
    """Return the group with the most members, and how many."""
    held = Counter(line["scope"] for line in lines(NEWEST, "group_members") for _ in line["page"]["value"])
    return held.most_common(1)[0]


def test_a_group_deleted_after_it_was_listed_is_a_recorded_race(serve: Serve) -> None:
    gone = ids("groups")[3]
    with serve(Rule(NOT_FOUND, f"*/{gone}/members", None), only=MEMBERS) as run:
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.reason) == ("complete", None)
    assert [(gap.scope, gap.code) for gap in told.gaps] == [(gone, DELETED)]
    assert set(pages_of(folder, "group_members")) == set(ids("groups")) - {gone}


def test_many_that_are_not_found_were_not_deleted(serve: Serve) -> None:
    gone = ids("groups")[:4]
    with serve(*(Rule(NOT_FOUND, f"*/{each}/members", None) for each in gone), only=MEMBERS) as run:
        told = manifest(run.collected()).collections["group_members"]
    assert (told.status, told.reason) == ("partial", "4 of 32 groups not read (404)")
    assert {gap.code for gap in told.gaps} == {"404"}


def test_where_nothing_is_found_the_collection_failed(serve: Serve) -> None:
    with serve(Rule(NOT_FOUND, "*/members", None), only=MEMBERS) as run:
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.reason, told.file) == ("failed", "32 of 32 groups not read (404)", None)
    assert not list(folder.glob("group_members*"))


def test_what_stands_on_a_deleted_series_is_not_asked_for(serve: Serve) -> None:
    gone = ids("review_definitions")[0]
    with serve(Rule(NOT_FOUND, f"*/definitions/{gone}/instances", None), only=REVIEWS) as run:
        entries = manifest(run.collected()).collections
        asked = [asked.path for asked in run.fake.requests]
    assert {name: entries[name].status for name in REVIEWS} == dict.fromkeys(REVIEWS, "complete")
    assert not [path for path in asked if f"{gone}/instances/" in path]


def test_a_refused_group_is_a_gap_that_names_the_permission(serve: Serve) -> None:
    refused = ids("groups")[5]
    with serve(Rule(REFUSED, f"*/{refused}/members", None), only=MEMBERS) as run:
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    denied = "Authorization_RequestDenied: Insufficient privileges to complete the operation."
    assert told.gaps == [Gap(refused, "403", denied)]
    assert told.status == "partial"
    assert told.reason == "1 of 32 groups not read (403); it takes GroupMember.Read.All and Member.Read.Hidden"
    assert refused not in pages_of(folder, "group_members")


def test_without_a_premium_licence_what_may_be_activated_is_a_reason_and_no_more(serve: Serve) -> None:
    only = ("role_assignments", "role_eligibilities", "role_assignment_schedules")
    with serve(only=only, manners=Manners(premium=False)) as run:
        told = manifest(run.collected()).collections
    assert [told[name].status for name in only] == ["complete", "failed", "failed"]
    for name in only[1:]:
        assert "license" in str(told[name].reason)
        assert str(told[name].reason).endswith("a licence of Microsoft Entra ID P2 or Entra ID Governance")


SPONSORS = ("connected_organizations", "connected_organization_sponsors")


def test_one_list_of_sponsors_that_is_refused_is_a_gap_beside_the_other(serve: Serve) -> None:
    partner = ids("connected_organizations")[0]
    with serve(Rule(REFUSED, f"*/{partner}/externalSponsors", None), only=SPONSORS) as run:
        folder = run.collected()
    told = manifest(folder).collections["connected_organization_sponsors"]
    assert [(gap.scope, gap.code) for gap in told.gaps] == [(f"{partner}/externalSponsors", "403")]
    assert told.status == "partial"
    reason = "1 of 8 lists of connected organizations not read (403); it takes EntitlementManagement.Read.All"
    assert told.reason == reason
    assert pages_of(folder, "connected_organization_sponsors")[f"{partner}/internalSponsors"] == 1


def test_more_sponsors_than_an_expanded_list_would_hold_are_all_read(serve: Serve) -> None:
    partner = ids("connected_organizations")[0]
    many = [{"id": f"00000000-0000-4000-8000-0000000000{n:02}", "@odata.type": USER} for n in range(30)]
    path = f"/identityGovernance/entitlementManagement/connectedOrganizations/{partner}/internalSponsors"
    with serve(only=SPONSORS, extra={path: many}, manners=Manners(page_cap=8)) as run:
        folder = run.collected()
    listed = [
        line["page"]["value"] for line in lines(folder, SPONSORS[1]) if line["scope"].endswith("internalSponsors")
    ]
    assert {each["id"] for each in many} <= {sponsor["id"] for page in listed for sponsor in page}


def test_a_list_is_begun_again_when_its_page_token_has_expired(serve: Serve) -> None:
    with serve(Rule(EXPIRED_PAGE, "*/users", (2,)), only=("users",), manners=Manners(page_cap=30)) as run:
        folder = run.collected()
    told = manifest(folder).collections["users"]
    assert (told.status, told.rows, run.seen.rows["users"]) == ("complete", 88, 88)
    assert pages_of(folder, "users") == {None: told.pages}
    requests = [line["request"] for line in lines(folder, "users")]
    assert len(set(requests)) == len(requests)
    assert [request for request in requests if "$skiptoken" not in request] == requests[:1]


def test_a_group_is_begun_again_alone_and_its_answers_never_mix(serve: Serve) -> None:
    group, members = busiest()
    expired = Rule(EXPIRED_PAGE, f"*/{group}/members", (2,))
    with serve(expired, only=MEMBERS, manners=Manners(page_cap=5)) as run:
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    assert (told.status, told.rows, told.gaps) == ("complete", 225, [])
    of_group = [line for line in lines(folder, "group_members") if line["scope"] == group]
    assert sum(len(line["page"]["value"]) for line in of_group) == members
    assert len({line["request"] for line in of_group}) == len(of_group)


def test_a_group_whose_page_token_always_expires_is_a_gap(serve: Serve) -> None:
    group, members = busiest()
    expired = Rule(EXPIRED_PAGE, f"*/{group}/members", None)
    with serve(expired, only=MEMBERS, manners=Manners(page_cap=5)) as run:
        folder = run.collected()
    told = manifest(folder).collections["group_members"]
    assert [(gap.scope, gap.code) for gap in told.gaps] == [(group, "page_token_expired")]
    assert (told.status, told.rows) == ("partial", 225 - members)
    assert group not in pages_of(folder, "group_members")


def test_a_list_whose_page_token_always_expires_failed(serve: Serve) -> None:
    expired = Rule(EXPIRED_PAGE, "*/users", None)
    with serve(expired, only=("users", "groups"), manners=Manners(page_cap=30)) as run:
        folder = run.collected()
    told = manifest(folder).collections
    assert (told["users"].status, told["users"].file) == ("failed", None)
    assert told["users"].reason == "The service no longer knows the next page of /v1.0/users"
    assert told["groups"].status == "complete"


def test_a_sign_in_that_sharepoint_refuses_ends_nothing_else(serve: Serve) -> None:
    with serve(only=("site_members", "assignments")) as run:
        run.sharepoint_source = NoSignIn()
        told = manifest(run.collected()).collections
    assert run.seen.begun_names.index("site_members") < run.seen.begun_names.index("assignments")
    assert (told["site_members"].status, told["site_members"].reason) == ("failed", "The certificate is missing")
    assert (told["sites"].status, told["assignments"].status) == ("complete", "complete")
