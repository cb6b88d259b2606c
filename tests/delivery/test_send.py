"""`driftaudit send`: what leaves, what does not and why, and what stays in the ledger."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.store.publish import writing
from tests.audit.small_tenant import tenant
from tests.delivery.house import BO, CY, KIM, House
from tests.delivery.post_office import SECRET
from tests.store.made_export import made

HTML = 'to = ["kim@contoso.example"]\nattach = ["html"]'
CHANGED = HTML + '\nwhen = "changed"'
THREE = 'to = ["kim@contoso.example", "bo@contoso.example", "cy@contoso.example"]\nattach = ["html"]'


def test_the_report_arrives_and_the_ledger_says_so(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    assert house.run("send") == 0
    report = house.folder / "driftaudit-reports" / "driftaudit-2026-08-05.html"
    assert house.attached() == [{"access-drift-contoso-2026-08-05.html": report.read_bytes()}]
    (mail,) = house.office.mails
    assert mail["Subject"] == "Contoso: At least 2 grants should not be there, as of 5 August 2026"
    (row,) = house.ledger()
    assert (row["recipient"], row["state"], row["why"], row["channel"]) == (KIM, "sent", "always", "mail")
    assert row["report_sha256"] == sha256(report.read_bytes()).hexdigest()
    assert row["message_id"] == mail["Message-ID"]
    assert str(row["period"]) == "2026-08-05 02:00:04"
    assert str(row["ended_at"]) == "2026-08-06 04:00:00"
    said = capfd.readouterr()
    assert (said.out, said.err) == (
        "", f"Wrote {report}.\nSent the report as of 2026-08-05: 1 by mail.\n"
    )  # fmt: skip


def test_a_pdf_arrives_whole(house: House) -> None:
    house.configure('to = ["kim@contoso.example"]')
    assert house.run("send") == 0
    report = house.folder / "driftaudit-reports" / "driftaudit-2026-08-05.pdf"
    assert house.attached() == [{"access-drift-contoso-2026-08-05.pdf": report.read_bytes()}]
    assert report.read_bytes().startswith(b"%PDF-")


def test_a_mail_without_the_report_says_where_it_lies(house: House) -> None:
    house.configure('to = ["kim@contoso.example"]\nattach = []', report='formats = ["html"]')
    assert house.run("send") == 0
    report = house.folder / "driftaudit-reports" / "driftaudit-2026-08-05.html"
    assert report.is_file()
    plain = house.office.mails[0].get_body(("plain",))
    assert plain is not None
    assert f"The whole report lies at:\n{report}\n" in plain.get_content().replace("\r\n", "\n")
    assert house.attached() == [{}]


def test_nothing_is_sent_twice(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML, HTML.replace("html", "pdf"), HTML.replace("kim", "Kim"))
    assert [house.run("send"), house.run("send"), house.run("send", "--again")] == [0, 0, 0]
    assert len(house.office.taken) == 1
    assert "Nothing to send by mail: it was sent already." in capfd.readouterr().err


def test_who_is_named_twice_gets_it_by_the_first_way_that_is_due(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    house.configure(HTML + '\nwhen = "changed"', THREE, HTML)
    assert house.run("send", "--at", "1") == 0
    assert [to for to, _ in house.office.taken] == [[KIM], [BO, CY]]
    assert house.run("send", "--at", "2", "--dry-run") == 0
    said = capfd.readouterr().out.splitlines()
    assert [line.partition(":")[0].removeprefix("mail ") for line in said] == [
        f"{KIM} gets nothing", f"{KIM} gets html", f"{BO} gets html", f"{CY} gets html", f"{KIM} gets nothing",
    ]  # fmt: skip
    assert said[-1].endswith(": gets it by an earlier [[send]]")
    assert house.run("send", "--at", "2") == 0
    assert [state for _, state, _ in house.states()] == ["sent"] * 6


def test_a_dry_run_shows_to_whom_and_sends_and_writes_nothing(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML, 'channel = "folder"\npath = "out"\nwhen = "threshold"\nthreshold = "high"')
    before = house.database.read_bytes()
    assert house.run("send", "--dry-run") == 0
    out = house.folder / "out"
    assert capfd.readouterr().out == (
        f"mail {KIM} gets html: always\n"
        f"folder {out} gets pdf: a finding of severity high or above stands open\n"
    )  # fmt: skip
    assert house.database.read_bytes() == before
    assert (house.office.taken, out.exists(), (house.folder / "driftaudit-reports").exists()) == ([], False, False)


def test_an_unchanged_tenant_sends_nothing(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(CHANGED)
    assert [house.run("send", "--at", "1"), house.run("send", "--at", "2")] == [0, 0]
    assert len(house.office.taken) == 1
    assert house.states() == [(KIM, "sent", "changed"), (KIM, "not_due", None)]
    assert "nothing changed; the last report was of 1\u00a0July 2026." in capfd.readouterr().err


def test_after_30_silent_days_a_sign_of_life_is_sent_and_then_a_change(house: House) -> None:
    house.configure(CHANGED)
    assert [house.run("send", "--at", at) for at in ("1", "2", "3", "4")] == [0, 0, 0, 0]
    assert [why for _, _, why in house.states()] == ["changed", None, "still_alive", "changed"]
    plain = [mail.get_body(("plain",)) for mail in house.office.mails]
    texts = [part.get_content() for part in plain if part is not None]
    assert "nothing new to report for 30 days" in texts[1]
    assert "something changed since the report of 4\u00a0August 2026." in texts[2]


def test_what_could_be_assessed_is_part_of_what_is_said(house: House) -> None:
    house.configure(CHANGED)
    assert house.run("send") == 0
    less = {name: part for name, part in tenant(["ada", "bob", "cyd"]).items() if name != "assignments"}
    load_and_record(house.database, made(37, less), given={}, accept_shrink=(), tell=print)
    assert house.run("send") == 0
    assert [why for _, _, why in house.states()] == ["changed", "changed"]


@pytest.mark.parametrize(("accepted", "why"), [("", "threshold"), ("bob cyd", "still_alive")])
def test_a_threshold_counts_what_nobody_accepts(house: House, accepted: str, why: str) -> None:
    house.configure(HTML + '\nwhen = "threshold"\nthreshold = "high"')
    entries = [
        f'[[exception]]\ncheck = "grant_outside_package"\nprincipal = "{name}"\nowner = "Bo"\napprover = "Dana"\n'
        'reason = "Kept"\ncreated = 2026-07-01\nexpires = 2026-12-31\n'
        for name in accepted.split()
    ]
    (house.folder / "exceptions.toml").write_text("\n".join(entries), "utf-8")
    assert house.run("send") == 0
    assert house.states() == [(KIM, "sent", why)]


def test_below_the_threshold_there_is_a_sign_of_life_and_then_silence(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    house.configure(HTML + '\nwhen = "threshold"\nthreshold = "high"')
    load_and_record(house.database, made(37, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    load_and_record(house.database, made(38, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    assert [house.run("send", "--at", "5"), house.run("send")] == [0, 0]
    assert house.states() == [(KIM, "sent", "still_alive"), (KIM, "not_due", None)]
    assert "no finding reaches high; the last report was of 6\u00a0August 2026." in capfd.readouterr().err


def test_one_refused_of_three_is_told_and_tried_again_alone(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(THREE)
    house.office.of_recipient[BO] = ["550 5.1.1 No such mailbox."]
    assert house.run("send") == 7
    report = house.folder / "driftaudit-reports" / "driftaudit-2026-08-05.html"
    error = capfd.readouterr().err.splitlines()[-1]
    assert error == (
        f"Error: The report was not delivered to all ({BO}: 550 5.1.1 No such mailbox). "
        f"Repair that and run `driftaudit send` again: nobody gets it twice. It lies in {report}."
    )
    assert report.is_file()
    assert {to: state for to, state, _ in house.states()} == {KIM: "sent", BO: "refused", CY: "sent"}
    assert house.run("send") == 0
    assert [to for to, _ in house.office.taken] == [[KIM, CY], [BO]]


def test_one_way_that_fails_does_not_stop_the_others(house: House) -> None:
    house.configure(HTML, 'channel = "folder"\npath = "out"\nattach = ["html"]')
    house.office.of_recipient[KIM] = ["550 5.1.1 No such mailbox."]
    assert house.run("send") == 7
    out = {path.name: path.read_bytes() for path in (house.folder / "out").iterdir()}
    report = house.folder / "driftaudit-reports" / "driftaudit-2026-08-05.html"
    assert out == {"access-drift-contoso-2026-08-05.html": report.read_bytes()}


def test_a_file_of_the_same_day_is_not_replaced(house: House) -> None:
    house.configure('channel = "folder"\npath = "out"\nattach = ["html"]')
    there = house.folder / "out" / "access-drift-contoso-2026-08-05.html"
    there.parent.mkdir()
    there.write_text("of the morning", "utf-8")
    assert house.run("send") == 0
    assert there.read_text("utf-8") == "of the morning"
    assert len([path for path in there.parent.iterdir() if path.name.startswith("access-drift-contoso-2026")]) == 2


def test_a_connection_that_ends_in_between_is_told_and_sent_again_only_on_demand(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    house.configure(HTML)
    house.office.hangs_up = True
    assert house.run("send") == 7
    assert "the connection ended while the server took the mail" in capfd.readouterr().err
    assert house.run("send") == 7
    assert "may have been sent, or not" in capfd.readouterr().err
    assert (len(house.office.taken), house.states()) == (1, [(KIM, "begun", "always")])
    assert house.run("send", "--again") == 0
    assert (len(house.office.taken), house.states()) == (2, [(KIM, "sent", "always")])


def test_a_folder_leaves_no_doubt_about_what_a_run_that_died_put_there(house: House) -> None:
    house.configure('channel = "folder"\npath = "out"\nattach = ["html"]')
    assert house.run("send") == 0
    with writing(house.database, print) as connection:
        connection.execute("update history.deliveries set state = 'begun', ended_at = null")
    assert house.run("send") == 0
    assert [state for _, state, _ in house.states()] == ["sent"]
    assert len(list((house.folder / "out").iterdir())) == 1


def test_a_run_that_is_killed_between_sending_and_writing_is_told(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.configure(HTML)
    process = subprocess.Popen([sys.executable, "-m", "driftaudit", "send"], cwd=house.folder, env=_environment())
    house.office.on_taken = lambda: os.kill(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    house.office.on_taken = lambda: None
    assert (len(house.office.taken), house.states()) == (1, [(KIM, "begun", "always")])
    load_and_record(
        house.database, made(37, tenant(["ada", "bob"])), given={}, accept_shrink=(), tell=print
    )  # fmt: skip
    assert house.run("send", "--at", "4") == 7
    assert house.run("send") == 0
    error = capfd.readouterr().err
    assert "Whether a report as of 2026-08-05 left by mail is unknown" in error
    assert len(house.office.taken) == 2
    capfd.readouterr()
    assert house.run("send") == 0
    assert "is unknown" not in capfd.readouterr().err


def _environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": str(root)}


def test_the_ledger_outlives_snapshots_and_loads(house: House) -> None:
    house.configure(HTML)
    assert house.run("send", "--at", "1") == 0
    before = house.ledger()
    with writing(house.database, print) as connection:
        connection.execute("delete from history.snapshots where id = 1")
    load_and_record(house.database, made(37, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    assert house.ledger() == before


def test_a_database_of_an_older_version_gets_the_ledger(house: House) -> None:
    house.configure(HTML)
    with writing(house.database, print) as connection:
        connection.execute("drop view deliveries")
        connection.execute("drop table history.deliveries")
        connection.execute("update history.built set fingerprint = 'older'")
    assert house.run("status") == 4
    load_and_record(house.database, made(37, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    assert house.run("send") == 0
    assert house.states() == [(KIM, "sent", "always")]


def test_no_log_holds_a_secret_an_address_or_a_name(
    house: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    house.configure(THREE)
    assert house.run("--log-format", "json", "send") == 0
    assert len(house.office.taken) == 1
    told = capfd.readouterr()
    lines = [json.loads(line) for line in told.err.splitlines()]
    assert {line["level"] for line in lines} == {"info"}
    logged = "".join(r.getMessage() for r in caplog.records if r.name != "mail.log")
    shown = told.out + told.err + logged
    assert all(secret not in shown for secret in (SECRET, KIM, BO, CY, "grants should not be there", "Payroll"))
    assert SECRET.encode() not in house.database.read_bytes()


def test_a_report_that_cannot_be_written_is_not_sent(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(HTML)
    (house.folder / "driftaudit-reports").write_text("no folder", "utf-8")
    assert house.run("send") == 7
    assert "Check [report] folder and how much is free there; then" in capfd.readouterr().err
    assert (house.office.taken, house.ledger()) == ([], [])


def test_without_a_way_there_is_nothing_to_do(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure()
    assert house.run("send") == 2
    assert "does not say to whom" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ('channel = "post"', "line 11: there is no channel 'post'. Known are: folder, mail."),
        ('channel = "mial"\nto = ["a@b.example"]', "there is no channel 'mial'. Did you mean mail?"),
        ('channel = "mail_smtp"', "there is no channel 'mail_smtp'."),
        ('channel = "folder"', "line 11: the channel folder needs a path."),
        ('channel = "folder"\npath = "x"\nattach = []', "nothing would be put into"),
    ],
)
def test_a_way_that_leads_nowhere(house: House, way: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    house.configure(way)
    assert house.run("send", "--dry-run") == 2
    assert said in capfd.readouterr().err


def test_a_server_that_is_gone_costs_7_and_the_report_is_there(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[Any] = []
    monkeypatch.setattr("time.sleep", naps.append)
    house.configure(HTML)
    text = (house.folder / "driftaudit.toml").read_text("utf-8")
    (house.folder / "driftaudit.toml").write_text(text.replace(f"port = {house.office.port}", "port = 1"), "utf-8")
    assert house.run("send") == 7
    assert "127.0.0.1 cannot be reached (Connection refused)" in capfd.readouterr().err
    assert list((house.folder / "driftaudit-reports").iterdir())
    assert house.states() == [(KIM, "refused", "always")]
