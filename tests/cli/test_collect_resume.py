"""`collect --resume`: what is told of a run that broke, how it goes on, and what it never goes on with."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from driftaudit.collect.run import alone_in
from driftaudit.exports.writer import CollectionFile
from driftaudit.graph.clock import RealClock
from driftaudit.store.database import reading, value
from tests.cli.reading import Desk, Said
from tests.fake_graph import Rule
from tests.fake_graph.faults import slow
from tests.store.blank import blank

OTHER = "0b7c42e0-0000-4000-8000-00000000beef"
ONLY = ("--only", "group_members", "--no-load")


@pytest.fixture
def broken(desk: Desk) -> Path:
    """Return the folder of a run that was stopped in the middle."""
    interrupted(desk, "collect", *ONLY)
    return desk.exports[0].relative_to(desk.folder)


def interrupted(desk: Desk, *arguments: str, after: int = 12) -> Said:
    """Return what a run says that is stopped after so many pages."""
    add, pages = CollectionFile.add, iter(range(after))

    def ends(self: CollectionFile, *given: Any) -> None:
        if next(pages, None) is None:
            raise KeyboardInterrupt
        add(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CollectionFile, "add", ends)
        said = desk.run(*arguments)
    assert said.code == 130
    assert said.err.endswith("Stopped.\n")
    return said


def files(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder, but for its empty lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def change(folder: Path, **facts: Any) -> None:
    """Change what the manifest says."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | facts), "utf-8")


def one_sentence(said: Said, code: int, *words: str) -> None:
    """Check that an error was told in one line that says all of this, and nothing else was told."""
    assert said.code == code
    (line,) = said.err.splitlines()
    assert line.startswith("Error: ")
    assert [word for word in words if word not in line] == []
    assert said.out == ""


def test_a_run_that_was_stopped_goes_on_with_the_command_that_it_told(desk: Desk) -> None:
    database = desk.folder / "an own place" / "contoso.duckdb"
    said = interrupted(desk, "--db", str(database), "collect", "--skip", "sites")
    (folder,) = desk.exports
    told = re.search(r"^(\S+) is not finished\. Go on before 2026-10-01 02:0\d UTC with: (.*)$", said.err, re.MULTILINE)
    assert told is not None
    assert told[1] == str(folder.relative_to(desk.folder))
    program, *arguments = shlex.split(told[2])
    assert (program, arguments[0]) == ("driftaudit", f"--db={database}")
    assert not database.exists()
    said = desk.run(*arguments)
    assert said.code == 0
    assert "Left out, by --skip: sites." in said.out
    assert set(desk.statuses().values()) == {"complete", "skipped"}
    with reading(database) as connection:
        assert value(connection, "select count(*) from history.snapshots") == 1
        assert value(connection, "select count(*) from history.findings") > 0


def test_what_was_left_out_stays_left_out(desk: Desk, broken: Path) -> None:
    desk.set("DRIFTAUDIT_COLLECT_SKIP", "groups")
    said = desk.run("collect", "--resume", str(broken), "--no-load")
    assert said.code == 0
    read = {name for name, status in desk.statuses().items() if status == "complete"}
    assert read == {"organization", "groups", "group_members"}
    assert re.findall(r"^(\d) of 3 (\w+)", said.err, re.MULTILINE) == [("3", "group_members")]
    assert said.err.endswith(f"Written to {broken}; load it with: driftaudit load {broken}\n")
    assert not (broken / ".lock").exists()


def test_the_machines_clock_is_no_matter_when_a_run_goes_on(desk: Desk, broken: Path) -> None:
    desk.fake.clock.advance(3600)
    assert "clock" not in desk.run("collect", "--resume", str(broken), "--no-load").err


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_what_is_read_cannot_be_chosen_anew(desk: Desk, broken: Path, option: str) -> None:
    said = desk.run("collect", "--resume", str(broken), option, "users")
    one_sentence(said, 2, f"{option} cannot be given with --resume", f"Leave {option} out.")


def missing(folder: Path) -> Path:
    """Name a folder that is not there."""
    return folder / "elsewhere"


def a_file(folder: Path) -> Path:
    """Name a file."""
    return folder / "manifest.json"


def without_manifest(folder: Path) -> Path:
    """Take the manifest away."""
    (folder / "manifest.json").unlink()
    return folder


def unreadable(folder: Path) -> Path:
    """Cut the manifest off."""
    (folder / "manifest.json").write_text('{"format": 1, "state": "op', "utf-8")
    return folder


def closed(folder: Path) -> Path:
    """Close the folder."""
    change(folder, state="closed")
    return folder


def of_another_version(folder: Path) -> Path:
    """Let another version have begun it."""
    change(folder, tool="driftaudit 0.0.1")
    return folder


@pytest.mark.parametrize(
    ("damage", "code", "words"),
    [
        (missing, 2, ("elsewhere is not there", "Name the folder of a run")),
        (a_file, 2, ("manifest.json is no folder",)),
        (without_manifest, 2, ("holds no manifest.json", "Begin anew with `driftaudit collect`.")),
        (unreadable, 8, ("is not a manifest of format 1",)),
        (closed, 2, ("is finished", "Load it with `driftaudit load driftaudit-exports/2026-09-30T")),
        (of_another_version, 2, ("was begun by driftaudit 0.0.1", "Begin anew")),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_cannot_be_gone_on_with_is_told_before_anything_is_asked(
    desk: Desk, broken: Path, damage: Callable[[Path], Path], code: int, words: tuple[str, ...]
) -> None:
    folder, asked = damage(broken), desk.asked
    desk.patch.delenv("DRIFTAUDIT_ACCESS_TOKEN")
    one_sentence(desk.run("collect", "--resume", str(folder), "--no-load"), code, *words)
    assert desk.asked == asked


def refused(desk: Desk, folder: Path, code: int, *words: str) -> None:
    """Check that a run does not go on in a folder, and leaves it as it is."""
    before = files(folder)
    one_sentence(desk.run("collect", "--resume", str(folder), "--no-load"), code, *words)
    assert files(folder) == before


def test_another_tenant_is_refused(desk: Desk, broken: Path) -> None:
    change(broken, tenant_id=OTHER)
    refused(desk, broken, 8, OTHER, desk.fake.tenant_id, "nothing was written")


def test_another_tenant_is_refused_where_only_its_answer_tells(desk: Desk, broken: Path) -> None:
    change(broken, tenant_id=OTHER, app_id=None)
    desk.patch.setattr("driftaudit.graph.claims.claims_of", lambda token: None)
    refused(desk, broken, 8, OTHER, desk.fake.tenant_id, "nothing was written")


def test_another_cloud_is_refused(desk: Desk, broken: Path) -> None:
    change(broken, cloud="china")
    refused(desk, broken, 8, "is of the cloud china", "[tenant] cloud is public")


def test_another_sign_in_is_refused(desk: Desk, broken: Path) -> None:
    desk.sign_in(desk.fake.token(signed_in_as="ada@contoso.example"))
    refused(desk, broken, 8, "was begun by 16ce6acb", "Sign in as the same")


def test_a_run_of_more_than_a_day_ago_is_refused(desk: Desk, broken: Path) -> None:
    desk.fake.clock.advance(86_500)
    refused(desk, broken, 2, "more than 24 hours ago", "would mix different days", "Begin anew")


def test_a_run_of_less_than_a_day_ago_goes_on(desk: Desk, broken: Path) -> None:
    desk.fake.clock.advance(86_300)
    assert desk.run("collect", "--resume", str(broken), "--no-load").code == 0
    begun, ended = desk.manifest()["taken_at"], desk.manifest()["finished_at"]
    assert begun[:10] < ended[:10]


def test_a_closed_collection_that_was_changed_is_refused_by_name(desk: Desk, broken: Path) -> None:
    file = broken / "groups.jsonl.gz"
    file.write_bytes(file.read_bytes() + b"\n")
    refused(desk, broken, 8, str(file), "SHA-256", "Begin anew")


def test_a_closed_collection_that_is_gone_is_refused_by_name(desk: Desk, broken: Path) -> None:
    (broken / "groups.jsonl.gz").unlink()
    refused(desk, broken, 8, "groups.jsonl.gz", "Begin anew")


def test_a_folder_in_which_another_run_writes_is_refused(desk: Desk, broken: Path) -> None:
    with alone_in(broken):
        refused(desk, broken, 6, f"Another run is writing {broken}: process {os.getpid()} on", "Wait until")


def test_sharepoint_that_was_to_be_read_must_be_there_again(desk: Desk) -> None:
    interrupted(desk, "collect", "--only", "site_members", "--no-load", after=2)
    folder = desk.exports[0].relative_to(desk.folder)
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_URL")
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_TOKEN")
    refused(desk, folder, 2, "site_members still need", "DRIFTAUDIT_SHAREPOINT_URL")


def test_an_open_folder_cannot_be_loaded_and_the_way_on_is_told(desk: Desk, broken: Path) -> None:
    one_sentence(desk.run("load", str(broken)), 8, "still open", f"`driftaudit collect --resume {broken}`")


def test_the_time_limit_ends_a_run_in_an_orderly_way(desk: Desk) -> None:
    blank(desk.folder / "driftaudit.duckdb")
    seconds, begun = time.monotonic, desk.asked
    desk.set("DRIFTAUDIT_COLLECT_DEADLINE_MINUTES", "1")
    desk.patch.setattr(RealClock, "seconds", lambda _: seconds() + (61 if desk.asked - begun > 40 else 0))
    said = desk.run("collect")
    assert said.code == 4
    statuses = desk.statuses()
    assert (statuses["organization"], statuses["requests"]) == ("complete", "failed")
    assert "requests failed: Reading takes longer than the 1 minutes allowed for it." in said.out
    assert desk.manifest()["state"] == "closed"
    assert "is snapshot 1" in said.err
    assert "--resume" not in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_leaves_a_folder_that_can_be_gone_on_with(desk: Desk, number: signal.Signals) -> None:
    rule = Rule(slow(4), "*/users", calls=None)
    desk.fake.faults.given.append(rule)
    program = [sys.executable, "-m", "driftaudit", "collect", "--no-load", "--only", "users"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as run:
        give_up = time.monotonic() + 30
        while not any((folder / "users.jsonl").exists() for folder in desk.exports) and time.monotonic() < give_up:
            time.sleep(0.05)
        run.send_signal(number)
        out, err = run.communicate(timeout=20)
    assert run.returncode == 130
    (folder,) = (path.relative_to(desk.folder) for path in desk.exports)
    assert f"{folder} is not finished. Go on before " in err
    assert err.endswith(f" UTC with: driftaudit collect --resume {folder} --no-load\nStopped.\n")
    assert (out, "Traceback" in err) == ("", False)
    desk.fake.faults.given.remove(rule)
    assert desk.run("collect", "--resume", str(folder), "--no-load").code == 0
    assert desk.statuses()["users"] == "complete"
