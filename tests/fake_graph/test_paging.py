"""Lists come in pages of the documented sizes, behind tokens that nobody can make or keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import EM, NEWEST, Caller
from tests.fake_graph.generated import Generated
from tests.fake_graph.routes import AR


@pytest.fixture(scope="module")
def many() -> Iterator[Caller]:
    """Return somebody who asks a tenant with long lists."""
    with serving(Generated(people=2_500, groups=3, members=1_500)) as fake:
        caller = Caller(fake)
        with caller.client:
            yield caller


@pytest.mark.parametrize(("top", "size"), [("", 100), ("?$top=5", 5), ("?$top=999", 999)])
@pytest.mark.parametrize("path", ["/v1.0/users", "/v1.0/groups/20000000-0000-4000-8000-000000000001/members"])
def test_a_page_has_the_documented_size(many: Caller, path: str, top: str, size: int) -> None:
    assert len(many.value(f"{path}{top}")) == size


@pytest.mark.parametrize("top", ["0", "1000"])
def test_a_page_size_out_of_bounds_is_refused_in_the_directory(many: Caller, top: str) -> None:
    assert many.refused(f"/v1.0/users?$top={top}") == (400, "Request_UnsupportedQuery")


def test_users_with_an_expanded_relation_come_a_hundred_at_a_time(many: Caller) -> None:
    assert len(many.value("/v1.0/users?$select=id&$expand=manager($select=id)&$top=999")) == 100


def test_users_with_sign_ins_come_in_smaller_pages(many: Caller) -> None:
    assert len(many.value("/v1.0/users?$select=id,signInActivity&$top=999")) == 120


def test_every_record_comes_once_and_an_empty_page_leads_on(many: Caller) -> None:
    pages = [page["value"] for page in many.pages("/v1.0/users?$select=id")]
    ids = [user["id"] for page in pages for user in page]
    assert len(ids) == len(set(ids)) == 2_500
    assert [] in pages[:-1]


def test_empty_pages_can_be_left_out() -> None:
    with serving(Generated(people=300), manners=Manners(empty_pages=False)) as fake, (c := Caller(fake)).client:
        assert [len(page["value"]) for page in c.pages("/v1.0/users")] == [100, 100, 100]


def test_pages_can_be_shorter_than_asked_for() -> None:
    manners = Manners(page_cap=20, empty_pages=False)
    with serving(NEWEST, manners=manners) as fake, (caller := Caller(fake)).client:
        assert [len(page["value"]) for page in caller.pages("/v1.0/users?$top=999")] == [20, 20, 20, 20, 8]
        assert {len(page["value"]) for page in caller.pages(f"{EM}/assignments?$top=999")} == {20, 5}


def test_entitlement_management_takes_no_notice_of_the_page_size(caller: Caller) -> None:
    assert len(caller.value(f"{EM}/assignments?$top=5")) > 5


def test_reviews_come_a_hundred_at_most_and_can_be_skipped(caller: Caller) -> None:
    every = caller.value(f"/v1.0{AR}?$top=5000&$skip=0")
    assert caller.value(f"/v1.0{AR}?$top=100&$skip=2") == every[2:]


@pytest.mark.parametrize("path", ["/v1.0/users", "/v1.0/groups", f"{EM}/catalogs"])
def test_skip_is_not_served_elsewhere(caller: Caller, path: str) -> None:
    assert caller.refused(f"{path}?$skip=1") == (400, "Request_UnsupportedQuery")


def test_the_link_keeps_the_question_and_hides_the_place(many: Caller) -> None:
    link = many.ask("/v1.0/users?$select=id&$top=50").json()["@odata.nextLink"]
    assert link.startswith(f"{many.fake.url}/v1.0/users?$select=id&$top=50&$skiptoken=")
    assert "50" not in link.partition("$skiptoken=")[2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-6] + "AAAAAA",
        lambda link: link.partition("$skiptoken=")[0] + "$skiptoken=never",
        lambda link: link.replace("$top=50", "$top=51"),
        lambda link: link.replace("/v1.0/users", "/v1.0/groups"),
        lambda link: link.replace("/v1.0/", "/beta/"),
    ],
)
def test_a_token_serves_only_the_list_it_was_made_for(many: Caller, spoil: Callable[[str], str]) -> None:
    link = many.ask("/v1.0/users?$select=id&$top=50").json()["@odata.nextLink"]
    assert many.refused(spoil(link)) == (400, "Request_UnsupportedQuery")
    assert many.ask(link).status_code == 200


def test_a_token_expires() -> None:
    with serving(Generated(people=300)) as fake, (caller := Caller(fake)).client:
        link = caller.ask("/v1.0/users").json()["@odata.nextLink"]
        assert caller.ask(link).status_code == 200
        fake.clock.advance(3_700)
        assert caller.refused(link) == (400, "Directory_ExpiredPageToken")


def test_further_pages_of_sites_are_elsewhere() -> None:
    with serving(NEWEST, manners=Manners(page_cap=2)) as fake, (caller := Caller(fake)).client:
        link = caller.ask("/v1.0/sites/getAllSites").json()["@odata.nextLink"]
        assert link.startswith(f"{fake.url}/v1.0/sites/oneDrive.getAllSites?$skiptoken=")
        assert caller.ask("/v1.0/sites/oneDrive.getAllSites").status_code == 400
        assert sum(len(page["value"]) for page in caller.pages("/v1.0/sites/getAllSites")) == 7
