"""Logs: only what is new is asked for, nothing that is known is lost, and the service is not asked too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from driftaudit.collect.requests import newer_than
from driftaudit.collectors import collections
from driftaudit.exports import open_export
from driftaudit.store.database import rows
from driftaudit.store.load import load
from driftaudit.store.logs import newest
from tests.collect.conftest import Serve
from tests.collect.runs import Run, manifest, requests
from tests.fake_graph import Manners, serving
from tests.fake_graph.caller import CONTOSO, NEWEST, lines
from tests.graph.bench import FakeClock
from tests.store.conftest import Connection, empty

LOG = "directory_audits"
DAYS = ("2026-08-31", "2026-09-16", "2026-09-30")
LAST = datetime(2026, 9, 30, 2, 0, 4)


def told(folder: Path) -> list[dict[str, Any]]:
    """Return the events that an export holds."""
    return [event for line in lines(folder, LOG) for event in line["page"]["value"]]


def held(connection: Connection) -> list[dict[str, Any]]:
    """Return the events of a history, each with the snapshots of its life."""
    return rows(connection, f"select * from history.{LOG} order by id")


def event(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    """Return one event about access."""
    return {
        "id": f"e{number}",
        "activityDateTime": f"{at.isoformat()}Z",
        "activityDisplayName": "Add member to group",
        "category": "GroupManagement",
        "loggedByService": "Core Directory",
        "initiatedBy": {"user": None, "app": None},
        "result": "success",
        "targetResources": [],
    } | more


def collected(day: str, exports: Path, connection: Connection | None = None) -> Path:
    """Return the export of the log of one day, in which only that is asked for which a history does not have."""
    with serving(CONTOSO / day) as fake:
        return Run(fake, exports, only=(LOG,), newest=newest(connection) if connection else {}).collected()


def test_reading_what_is_new_day_by_day_keeps_what_one_reading_of_everything_would(
    made_history: Connection, tmp_path: Path
) -> None:
    empty(made_history)
    for day in DAYS:
        load(made_history, open_export(collected(day, tmp_path / "new", made_history)))
    by_and_by = held(made_history)
    empty(made_history)
    for day in DAYS:
        load(made_history, open_export(collected(day, tmp_path / "all")))
    assert by_and_by == held(made_history)
    assert {row["valid_to"] for row in by_and_by} == {None}
    assert {row["valid_from"] for row in by_and_by} == {1, 2, 3}
    every = {event["id"].lower() for day in DAYS for event in told(CONTOSO / day)}
    assert {row["id"] for row in by_and_by} == every


def test_the_request_begins_shortly_before_the_newest_known_event(made_history: Connection, tmp_path: Path) -> None:
    empty(made_history)
    load(made_history, open_export(collected("2026-09-16", tmp_path, made_history)))
    last = max(event["activityDateTime"] for event in told(CONTOSO / "2026-09-16"))
    since = datetime.fromisoformat(last) - timedelta(hours=12)
    (asked,) = requests(collected("2026-09-30", tmp_path, made_history), [LOG])
    assert f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}%20and%20(" in asked


def test_what_happened_before_that_does_not_come(serve: Serve) -> None:
    with serve(only=(LOG,)) as run:
        run.newest = {LOG: LAST - timedelta(days=6)}
        found = told(run.collected())
    since = (run.newest[LOG] - timedelta(hours=12)).isoformat()
    assert found == [event for event in told(NEWEST) if event["activityDateTime"] >= since]
    assert 0 < len(found) < len(told(NEWEST))


def test_without_a_history_everything_is_asked_for(tmp_path: Path) -> None:
    (asked,) = requests(collected("2026-09-30", tmp_path), [LOG])
    assert "activityDateTime%20ge" not in asked
    assert asked.endswith("&$orderby=activityDateTime&$top=999")


def test_only_a_log_is_asked_for_what_is_new() -> None:
    every = collections().values()
    assert [c.name for c in every if newer_than(c, LAST) is not c] == [LOG]
    assert [c.name for c in every if newer_than(c, None) is not c] == []


def test_an_event_that_is_dated_after_its_snapshot_is_kept_and_not_believed(
    serve: Serve, made_history: Connection
) -> None:
    empty(made_history)
    assert newest(made_history) == {}
    far, near = event(1, datetime(2031, 1, 1)), event(2, LAST - timedelta(hours=1))
    with serve(only=(LOG,), extra={"/auditLogs/directoryAudits": [far, near]}) as run:
        load(made_history, open_export(run.collected()))
    assert {"e1", "e2"} <= {row["id"] for row in held(made_history)}
    assert newest(made_history) == {LOG: LAST - timedelta(hours=1)}


def test_a_database_that_has_no_log_yet_knows_nothing(made_history: Connection) -> None:
    made_history.execute("begin")
    made_history.execute(f"drop table history.{LOG} cascade")
    assert newest(made_history) == {}
    made_history.execute("rollback")


def test_many_events_that_are_gone_from_the_service_are_no_loss(serve: Serve, made_history: Connection) -> None:
    empty(made_history)
    many = [event(number, LAST - timedelta(minutes=number)) for number in range(1, 200)]
    with serve(only=(LOG,), extra={"/auditLogs/directoryAudits": many}) as run:
        load(made_history, open_export(run.collected()))
        run.fake.clock.advance(86400)
        run.newest = {LOG: LAST + timedelta(hours=23)}
        load(made_history, open_export(run.collected()))
    (coverage,) = rows(made_history, f"from history.coverage where collection = '{LOG}' and snapshot_id = 2")
    assert (coverage["status"], coverage["rows"], coverage["shrunk"]) == ("complete", 0, False)
    assert len(held(made_history)) == len(many) + len(told(NEWEST))


def test_what_is_not_about_access_stays_with_the_service(serve: Serve) -> None:
    at = LAST - timedelta(hours=1)
    others = [
        event(1, at, activityDisplayName="Update user"),
        event(2, at, activityDisplayName="Request approved", loggedByService="Access Reviews"),
        event(3, at, activityDisplayName="Update access package", loggedByService="Entitlement Management"),
    ]
    with serve(only=(LOG,), extra={"/auditLogs/directoryAudits": others}) as run:
        ids = {event["id"] for event in told(run.collected())}
    assert ids - {event["id"] for event in told(NEWEST)} == {"e2", "e3"}


def test_without_the_permission_it_failed_and_says_which(serve: Serve) -> None:
    with serve(only=(LOG, "groups")) as run:
        run.without = frozenset({"AuditLog.Read.All"})
        entries = manifest(run.collected()).collections
    assert (entries[LOG].status, entries["groups"].status) == ("failed", "complete")
    assert "AuditLog.Read.All" in str(entries[LOG].reason)


class Shared(FakeClock):
    """Time that passes for the service as well."""

    def __init__(self, run: Run) -> None:
        """Begin at nought."""
        super().__init__()
        self.run = run

    async def sleep(self, seconds: float) -> None:
        """Let the time pass on both sides."""
        self.run.fake.clock.advance(seconds)
        await super().sleep(seconds)


@pytest.mark.parametrize("name", [LOG, "sign_ins"])
def test_a_service_that_allows_five_reports_in_ten_seconds_has_to_refuse_none(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with serve(only=(name,), manners=Manners(page_cap=1, reports_in_ten_seconds=5), step=0.0) as run:
        monkeypatch.setattr("tests.collect.runs.FakeClock", lambda: Shared(run))
        entry = manifest(run.collected()).collections[name]
        asked = [each for each in run.fake.requests if "directoryAudits" in each.path or "signIn" in each.query]
    assert (entry.status, entry.retries) == ("complete", 0)
    assert len(asked) > 10
    assert {each.status for each in asked} == {200}
