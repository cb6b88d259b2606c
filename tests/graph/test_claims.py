"""A token tells what it can read; one that does not is no reason to stop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from driftaudit.graph.claims import claims_of
from tests.graph.bench import NOW, TENANT, jwt


def test_a_token_of_an_application() -> None:
    claims = claims_of(jwt(appid="app-1", roles=["User.Read.All", "Group.Read.All"]))
    assert claims is not None
    assert (claims.tenant_id, claims.app_id, claims.signed_in_as) == (TENANT, "app-1", None)
    assert (claims.roles, claims.scopes) == ({"User.Read.All", "Group.Read.All"}, set())
    assert claims.expires_at == datetime.fromtimestamp(NOW + 3600, UTC)


def test_a_token_of_a_person() -> None:
    claims = claims_of(jwt(azp="app-2", scp="User.Read  Directory.Read.All", upn="kim@contoso.example"))
    assert claims is not None
    assert (claims.app_id, claims.signed_in_as) == ("app-2", "kim@contoso.example")
    assert claims.permissions == {"User.Read", "Directory.Read.All"}


@pytest.mark.parametrize(
    "token", ["", "opaque", "a.b", "a.b.c", "a.!!!.c", "a.WzFd.c", "a.\u00fc.c", "....", "a.eyJ9.c"]
)
def test_what_cannot_be_read_says_nothing(token: str) -> None:
    assert claims_of(token) is None


@pytest.mark.parametrize(
    "odd", [{"exp": "soon"}, {"exp": 1e99}, {"exp": None}, {"roles": "all", "exp": []}, {"tid": 7, "roles": [1]}]
)
def test_odd_claims_are_left_out(odd: dict[str, Any]) -> None:
    claims = claims_of(jwt(**odd))
    assert claims is not None
    assert claims.roles == set()
    assert claims.expires_at is None or "exp" not in odd
