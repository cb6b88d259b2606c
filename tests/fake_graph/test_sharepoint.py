"""SharePoint's own service: another address, another audience, other shapes."""

from __future__ import annotations

import httpx
import pytest

from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import NEWEST, Caller, lines

GROUPS = "/sites/aurora/_api/web/sitegroups"
ROLES = "/sites/aurora/_api/web/roleassignments"
JSON = "application/json;odata=nometadata"


def asked(caller: Caller, target: str, token: str | None = None, accept: str = JSON) -> httpx.Response:
    """Return SharePoint's answer."""
    headers = caller.signed_in(token or caller.fake.sharepoint_token()) | {"accept": accept}
    address = target if target.startswith("http") else f"{caller.fake.sharepoint_url}{target}"
    return caller.client.get(address, headers=headers)


def test_groups_of_every_site_come_back_as_the_folder_holds_them(caller: Caller) -> None:
    for line in lines(NEWEST, "site_members"):
        path = line["request"].removeprefix("https://contoso.sharepoint.com")
        assert asked(caller, path).json()["value"] == line["page"]["value"]


def test_permissions_of_every_site_come_back_as_the_folder_holds_them(caller: Caller) -> None:
    for line in lines(NEWEST, "site_role_assignments"):
        path = line["request"].removeprefix("https://contoso.sharepoint.com")
        assert asked(caller, path).json()["value"] == line["page"]["value"]


def test_members_and_levels_come_only_when_expanded(caller: Caller) -> None:
    bare = asked(caller, ROLES).json()["value"]
    assert bare
    assert {name for role in bare for name in role} == {"PrincipalId"}
    assert asked(caller, f"{ROLES}?$expand=Users").status_code == 400


def test_people_come_only_when_expanded(caller: Caller) -> None:
    assert not any("Users" in group for group in asked(caller, GROUPS).json()["value"])


def test_without_asking_for_json_there_is_none(caller: Caller) -> None:
    assert "atom+xml" in asked(caller, GROUPS, accept="*/*").headers["content-type"]


def test_a_token_for_graph_does_not_open_a_site(caller: Caller) -> None:
    refused = asked(caller, GROUPS, caller.fake.token())
    assert refused.status_code == 401
    assert "AudienceUriValidationFailed" in refused.json()["error_description"]


def test_a_client_secret_does_not_open_a_site(caller: Caller) -> None:
    refused = asked(caller, GROUPS, caller.fake.sharepoint_token(certificate=False))
    assert (refused.status_code, refused.json()["error_description"]) == (401, "Unsupported app only token.")


def test_reading_members_takes_full_control(caller: Caller) -> None:
    refused = asked(caller, GROUPS, caller.fake.sharepoint_token(["Sites.Read.All"]))
    assert refused.status_code == 403
    assert "Access denied" in refused.json()["odata.error"]["message"]["value"]


@pytest.mark.parametrize(
    "path", ["/sites/nowhere/_api/web/sitegroups", "/sites/aurora/_api/web/lists", "/sites/aurora"]
)
def test_what_is_not_there_is_not_found(caller: Caller, path: str) -> None:
    assert asked(caller, path).status_code == 404


def test_an_unknown_option_is_refused(caller: Caller) -> None:
    assert asked(caller, f"{GROUPS}?$expand=Owner").status_code == 400


def test_pages_follow_its_own_kind_of_link() -> None:
    with serving(NEWEST, manners=Manners(page_cap=1)) as fake, (caller := Caller(fake)).client:
        (whole,) = [line["page"]["value"] for line in lines(NEWEST, "site_members") if "/aurora/" in line["request"]]
        found, following = [], f"{GROUPS}?$expand=Users"
        while following:
            page = asked(caller, following).json()
            found += page["value"]
            following = page.get("odata.nextLink")
        assert [group["Title"] for group in found] == [group["Title"] for group in whole]
        assert {asked.service for asked in fake.requests} == {"sharepoint"}
