"""Addresses: of the clouds, of the environment, and what they may not be."""

from __future__ import annotations

import pytest

from driftaudit.errors import UsageError
from driftaudit.graph.address import encoded, root_from, root_of, service_of
from driftaudit.graph.clouds import CLOUDS, cloud

NAME = "DRIFTAUDIT_GRAPH_URL"


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_is_reached_by_https(name: str) -> None:
    known = cloud(name)
    assert root_of(known.graph_root).text == known.graph_root
    assert known.authority.startswith("https://login.")


def test_a_cloud_nobody_knows_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"no cloud called 'moon'\. .*public, usgov, usgov-dod, china"):
        cloud("moon")


@pytest.mark.parametrize("text", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1", "https://x.example"])
def test_the_environment_sets_the_root(text: str) -> None:
    assert root_from({NAME: text + "/"}, NAME, "https://graph.microsoft.com").text == text
    assert root_from({}, NAME, "https://graph.microsoft.com").text == "https://graph.microsoft.com"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("http://graph.microsoft.com", "must begin with https"),
        ("http://127.0.0.1.contoso.example", "must begin with https"),
        ("ftp://localhost", "must begin with https"),
        ("graph.microsoft.com", "is no address"),
        ("https://", "is no address"),
        ("https://x.example/v1.0", "without a version"),
        ("https://x.example?a=1", "is no address"),
        ("https://kim:secret@x.example", "is no address"),
        ("https://x.example:port", "is no address"),
        ("https://[::1", "is no address"),
    ],
)
def test_a_wrong_root_is_an_error(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        root_from({NAME: text}, NAME, "")
    assert (caught.value.exit_code, "secret" in str(caught.value)) == (2, False)


def test_requests_know_their_service() -> None:
    assert service_of("/v1.0/IdentityGovernance/entitlementManagement/catalogs") == "entitlement management"
    assert service_of("/beta/identityGovernance/accessReviews/definitions") == "access reviews"
    assert service_of("/v1.0/users?$filter=x eq '/identityGovernance/accessReviews'") == "directory"


def test_what_is_encoded_stays_so() -> None:
    asked = "/v1.0/a?$filter=x eq 'é\"' and y eq '%2F'&$skiptoken=a+b/="
    assert encoded(asked) == "/v1.0/a?$filter=x%20eq%20'%C3%A9%22'%20and%20y%20eq%20'%2F'&$skiptoken=a+b/="
