"""Coverage: a row closes only if its scope was read, and a loss is believed only when it is proven or agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from driftaudit.store.load import Loaded, load
from tests.store.conftest import Connection
from tests.store.made_export import TENANT, Answer, Part, made, members, named, records

TENANT_PART = Part((Answer({"value": [{"id": TENANT, "displayName": "Contoso"}]}),))


def _load(history: Connection, day: int, accept_shrink: Iterable[str] = (), **parts: Part) -> Loaded:
    return load(history, made(day, {"organization": TENANT_PART, **parts}), accept_shrink=accept_shrink)


def _people(count: int, start: int = 0) -> list[str]:
    return [f"u{n}" for n in range(start, start + count)]


def _coverage(history: Connection, collection: str) -> tuple[Any, ...]:
    """Return status, reason and gaps of the newest snapshot."""
    told = history.execute(
        "select status, reason from history.coverage where collection = ? order by snapshot_id desc limit 1",
        [collection],
    ).fetchall()
    gaps = history.execute(
        "select scope, code from history.gaps where collection = ? "
        "and snapshot_id = (select max(id) from history.snapshots) order by all",
        [collection],
    ).fetchall()
    return (*told[0], gaps)


def _members(history: Connection, group: str) -> int:
    """Return how many members of a group stand open."""
    return history.execute(
        "select count(*) from history.grants as g join history.ids as i on i.key = g.resource "
        "where i.id = ? and g.valid_to is null",
        [group],
    ).fetchall()[0][0]


def _users(history: Connection) -> int:
    return history.execute("select count(*) from history.users where valid_to is null").fetchall()[0][0]


def test_a_scope_without_line_or_gap_is_a_gap(history: Connection) -> None:
    groups = named(["g1", "g2"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a", "b"], "g2": ["a"]}))
    loaded = _load(history, 2, groups=groups, group_members=members({"g2": []}))
    assert _coverage(history, "group_members") == ("partial", "1 of 2 groups not read", [("g1", "not_read")])
    assert (_members(history, "g1"), _members(history, "g2")) == (2, 0)
    assert loaded.incomplete == ("group_members was read in part: 1 of 2 groups not read.",)


def test_a_gap_silences_its_scope_even_beside_a_line(history: Connection) -> None:
    groups = named(["g1", "g2"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a", "b"], "g2": ["a"]}))
    _load(history, 2, groups=groups, group_members=members({"g1": ["a"], "g2": []}, gaps=("G1",)))
    assert _coverage(history, "group_members")[2] == [("g1", "403")]
    assert (_members(history, "g1"), _members(history, "g2")) == (2, 0)


def test_a_group_gone_from_a_complete_list_holds_nothing(history: Connection) -> None:
    _load(history, 1, groups=named(["g1", "g2"]), group_members=members({"g1": ["a"], "g2": ["a"]}))
    _load(history, 2, groups=named(["g2"]), group_members=members({"g2": ["a"]}))
    assert (_members(history, "g1"), _members(history, "g2")) == (0, 1)
    assert _coverage(history, "group_members") == ("complete", None, [])


@pytest.mark.parametrize("status", ["partial", "failed", "skipped"])
def test_a_group_missing_from_a_list_that_is_not_whole_is_not_gone(history: Connection, status: Any) -> None:
    _load(history, 1, groups=named(["g1", "g2"]), group_members=members({"g1": ["a"], "g2": ["a"]}))
    _load(history, 2, groups=replace(named(["g2"]), status=status), group_members=members({"g2": ["a"]}))
    assert _members(history, "g1") == 1
    assert _coverage(history, "group_members")[2] == [("g1", "not_read")]


def _linked(scope: str | None, ids: list[str], number: int, more: int | None) -> Answer:
    page: dict[str, Any] = {"value": [{"@odata.type": "#microsoft.graph.user", "id": i} for i in ids]}
    if more is not None:
        page["@odata.nextLink"] = f"https://graph.example/v1.0/x?$skiptoken={more}"
    return Answer(page, scope, f"/v1.0/x?$skiptoken={number}")


def test_a_next_page_that_was_never_read_is_a_gap(history: Connection) -> None:
    groups = named(["g1", "g2"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a", "b"], "g2": ["a"]}))
    pages = (_linked("g1", ["a"], 1, 2), _linked("g2", [], 3, None))
    _load(history, 2, groups=groups, group_members=Part(pages))
    assert _coverage(history, "group_members")[2] == [("g1", "nextlink_left")]
    assert (_members(history, "g1"), _members(history, "g2")) == (2, 0)


def test_a_next_page_that_was_read_is_none(history: Connection) -> None:
    groups = named(["g1"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a", "b", "c"]}))
    pages = (_linked("g1", ["b"], 2, None), _linked("g1", ["a"], 1, 2))
    _load(history, 2, groups=groups, group_members=Part(pages))
    assert _coverage(history, "group_members") == ("complete", None, [])
    assert _members(history, "g1") == 2


def test_a_list_with_a_next_page_left_closes_nothing(history: Connection) -> None:
    _load(history, 1, users=named(_people(3)))
    _load(history, 2, users=Part((_linked(None, ["u0"], 1, 2),)))
    status, reason, _ = _coverage(history, "users")
    assert (status, _users(history)) == ("partial", 3)
    assert reason == "the last page says that there are more, which were not read"


@pytest.mark.parametrize(
    ("before", "now", "believed"),
    [
        (300, 240, True),  # a fifth exactly
        (300, 239, False),
        (200, 151, True),  # 49 rows, whatever their share
        (200, 150, False),
        (60, 11, True),
        (60, 10, False),
        (60, 0, False),
    ],
)
def test_a_collection_that_shrinks_too_far_is_not_believed(
    history: Connection, before: int, now: int, believed: bool
) -> None:
    _load(history, 1, users=named(_people(before)))
    _load(history, 2, users=named(_people(now)))
    assert _coverage(history, "users")[0] == ("complete" if believed else "partial")
    assert _users(history) == (now if believed else before)


def test_what_is_gone_counts_net_of_what_is_new(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, users=named(_people(100, start=60)))
    assert _coverage(history, "users")[0] == "complete"
    assert _users(history) == 100


def test_a_loss_is_believed_when_the_next_snapshot_agrees(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, users=named(_people(10)))
    _load(history, 3, users=named(_people(10)))
    assert _coverage(history, "users") == ("complete", None, [])
    assert _users(history) == 10
    closed = "select distinct valid_to from history.users where valid_to is not null"
    assert history.execute(closed).fetchall() == [(3,)]


def test_a_loss_that_the_next_snapshot_denies_never_happened(history: Connection) -> None:
    for day, count in enumerate((100, 10, 100), 1):
        _load(history, day, users=named(_people(count)))
    assert history.execute("select distinct valid_from, valid_to from history.users").fetchall() == [(1, None)]


def test_the_service_s_own_count_proves_a_loss(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, users=replace(named(_people(10)), expected=10))
    assert (_coverage(history, "users")[0], _users(history)) == ("complete", 10)


def test_a_count_that_differs_proves_nothing(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, users=replace(named(_people(10)), expected=100))
    assert (_coverage(history, "users")[0], _users(history)) == ("partial", 100)


def test_a_person_can_accept_a_loss(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, accept_shrink=["users"], users=named(_people(10)))
    assert (_coverage(history, "users")[0], _users(history)) == ("complete", 10)


def test_accepting_one_loss_accepts_no_other(history: Connection) -> None:
    _load(history, 1, users=named(_people(100)))
    _load(history, 2, accept_shrink=["groups"], users=named(_people(10)))
    assert (_coverage(history, "users")[0], _users(history)) == ("partial", 100)


def _many(groups: int, size: int) -> dict[str, list[str]]:
    return {f"g{n}": _people(size) for n in range(groups)}


def test_a_scoped_collection_that_shrinks_everywhere_closes_nothing(history: Connection) -> None:
    groups = named(_many(30, 0))
    _load(history, 1, groups=groups, group_members=members(_many(30, 8)))
    _load(history, 2, groups=groups, group_members=members(_many(30, 6)))
    assert _coverage(history, "group_members")[0] == "partial"
    assert _members(history, "g0") == 8


def test_one_refused_group_does_not_switch_the_guard_off(history: Connection) -> None:
    groups = named(_many(30, 0))
    _load(history, 1, groups=groups, group_members=members(_many(30, 8)))
    shrunken = {name: ids for name, ids in _many(30, 6).items() if name != "g0"}
    _load(history, 2, groups=groups, group_members=members(shrunken, gaps=("g0",)))
    assert _members(history, "g1") == 8
    _load(history, 3, groups=groups, group_members=members(shrunken, gaps=("g0",)))
    assert _members(history, "g1") == 6
    assert _members(history, "g0") == 8


def test_groups_that_are_gone_are_no_loss(history: Connection) -> None:
    _load(history, 1, groups=named(_many(30, 0)), group_members=members(_many(30, 8)))
    _load(history, 2, groups=named(_many(15, 0)), group_members=members(_many(15, 8)))
    assert _coverage(history, "group_members") == ("complete", None, [])
    assert _members(history, "g20") == 0


@pytest.mark.parametrize(
    ("before", "now", "believed"), [(10, 5, True), (10, 4, False), (10, 0, False), (9, 0, True), (40, 19, False)]
)
def test_a_scope_that_loses_more_than_half_is_a_gap(history: Connection, before: int, now: int, believed: bool) -> None:
    groups = named(["g1", "g2"])
    _load(history, 1, groups=groups, group_members=members({"g1": _people(before), "g2": ["a"]}))
    _load(history, 2, groups=groups, group_members=members({"g1": _people(now), "g2": []}))
    assert _coverage(history, "group_members")[2] == ([] if believed else [("g1", "shrunk")])
    assert _members(history, "g1") == (now if believed else before)
    assert _members(history, "g2") == 0


def test_a_shrunken_scope_is_believed_when_the_next_snapshot_agrees(history: Connection) -> None:
    groups = named(["g1"])
    for day, count in enumerate((20, 3, 3), 1):
        _load(history, day, groups=groups, group_members=members({"g1": _people(count)}))
    assert _coverage(history, "group_members") == ("complete", None, [])
    assert _members(history, "g1") == 3


def test_a_shrunken_scope_that_recovers_lost_nobody(history: Connection) -> None:
    groups = named(["g1"])
    for day, count in enumerate((20, 3, 20), 1):
        _load(history, day, groups=groups, group_members=members({"g1": _people(count)}))
    assert history.execute("select distinct valid_from, valid_to from history.grants").fetchall() == [(1, None)]


def test_a_person_can_accept_a_shrunken_scope(history: Connection) -> None:
    groups = named(["g1"])
    _load(history, 1, groups=groups, group_members=members({"g1": _people(20)}))
    _load(history, 2, accept_shrink=["group_members"], groups=groups, group_members=members({"g1": []}))
    assert (_coverage(history, "group_members")[0], _members(history, "g1")) == ("complete", 0)


def test_what_was_skipped_is_not_incomplete(history: Connection) -> None:
    loaded = _load(history, 1, users=Part(status="skipped", reason="left out by configuration"))
    assert loaded.incomplete == ()
    assert _coverage(history, "users") == ("skipped", "left out by configuration", [])
    assert _coverage(history, "groups") == ("skipped", "not in the export", [])


def _deleted(part: Part, *scopes: str) -> Part:
    return replace(part, deleted=scopes)


def test_a_group_deleted_while_it_was_read_is_no_loss_and_closes_nothing(history: Connection) -> None:
    groups = named(["g1", "g2"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a", "b"], "g2": ["a"]}))
    loaded = _load(history, 2, groups=groups, group_members=_deleted(members({"g2": ["a"]}), "G1"))
    assert loaded.incomplete == ()
    assert _coverage(history, "group_members") == ("complete", None, [("g1", "deleted")])
    assert (_members(history, "g1"), _members(history, "g2")) == (2, 1)
    _load(history, 3, groups=named(["g2"]), group_members=members({"g2": ["a"]}))
    assert (_members(history, "g1"), _members(history, "g2")) == (0, 1)


def test_a_deleted_group_does_not_hide_one_that_was_refused(history: Connection) -> None:
    groups = named(["g1", "g2", "g3"])
    _load(history, 1, groups=groups, group_members=members({"g1": ["a"], "g2": ["a"], "g3": ["a"]}))
    loaded = _load(history, 2, groups=groups, group_members=_deleted(members({"g3": []}, gaps=("g2",)), "g1"))
    assert _coverage(history, "group_members") == (
        "partial",
        "1 of its groups not read",
        [("g1", "deleted"), ("g2", "403")],
    )
    assert [_members(history, group) for group in ("g1", "g2", "g3")] == [1, 1, 0]
    assert loaded.incomplete == ("group_members was read in part: 1 of its groups not read.",)


def test_rounds_of_a_deleted_series_were_not_lost_either(history: Connection) -> None:
    series, nothing = named(["d1", "d2"]), Answer({"value": []}, "d2")
    rounds = Part((Answer({"value": [{"id": "i1", "status": "Applied"}]}, "d1"), nothing))
    decisions = Part((Answer({"value": [{"id": "x1", "decision": "Deny"}]}, "d1/i1"),))
    _load(history, 1, review_definitions=series, review_instances=rounds, review_decisions=decisions)
    gone = Part((nothing,), deleted=("d1",))
    loaded = _load(history, 2, review_definitions=series, review_instances=gone, review_decisions=Part())
    assert _coverage(history, "review_instances") == ("complete", None, [("d1", "deleted")])
    assert _coverage(history, "review_decisions") == ("complete", None, [("d1/i1", "deleted")])
    assert loaded.incomplete == ()
    assert history.execute("select count(*) from history.review_decisions where valid_to is null").fetchall() == [(1,)]


def _sponsors(**lists: list[str]) -> Part:
    """Return the answers for lists of the partner `o1`."""
    return Part(tuple(Answer({"value": [{"id": i} for i in ids]}, f"O1/{name}") for name, ids in lists.items()))


def test_of_two_lists_beside_one_another_each_must_be_read(history: Connection) -> None:
    partner = named(["o1"])
    both = _sponsors(internalSponsors=["ann"], externalSponsors=["eve"])
    _load(history, 1, connected_organizations=partner, connected_organization_sponsors=both)
    one = _sponsors(internalSponsors=[])
    loaded = _load(history, 2, connected_organizations=partner, connected_organization_sponsors=one)
    reason = "1 of 2 lists of connected organizations not read"
    told = _coverage(history, "connected_organization_sponsors")
    assert told == ("partial", reason, [("o1/externalsponsors", "not_read")])
    assert loaded.incomplete == (f"connected_organization_sponsors was read in part: {reason}.",)
    kept = history.execute("select id, valid_to from history.connected_organization_sponsors order by id").fetchall()
    assert kept == [("ann", 2), ("eve", None)]


def test_a_partner_that_is_gone_has_no_sponsors(history: Connection) -> None:
    both = _sponsors(internalSponsors=["ann"], externalSponsors=["eve"])
    _load(history, 1, connected_organizations=named(["o1"]), connected_organization_sponsors=both)
    _load(history, 2, connected_organizations=named([]), connected_organization_sponsors=Part())
    assert _coverage(history, "connected_organization_sponsors") == ("complete", None, [])
    kept = history.execute("select valid_to from history.connected_organization_sponsors").fetchall()
    assert kept == [(2,), (2,)]


def test_a_group_that_is_gone_is_not_asked_about_for_what_a_package_gave(history: Connection) -> None:
    role = {"id": "r", "role": {"originId": "Eligible Member_g1", "originSystem": "AadGroup"}}
    given = Part((Answer({"id": "p", "resourceRoleScopes": [role | {"scope": {"originId": "g1"}}]}, "p"),))
    eligible = Part((Answer({"value": [{"principalId": "ann", "accessId": "member"}]}, "g1"),))
    for day, ids, part in ((1, ["g1", "g2"], eligible), (2, ["g2"], Part())):
        parts = {"groups": named(ids), "packages": named(["p"]), "package_roles": given}
        _load(history, day, (), **parts, pim_group_eligibilities=part)
    assert _coverage(history, "pim_group_eligibilities") == ("complete", None, [])
    assert _members(history, "g1") == 0


def test_a_sign_in_on_the_same_day_changes_nothing(history: Connection) -> None:
    for day, told in enumerate(("2026-06-29T07:00:00Z", "2026-06-29T21:30:00Z", "2026-07-01T08:00:00Z"), start=1):
        activity = {"lastSuccessfulSignInDateTime": told}
        _load(history, day, sign_ins=records({"id": "eve", "signInActivity": activity}))
    kept = history.execute(
        "select last_success_on::varchar, valid_from, valid_to from history.sign_ins order by valid_from"
    ).fetchall()
    assert kept == [("2026-06-29", 1, 3), ("2026-07-01", 3, None)]
