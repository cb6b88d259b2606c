"""The ledger: who may send, and what stays of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from driftaudit.store.deliveries import Delivery, Target, begin, deliveries, end
from tests.store.blank import blank

PERIOD = datetime(2026, 9, 30, 2, 0, 4)
KIM = Target(PERIOD, "mail", "kim@contoso.example")
BEGUN = Delivery(KIM, "begun", "always", "c" * 64, "r" * 64, "<1@contoso.example>", None, datetime(2026, 10, 1, 4))


def test_only_one_of_two_runs_may_send(tmp_path: Path) -> None:
    database = blank(tmp_path / "a.duckdb")
    assert begin(database, [BEGUN], again=False, tell=print) == {KIM}
    assert begin(database, [BEGUN], again=False, tell=print) == frozenset()
    assert deliveries(database) == (BEGUN,)


def test_what_was_sent_is_never_begun_again(tmp_path: Path) -> None:
    database, sent = blank(tmp_path / "a.duckdb"), replace(BEGUN, state="sent", ended_at=datetime(2026, 10, 1, 4, 1))
    begin(database, [BEGUN], again=False, tell=print)
    end(database, [sent], tell=print)
    assert begin(database, [BEGUN], again=True, tell=print) == frozenset()
    assert deliveries(database) == (sent,)


def test_what_was_refused_or_not_due_or_begun_may_be_sent(tmp_path: Path) -> None:
    database = blank(tmp_path / "a.duckdb")
    end(database, [replace(BEGUN, state="refused", reason="550")], tell=print)
    assert begin(database, [BEGUN], again=False, tell=print) == {KIM}
    assert begin(database, [BEGUN], again=True, tell=print) == {KIM}
    end(database, [replace(BEGUN, state="not_due")], tell=print)
    assert begin(database, [BEGUN], again=False, tell=print) == {KIM}


def test_other_periods_channels_and_people_are_left_alone(tmp_path: Path) -> None:
    database = blank(tmp_path / "a.duckdb")
    others = [
        replace(BEGUN, target=replace(KIM, period=datetime(2026, 9, 29))),
        replace(BEGUN, target=replace(KIM, channel="folder")),
        replace(BEGUN, target=replace(KIM, recipient="bo@contoso.example")),
    ]
    begin(database, others, again=False, tell=print)
    assert begin(database, [BEGUN], again=False, tell=print) == {KIM}
    assert len(deliveries(database)) == 4
