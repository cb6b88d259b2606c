"""Every collector finds its path here, and the permission that it declares opens it."""

from __future__ import annotations

import pytest

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from tests.fake_graph.permissions import ACCEPTED, LEAVE_DATES, SIGN_INS
from tests.fake_graph.routes import ROUTES, matched

OF_GRAPH = [c for c in collections().values() if c.request.startswith("/")]


@pytest.mark.parametrize("collection", OF_GRAPH, ids=lambda collection: collection.name)
def test_a_collector_reads_a_path_that_is_served_with_the_permission_it_declares(collection: Collection) -> None:
    _, version, path = collection.request.partition("?")[0].split("/", 2)
    path = path.replace("{scope[0]}", "first").replace("{scope}", "one")
    for last in collection.lists or ("second",):
        found = matched("/" + path.replace("{scope[1]}", last))
        assert found
        assert version in found.route.versions
        assert collection.permission in ACCEPTED[found.route.permission] | LEAVE_DATES | SIGN_INS


def test_no_two_routes_share_a_path() -> None:
    assert len({route.path for route in ROUTES}) == len(ROUTES)


def test_a_path_is_cut_at_its_last_id() -> None:
    found = matched("/groups/one/members")
    assert found
    assert (found.parent, found.ids) == (("/groups", "one"), ("one",))
    settings = matched("/identityGovernance/entitlementManagement/settings")
    assert settings
    assert settings.parent is None
