"""The `load` command: what it says, and with which code it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shutil import copy

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from driftaudit.store.database import reading
from tests.audit.small_tenant import tenant
from tests.store.blank import blank
from tests.store.made_export import TENANT, Answer, Part, made, named, written
from tests.store.processes import CLIENT, process


def _load(database: Path, *arguments: str | Path) -> int:
    return main(["--db", str(database), "load", *map(str, arguments)])


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return blank(tmp_path / "kept" / "small.duckdb")


@pytest.fixture(scope="module")
def once_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of one snapshot, of 1 July 2026."""
    path = blank(tmp_path_factory.mktemp("loaded") / "small.duckdb")
    load_and_record(path, made(1, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture
def loaded(database: Path, once_loaded: Path) -> Path:
    """Return that database, to be changed."""
    database.unlink()
    return Path(copy(once_loaded, database))


def _instants(database: Path) -> list[str]:
    with reading(database) as connection:
        found = connection.execute("select taken_at::date::varchar from history.snapshots order by id").fetchall()
    return [instant for (instant,) in found]


def test_exports_are_loaded_oldest_first(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late, early = written(tmp_path / "a", 9, tenant(["ada"])), written(tmp_path / "b", 2, tenant(["bob"]))
    assert _load(database, late, early) == 0
    assert _instants(database) == ["2026-07-02", "2026-07-09"]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"{early} is snapshot 1, as of 2026-07-02 02:00:04 UTC.",
        f"{late} is snapshot 2, as of 2026-07-09 02:00:04 UTC.",
    ]


def test_the_same_export_again_changes_nothing(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = written(tmp_path / "a", 1, tenant(["ada"]))
    assert _load(database, export) == 0
    before = (database.read_bytes(), database.stat().st_mtime_ns)
    capsys.readouterr()
    assert _load(database, export) == 0
    assert (database.read_bytes(), database.stat().st_mtime_ns) == before
    assert capsys.readouterr().err == f"{export} is snapshot 1 already; nothing was changed.\n"


def test_what_was_not_read_whole_costs_code_4(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = written(tmp_path / "a", 1, tenant(["ada"], sites=Part(status="failed", reason="Graph answered 403")))
    assert _load(database, export) == 4
    assert "  Incomplete: sites failed: Graph answered 403.\n" in capsys.readouterr().err


def test_what_was_left_out_on_purpose_costs_nothing(database: Path, tmp_path: Path) -> None:
    parts = tenant(["ada"], sites=Part(status="skipped", reason="left out by configuration"))
    assert _load(database, written(tmp_path / "a", 1, parts)) == 0


def test_an_incomplete_export_is_told_of_even_if_the_next_is_whole(database: Path, tmp_path: Path) -> None:
    first = written(tmp_path / "a", 1, tenant(["ada"], sites=Part(status="failed", reason="403")))
    assert _load(database, first, written(tmp_path / "b", 2, tenant(["ada"]))) == 4


def test_a_broken_page_is_named_with_file_and_line(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Part((*named(["a"]).answers, Answer({"error": {"code": "tooManyRequests"}})))
    export = written(tmp_path / "a", 1, tenant(["ada"], sites=broken))
    assert _load(database, export) == 4
    told = capsys.readouterr().err
    assert f"{export / 'sites.jsonl.gz'} line 2" in told
    assert "export sites again" in told


def test_an_export_of_nothing_costs_code_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "new.duckdb"
    export = written(tmp_path / "a", 1, {"users": Part(status="failed", reason="Graph answered 401")})
    assert _load(database, export) == 5
    assert not database.exists()
    assert "Error: Nothing of " in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="an open file is another thing there")
def test_a_guest_that_may_write_costs_code_6(loaded: Path, tmp_path: Path) -> None:
    loaded.chmod(0o600)
    with process(CLIENT, loaded) as client:
        assert client.ask() == "there"
        assert _load(loaded, written(tmp_path / "b", 2, tenant(["ada"]))) == 6


def test_an_older_export_costs_code_8(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _load(loaded, written(tmp_path / "b", 0, tenant(["bob"]))) == 8
    assert "history is written forward only. Load exports in order of time" in capsys.readouterr().err
    assert _instants(loaded) == ["2026-07-01"]


def test_another_tenant_costs_code_8(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = written(tmp_path / "b", 2, tenant(["ada"]), tenant="00000000-0000-4000-8000-0000000000ff")
    assert _load(loaded, other) == 8
    assert "Give each tenant a file of its own with --db" in capsys.readouterr().err


def test_a_changed_file_costs_code_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "new.duckdb"
    export = written(tmp_path / "a", 1, tenant(["ada"]))
    (export / "users.jsonl.gz").write_bytes(b"other")
    assert _load(database, export) == 8
    assert "the file was changed after it was collected" in capsys.readouterr().err
    assert not database.exists()


def test_a_folder_of_nothing_costs_code_2(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert _load(database, tmp_path / "empty") == 2
    assert "holds no manifest.json and no COLLECTION.json" in capsys.readouterr().err


def _plain(folder: Path) -> Path:
    folder.mkdir()
    (folder / "users.json").write_text(json.dumps([{"id": "u1", "displayName": "Ada"}]), "utf-8")
    return folder


def test_plain_files_need_to_be_told_whose_they_are(database: Path, tmp_path: Path) -> None:
    folder = _plain(tmp_path / "plain")
    assert _load(database, folder) == 2
    assert _load(database, folder, "--tenant", TENANT, "--taken-at", "2026-09-30T02:00:04Z") == 0
    assert _instants(database) == ["2026-09-30"]


def test_an_instant_that_is_none_costs_code_2(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _load(database, _plain(tmp_path / "plain"), "--tenant", TENANT, "--taken-at", "yesterday") == 2
    assert "'yesterday' is no instant" in capsys.readouterr().err


@pytest.mark.parametrize(("accepted", "code", "left"), [("users", 0, 10), ("groups", 4, 100)])
def test_a_loss_is_believed_when_a_person_says_so(
    database: Path, tmp_path: Path, accepted: str, code: int, left: int
) -> None:
    _load(database, written(tmp_path / "a", 1, {"users": named([f"u{n}" for n in range(100)])}))
    fewer = written(tmp_path / "b", 2, {"users": named([f"u{n}" for n in range(10)])})
    assert _load(database, fewer, "--accept-shrink", accepted) == code
    with reading(database) as connection:
        assert connection.execute("select count(*) from users").fetchall() == [(left,)]


def test_an_unknown_collection_cannot_be_accepted(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _load(database, written(tmp_path / "a", 1, tenant(["ada"])), "--accept-shrink", "user") == 2
    assert "There is no collection 'user'" in capsys.readouterr().err
