"""The `run` command: a whole night, unattended, and what it takes up of a night that went wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from driftaudit.cli import _deadline
from driftaudit.cli.main import main
from driftaudit.store.database import reading, rows
from driftaudit.store.lock import locked
from tests.cli.reading import Desk, Said
from tests.delivery.nights import LITTLE
from tests.fake_graph import Rule
from tests.fake_graph.faults import REFUSED, slow

NIGHT = 24 * 3600


@pytest.fixture
def night(desk: Desk) -> Desk:
    """Return a desk whose reports go into a folder whenever something has changed."""
    desk.fake.clock.advance(NIGHT)
    configure(desk)
    return desk


def configure(desk: Desk, *, when: str = "changed", more: str = "") -> None:
    """Write the configuration of a night."""
    (desk.folder / "driftaudit.toml").write_text(
        f'{LITTLE}{more}\n[[send]]\nchannel = "folder"\npath = "outbox"\nwhen = "{when}"\nattach = ["html"]\n', "utf-8"
    )


def delivered(desk: Desk) -> list[str]:
    """Return what lies where reports are delivered."""
    return sorted(path.name for path in (desk.folder / "outbox").glob("*"))


def snapshots(desk: Desk) -> int:
    """Return how many snapshots the database holds."""
    with reading(desk.folder / "driftaudit.duckdb") as connection:
        return len(rows(connection, "from history.snapshots"))


def test_a_night_is_read_audited_and_delivered(night: Desk) -> None:
    said = night.run("run")
    assert said.code == 0, said.err
    assert said.out == "", "all of it belongs into the log"
    assert snapshots(night) == 1
    assert len(delivered(night)) == 1
    assert list((night.folder / "driftaudit-reports").glob("*.html"))


def test_an_unchanged_tenant_sends_nothing_the_next_night(night: Desk) -> None:
    assert night.run("run").code == 0
    before = delivered(night)
    night.fake.clock.advance(NIGHT)
    said = night.run("run")
    assert said.code == 0, said.err
    assert snapshots(night) == 2
    assert delivered(night) == before
    assert "Nothing to send by folder" in said.err


def test_a_run_prunes_at_its_end_where_it_is_to(night: Desk) -> None:
    configure(night, more="[retention]\ndaily = 1\nweekly = 0\nquarterly = 0\nautomatic = true\n")
    for _ in range(2):
        assert night.run("run").code == 0
        night.fake.clock.advance(NIGHT)
    oldest, between = night.exports
    third = night.run("run")
    assert third.code == 0, third.err
    assert "Pruned 1 snapshot, as [retention] says." in third.err
    assert oldest in night.exports
    assert between not in night.exports
    assert len(night.exports) == 2


def test_a_second_run_at_once_costs_6_and_asks_nothing(night: Desk) -> None:
    before = night.asked
    with locked(night.folder / "driftaudit.duckdb.run.lock", night.folder / "driftaudit.duckdb"):
        said = night.run("run")
    assert (said.code, night.asked) == (6, before)
    assert "Another run is writing" in said.err


def test_the_lock_of_a_dead_process_keeps_nobody_out(night: Desk) -> None:
    held = "import sys, time; from pathlib import Path; from driftaudit.store.lock import locked\n"
    held += "with locked(Path(sys.argv[1]), Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    lock = night.folder / "driftaudit.duckdb.run.lock"
    with subprocess.Popen((sys.executable, "-c", held, str(lock)), stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert night.run("run", "--dry-run").code == 0
        assert night.run("run").code == 6
        other.kill()
    assert lock.read_text("utf-8")
    assert night.run("run").code == 0


def test_what_an_earlier_run_did_not_finish_is_gone_on_with(night: Desk) -> None:
    broken_off(night)
    said = night.run("run")
    assert said.code == 0, said.err
    assert "did not finish" in said.err
    assert (len(night.exports), snapshots(night), len(delivered(night))) == (1, 1, 1)


def broken_off(desk: Desk) -> None:
    """Leave an export that is open: as a run that died after it had begun leaves it."""
    assert desk.run("collect", "--no-load").code == 0
    (folder,) = desk.exports
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in ("assignments", "package_roles"):
        (folder / manifest["collections"].pop(name)["file"]).unlink()
    (folder / "manifest.json").write_text(json.dumps({**manifest, "state": "open", "finished_at": None}), "utf-8")


def test_what_an_earlier_run_did_not_load_is_loaded_and_not_read_again(night: Desk) -> None:
    assert night.run("collect", "--no-load").code == 0
    before = night.asked
    said = night.run("run")
    assert said.code == 0, said.err
    assert "did not load it" in said.err
    assert (night.asked, snapshots(night), len(delivered(night))) == (before, 1, 1)


def test_what_an_earlier_run_did_not_deliver_is_delivered_and_not_read_again(night: Desk) -> None:
    night.fake.faults.given.append(Rule(REFUSED, "*/accessPackages", None))
    assert night.run("collect").code == 4
    before = night.asked
    assert "has not reached everybody: would read nothing and deliver that." in night.run("run", "--dry-run").out
    said = night.run("run")
    assert said.code == 4, "what was not read whole is no more whole for being taken up"
    assert "The report of snapshot 1, as of 2026-" in said.err
    assert (night.asked, snapshots(night), len(delivered(night))) == (before, 1, 1)


def test_what_reached_everybody_is_read_again_on_demand(night: Desk) -> None:
    assert [night.run("run").code, night.run("run").code] == [0, 0]
    assert snapshots(night) == 2


def test_an_export_of_another_night_is_loaded_and_this_night_is_read(night: Desk) -> None:
    assert night.run("collect", "--no-load").code == 0
    night.fake.clock.advance(NIGHT)
    said = night.run("run")
    assert said.code == 0, said.err
    assert (len(night.exports), snapshots(night)) == (2, 2)


def test_what_could_not_be_read_costs_4_and_the_report_goes_out(night: Desk) -> None:
    night.fake.faults.given.append(Rule(REFUSED, "*/accessPackages", None))
    said = night.run("run")
    assert said.code == 4, said.err
    assert len(delivered(night)) == 1


def test_findings_cost_3_where_that_is_configured(night: Desk) -> None:
    configure(night, more='[audit]\nfail_on = "high"\n')
    assert night.run("run").code == 3


def test_a_way_that_fails_costs_7_and_the_report_is_there(night: Desk) -> None:
    (night.folder / "outbox").write_text("in the way", "utf-8")
    said = night.run("run")
    assert said.code == 7, said.err
    assert "The report was not delivered" in said.err
    assert list((night.folder / "driftaudit-reports").glob("*.html"))


def test_nothing_read_costs_5(night: Desk) -> None:
    night.fake.faults.given.append(Rule(REFUSED, "*", None))
    said = night.run("run")
    assert said.code == 5, said.err
    assert delivered(night) == []


def test_another_tenant_costs_8(night: Desk) -> None:
    configure(night, more='[tenant]\nid = "00000000-1111-2222-3333-444444444444"\n')
    before = night.asked
    assert (night.run("run").code, night.asked) == (8, before)


def test_a_setting_that_is_none_costs_2(night: Desk) -> None:
    configure(night, more="[run]\ndeadline_minute = 5\n")
    said = night.run("run")
    assert said.code == 2
    assert "deadline_minutes" in said.err


def test_a_way_that_leads_nowhere_costs_2_before_anything_is_read(night: Desk) -> None:
    configure(night, more='[[send]]\nchannel = "mail"\nto = ["kim@contoso.example"]\n')
    before = night.asked
    assert (night.run("run").code, night.asked) == (2, before)


def test_nobody_is_asked_anything_without_a_terminal(night: Desk) -> None:
    night.set("DRIFTAUDIT_SIGN_IN_METHOD", "device-code")
    said = night.run("run")
    assert said.code == 2
    assert "asks a person, and nobody is at a terminal" in said.err


def test_a_run_that_takes_too_long_is_stopped(night: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_deadline, "_SECONDS", 1)
    configure(night, more="[run]\ndeadline_minutes = 1\n")
    night.fake.faults.given.append(Rule(slow(5), "*/organization", None))
    said = night.run("run")
    assert said.code == 7
    assert "took longer than 1 minute and was stopped" in said.err


def test_a_dry_run_says_everything_and_does_nothing(night: Desk) -> None:
    before = night.asked
    said = night.run("run", "--dry-run")
    assert (said.code, night.asked) == (0, before)
    assert "Would read " in said.out
    assert "Would send html by folder to outbox: changed." in relative(said, night.folder)
    assert not (night.folder / "driftaudit.duckdb").exists()
    assert not (night.folder / "outbox").exists()


def relative(said: Said, folder: Path) -> str:
    """Return what was said, with paths as they look from the folder."""
    return said.out.replace(f"{folder}/", "")


def test_without_anybody_to_send_to_the_report_is_written(night: Desk) -> None:
    (night.folder / "driftaudit.toml").write_text('[report]\nformats = ["html"]\n', "utf-8")
    assert night.run("run").code == 0
    assert list((night.folder / "driftaudit-reports").glob("*.html"))


def test_its_help_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(f" {code} " in told for code in (0, 3, 4, 7, 5, 6, 2, 8))
