"""What a run tells of a collection beyond its rows: the service's count, what nobody may read, what never came."""

from __future__ import annotations

from typing import Any

import pytest

from driftaudit.collect.pages import Pages
from driftaudit.collectors import collections
from driftaudit.exports import open_export
from driftaudit.exports.manifest import Entry
from driftaudit.exports.strict import PageError
from driftaudit.store.database import rows
from driftaudit.store.load import load
from tests.collect.conftest import Serve
from tests.collect.runs import Run, manifest
from tests.fake_graph import Manners, Rule
from tests.fake_graph.caller import NEWEST, lines
from tests.fake_graph.faults import REFUSED
from tests.store.conftest import Connection, empty

MEMBERS = ("groups", "group_members")
COUNTED = {"users": 88, "groups": 32, "service_principals": 6}
HIDDEN = {"displayName": "Hidden", "visibility": "HiddenMembership", "groupTypes": []}
HIDDEN_ID = "00000000-0000-4000-8000-0000000000aa"
PAGES = {"users": "users", "groups": "groups", "service_principals": "servicePrincipals"}


def entry(run: Run, name: str) -> Entry:
    """Return what the manifest of a run says of one collection."""
    return manifest(run.collected()).collections[name]


@pytest.mark.parametrize("collection", COUNTED)
def test_the_services_own_count_stands_in_the_manifest(serve: Serve, collection: str) -> None:
    with serve(only=(collection,)) as run:
        told = entry(run, collection)
    assert (told.status, told.rows, told.expected) == ("complete", COUNTED[collection], COUNTED[collection])


@pytest.mark.parametrize("collection", COUNTED)
def test_a_count_that_differs_makes_a_collection_partial(serve: Serve, collection: str) -> None:
    counts = {f"/{PAGES[collection]}": 123}
    with serve(only=(collection,), manners=Manners(counts=counts)) as run:
        told = entry(run, collection)
    assert (told.status, told.expected) == ("partial", 123)
    assert told.reason == f"the service counts 123, {COUNTED[collection]} were read"


def test_a_refused_count_is_no_harm(serve: Serve) -> None:
    with serve(Rule(REFUSED, "*/$count", None), only=tuple(COUNTED)) as run:
        told = manifest(run.collected()).collections
    assert [(told[name].status, told[name].expected) for name in COUNTED] == [("complete", None)] * 3


def test_who_joins_while_we_read_is_no_loss(serve: Serve) -> None:
    counts = {"/users": 87}
    with serve(only=("users",), manners=Manners(counts=counts)) as run:
        run.seen.begun = lambda *_: counts.update({"/users": 87})
        run.seen.page = lambda *_: counts.update({"/users": 89})
        told = entry(run, "users")
    assert (told.status, told.reason, told.rows, told.expected) == ("complete", None, 88, 89)


def test_members_that_nobody_may_read_are_counted_and_the_collection_stays_complete(serve: Serve) -> None:
    inside = [member for line in lines(NEWEST, "group_members") for member in line["page"]["value"]]
    contact = {"@odata.type": "#microsoft.graph.orgContact", "id": HIDDEN_ID, "displayName": "Contact"}
    extra = {f"/groups/{lines(NEWEST, 'groups')[0]['page']['value'][0]['id']}/members": [contact]}
    with serve(only=MEMBERS, extra=extra) as run:
        run.without = frozenset({"OrgContact.Read.All"})
        told = entry(run, "group_members")
    assert (told.status, told.rows) == ("complete", len(inside) + 1)
    assert told.reason == "of 1 no more may be read than id and type"


def test_a_reason_of_a_complete_collection_reaches_the_store(serve: Serve, made_history: Connection) -> None:
    with serve(only=MEMBERS) as run:
        run.without = frozenset({"User.Read.All"})
        folder = run.collected()
    empty(made_history)
    assert load(made_history, open_export(folder)).incomplete == ()
    (only,) = rows(made_history, "select status, reason from coverage where collection = 'group_members'")
    assert only["status"] == "complete"
    assert only["reason"].endswith("no more may be read than id and type")


@pytest.mark.parametrize("manners", ["refused", "empty"])
def test_a_group_that_hides_its_members_is_a_gap(serve: Serve, manners: Any) -> None:
    member = {"@odata.type": "#microsoft.graph.user", "id": HIDDEN_ID, "displayName": "Member"}
    extra = {"/groups": [{"id": HIDDEN_ID, **HIDDEN}], f"/groups/{HIDDEN_ID}/members": [member]}
    with serve(only=MEMBERS, extra=extra, manners=Manners(hidden_members=manners)) as run:
        run.without = frozenset({"Member.Read.Hidden"})
        told = entry(run, "group_members")
    assert told.status == "partial"
    assert [gap.scope for gap in told.gaps] == [HIDDEN_ID]
    assert "Member.Read.Hidden" in str(told.reason)


def test_a_group_that_hides_its_members_from_others_is_read(serve: Serve) -> None:
    extra = {"/groups": [{"id": HIDDEN_ID, **HIDDEN}], f"/groups/{HIDDEN_ID}/members": []}
    with serve(only=MEMBERS, extra=extra, manners=Manners(hidden_members="empty")) as run:
        told = entry(run, "group_members")
    assert (told.status, told.gaps) == ("complete", [])


@pytest.mark.parametrize("manners", ["null", "refused"])
def test_dates_that_come_empty_for_want_of_a_permission_are_not_read(serve: Serve, manners: Any) -> None:
    with serve(only=("leave_dates",), manners=Manners(leave_dates=manners)) as run:
        run.without = frozenset({"User-LifeCycleInfo.Read.All"})
        told = entry(run, "leave_dates")
    assert "User-LifeCycleInfo.Read.All" in str(told.reason)
    if manners == "null":
        assert (told.status, told.missing_fields) == ("partial", ["leave_at"])
    else:
        assert told.status == "failed"


def test_what_only_the_names_of_people_are_read_of_is_partial(serve: Serve) -> None:
    with serve(only=("users",)) as run:
        told = entry(run, "users")
        run.exports, run.roles = run.exports / "again", ("User.ReadBasic.All", "Organization.Read.All")
        basic = entry(run, "users")
    assert told.missing_fields == []
    assert basic.status == "partial"
    assert {"enabled", "user_type", "external_state", "synced"} <= set(basic.missing_fields)
    assert str(basic.reason).endswith("without User.Read.All")


def test_a_field_that_no_record_has_is_missing() -> None:
    pages = Pages(collections()["catalogs"])
    assert pages.take(b'{"value": [{"id": "a", "state": null}]}').rows == 1
    assert pages.take(b'{"value": [{"id": "b", "displayName": "B"}]}').rows == 1
    assert pages.missing_fields() == ["description", "type", "externally_visible", "created_at"]


def test_a_date_that_is_none_fails_the_page() -> None:
    pages = Pages(collections()["catalogs"])
    assert pages.take(b'{"value": [{"id": "a", "createdDateTime": "2026-09-30T02:00:04.1234567Z"}]}').rows == 1
    with pytest.raises(PageError, match="Expected an instant"):
        pages.take(b'{"value": [{"id": "a", "createdDateTime": "the day before yesterday"}]}')
