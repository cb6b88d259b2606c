"""When people signed in last: of guests unless more is wanted, and never without permission and licence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from driftaudit.exports import open_export
from driftaudit.store.database import rows
from driftaudit.store.load import load
from tests.collect.conftest import Serve
from tests.collect.runs import manifest
from tests.fake_graph import Manners
from tests.fake_graph.caller import NEWEST, lines
from tests.store.conftest import Connection, empty

ONLY = ("sign_ins",)
LICENCE = "it takes AuditLog.Read.All and a licence of Microsoft Entra ID P1 or P2"


def people(*kinds: str) -> set[str]:
    """Return the ids of the sample's people of these kinds."""
    found = [user for line in lines(NEWEST, "users") for user in line["page"]["value"]]
    return {user["id"] for user in found if user["userType"] in kinds}


def told(folder: Path) -> dict[str, Any]:
    """Return by id what an export holds of sign-ins."""
    records = [record for line in lines(folder, "sign_ins") for record in line["page"]["value"]]
    return {record["id"]: record["signInActivity"] for record in records}


def stored(connection: Connection, folder: Path) -> list[dict[str, Any]]:
    """Return what an empty store holds of sign-ins after loading an export."""
    empty(connection)
    load(connection, open_export(folder))
    return rows(connection, "select id, last_success_on::varchar as day from history.sign_ins order by id")


def days(activities: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return what must be kept of sign-ins."""
    return [{"id": i, "day": a["lastSuccessfulSignInDateTime"][:10] if a else None} for i, a in sorted(activities)]


@pytest.mark.parametrize(("members_too", "kinds"), [(False, ("Guest",)), (True, ("Guest", "Member"))])
def test_guests_are_read_and_members_only_where_that_is_wanted(
    serve: Serve, made_history: Connection, members_too: bool, kinds: tuple[str, ...]
) -> None:
    with serve(only=ONLY, manners=Manners(page_cap=7)) as run:
        run.members_too = members_too
        folder = run.collected()
    entry = manifest(folder).collections["sign_ins"]
    assert (entry.status, entry.reason, entry.rows) == ("complete", None, len(people(*kinds)))
    found = told(folder)
    assert set(found) == people(*kinds)
    assert any(found.values())
    assert stored(made_history, folder) == days(found.items())


def test_without_the_permission_it_failed_and_nothing_else_did(serve: Serve) -> None:
    with serve(only=(*ONLY, "groups")) as run:
        run.without = frozenset({"AuditLog.Read.All"})
        entries = manifest(run.collected()).collections
    assert (entries["sign_ins"].status, entries["groups"].status) == ("failed", "complete")
    assert str(entries["sign_ins"].reason).endswith(LICENCE)


def test_without_the_licence_it_failed_and_says_so(serve: Serve) -> None:
    with serve(only=ONLY, manners=Manners(premium=False)) as run:
        folder = run.collected()
    entry = manifest(folder).collections["sign_ins"]
    assert (entry.status, entry.file) == ("failed", None)
    assert "tenant doesn't have premium license" in str(entry.reason)
    assert str(entry.reason).endswith(LICENCE)
