"""`driftaudit status`: whether a good run happened lately."""

from __future__ import annotations

import pytest

from driftaudit.audit.loading import load_and_record
from tests.audit.small_tenant import tenant
from tests.delivery.house import KIM, House
from tests.store.made_export import Part, made

HTML = 'to = ["kim@contoso.example"]\nattach = ["html"]'


def test_a_run_that_read_and_delivered_is_good(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    assert house.run("send") == 0
    capfd.readouterr()
    assert house.run("status") == 0
    assert capfd.readouterr().out == "The last good run is snapshot 4, as of 2026-08-05 02:00:04 UTC.\n"


def test_the_age_decides(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure()
    assert [house.run("status", "--max-age", age) for age in ("27h", "26h", "25h", "1d", "2d")] == [0, 0, 4, 4, 0]
    said = capfd.readouterr().out.splitlines()
    assert said[2] == "No good run within 25h: the last one is snapshot 4, as of 2026-08-05 02:00:04 UTC."


def test_a_report_that_never_left_is_no_good_run(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    assert house.run("send", "--at", "3") == 0
    house.office.of_recipient[KIM] = ["550 5.1.1 No such mailbox."]
    assert house.run("send") == 7
    capfd.readouterr()
    assert house.run("status", "--max-age", "30h") == 4
    assert capfd.readouterr().out == (
        "No good run within 30h: the last one is snapshot 3, as of 2026-08-04 02:00:04 UTC.\n"
        f"Snapshot 4, as of 2026-08-05: the report by mail for {KIM} was not delivered (550 5.1.1 No such mailbox).\n"
    )


def test_where_nothing_was_due_the_run_is_good(house: House) -> None:
    house.configure(HTML + '\nwhen = "changed"')
    assert [house.run("send", "--at", "2"), house.run("send", "--at", "1"), house.run("send", "--at", "4")] == [0, 0, 0]
    load_and_record(house.database, made(37, tenant(["ada", "bob", "cyd"])), given={}, accept_shrink=(), tell=print)
    assert house.run("status", "--max-age", "1h") == 4
    assert house.run("send") == 0
    assert house.run("status", "--max-age", "5h") == 0


def test_a_collection_that_failed_is_no_good_run(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure()
    failed = tenant(["ada"]) | {"assignments": Part(status="failed", reason="403")}
    partly = tenant(["ada"]) | {
        "group_members": Part(status="partial", reason="1 of 1 groups refused", gaps=("group-1",))
    }
    load_and_record(house.database, made(37, partly), given={}, accept_shrink=(), tell=print)
    load_and_record(house.database, made(38, failed), given={}, accept_shrink=(), tell=print)
    assert house.run("status") == 0
    said = capfd.readouterr().out.splitlines()
    assert said[-2].startswith("The last good run is snapshot 5, ")
    assert said[-2].endswith("; 1 of its collections were read in part.")
    assert said[-1] == "Snapshot 6, as of 2026-08-07: assignments could not be read."


def test_no_run_at_all(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    assert house.run("status", "--max-age", "999d") == 4
    assert capfd.readouterr().out.startswith("No good run within 999d: there has been none at all.\nSnapshot 4, ")


def test_no_database_is_no_good_run(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    house.database.unlink()
    assert house.run("status", "--max-age", "36h") == 4
    assert capfd.readouterr().out.startswith("No good run within 36h: there is no database at ")


def test_what_is_no_age_is_refused(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure()
    assert house.run("status", "--max-age", "soon") == 2
    assert "'soon' is no age. Write --max-age 8d or --max-age 36h." in capfd.readouterr().err
