"""Publishing: a reader sees one whole snapshot, a second writer and a read-write guest are told, nothing is lost."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.errors import IntegrityError, StoreBusy, UsageError
from driftaudit.store.database import reading
from driftaudit.store.load import Loaded
from driftaudit.store.publish import writing
from tests.store.blank import blank
from tests.store.made_export import Part, made, named
from tests.store.processes import CLIENT, READER, WRITER, process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and open files are another thing there")
Load = Callable[..., Loaded]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a database with one snapshot."""
    path = blank(tmp_path_factory.mktemp("first") / "one.duckdb")
    load(path, 1)
    return path.read_bytes()


@pytest.fixture
def database(tmp_path: Path, first: bytes) -> Path:
    """Return a published database with one snapshot."""
    path = tmp_path / "kept" / "one.duckdb"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(first)
    path.chmod(0o440)
    return path


def load(path: Path, day: int, told: list[str] | None = None, **options: Any) -> Loaded:
    """Load a small export of a day."""
    export = made(day, {"users": named([f"u{n}" for n in range(day)]), **options.pop("parts", {})})
    return load_and_record(path, export, given=options, accept_shrink=(), tell=(told or []).append)


def _names(database: Path) -> set[str]:
    return {path.name for path in database.parent.iterdir()}


def _snapshots(database: Path) -> int:
    with reading(database) as connection:
        return connection.execute("select count(*) from history.snapshots").fetchall()[0][0]


def test_the_published_file_is_read_only_and_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "one.duckdb"
    load(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert _names(path) == {"one.duckdb", "one.duckdb.lock"}
    assert (path.parent / "one.duckdb.lock").read_text() == ""


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    with writing(tmp_path / "shared" / "one.duckdb", print):
        pass
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_the_same_export_again_does_not_touch_the_file(database: Path, first: bytes) -> None:
    os.utime(database, ns=(1_000_000_000, 1_000_000_000))
    assert load(database, 1).already_there
    assert database.read_bytes() == first
    assert database.stat().st_mtime_ns == 1_000_000_000
    assert _names(database) == {"one.duckdb"}


@pytest.mark.parametrize(("day", "tenant"), [(0, {}), (5, {"tenant": "00000000-0000-4000-8000-0000000000ff"})])
def test_what_is_refused_changes_nothing(database: Path, first: bytes, day: int, tenant: dict[str, str]) -> None:
    export = made(day, {"users": named(["x"])}, **tenant)
    with pytest.raises(IntegrityError):
        load_and_record(database, export, given={}, accept_shrink=(), tell=print)
    assert database.read_bytes() == first
    assert _names(database) == {"one.duckdb", "one.duckdb.lock"}


def test_a_snapshot_and_its_findings_are_published_together(database: Path, first: bytes) -> None:
    with pytest.raises(UsageError, match="No check has the parameter"):
        load(database, 2, no_such_parameter=1)
    assert database.read_bytes() == first
    load(database, 2)
    with reading(database) as connection:
        found = connection.execute("select snapshot_id, count(*) from history.check_runs group by 1 order by 1")
        (one, checks), (two, as_many) = found.fetchall()
    assert (one, two, checks) == (1, 2, as_many)
    assert checks > 0


def test_an_export_of_nothing_makes_no_database(tmp_path: Path) -> None:
    export = made(1, {"users": Part(status="failed", reason="403")})
    with pytest.raises(Exception, match="users: 403"):
        load_and_record(tmp_path / "one.duckdb", export, given={}, accept_shrink=(), tell=print)
    assert {path.name for path in tmp_path.iterdir()} == {"one.duckdb.lock"}


def test_a_reader_sees_its_snapshot_to_the_end(database: Path) -> None:
    with process(READER, database) as reader:
        assert reader.ask() == "1"
        load(database, 2)
        assert reader.ask() == "1"
        with process(READER, database) as newcomer:
            assert newcomer.ask() == "2"
        assert reader.ask() == "1"


def test_a_second_writer_is_told_who_holds_the_file(database: Path, first: bytes) -> None:
    with process(WRITER, database) as writer:
        assert writer.ask() == "writing"
        with pytest.raises(StoreBusy) as busy:
            load(database, 2)
        assert busy.value.exit_code == 6
        assert f"Another run is writing {database}: process {writer.child.pid} on " in busy.value.happened
        assert " since 20" in busy.value.happened
        assert database.read_bytes() == first


def test_the_lock_of_a_killed_run_is_no_obstacle(database: Path) -> None:
    with process(WRITER, database) as writer:
        assert writer.ask() == "writing"
    assert (database.parent / "one.duckdb.lock").read_text().startswith("process ")
    assert (database.parent / "one.duckdb.work").exists()
    load(database, 2)
    assert _snapshots(database) == 2
    assert _names(database) == {"one.duckdb", "one.duckdb.lock"}


def test_a_guest_that_may_write_is_told_of_and_not_overwritten(database: Path) -> None:
    database.chmod(0o600)
    with process(CLIENT, database) as client:
        assert client.ask() == "there"
        before = database.read_bytes()
        with pytest.raises(StoreBusy, match="is open read-write in another program") as busy:
            load(database, 2)
        assert (busy.value.exit_code, busy.value.next_step) == (6, "Close it in your SQL client and run this again.")
        assert database.read_bytes() == before


def test_a_write_ahead_log_left_by_a_guest_is_moved_aside(database: Path) -> None:
    database.chmod(0o600)
    with process(CLIENT, database) as client:
        assert client.ask() == "there"
    log = database.parent / "one.duckdb.wal"
    left, told = log.read_bytes(), [""]
    load(database, 2, told)
    (aside,) = database.parent.glob("one.duckdb.wal.aside-*")
    assert aside.read_bytes() == left
    assert (
        told[1] == f"{log} was left by a SQL client that opened the database read-write; it was moved to {aside.name}."
    )
    assert not log.exists()
    assert _snapshots(database) == 2


def test_a_copy_that_could_not_be_put_in_place_is_published_by_the_next_run(database: Path, first: bytes) -> None:
    load(database, 2)
    database.rename(database.with_name("one.new.duckdb"))
    database.write_bytes(first)
    load(database, 3)
    assert _snapshots(database) == 3
    assert _names(database) == {"one.duckdb", "one.duckdb.lock"}


def test_a_block_that_fails_publishes_nothing(database: Path, first: bytes) -> None:
    with pytest.raises(duckdb.ConversionException):
        _fail_halfway(database)
    assert database.read_bytes() == first
    assert _names(database) == {"one.duckdb", "one.duckdb.lock"}


def _fail_halfway(database: Path) -> None:
    with writing(database, print) as connection:
        connection.execute("create table half (x integer)")
        connection.execute("select 'a'::integer")


def test_a_file_that_is_no_database_is_refused(database: Path) -> None:
    database.unlink()
    database.write_text("Dear diary")
    with pytest.raises(IntegrityError, match="cannot be opened as a driftaudit database"):
        load(database, 2)
    assert database.read_text() == "Dear diary"


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine (x integer)")
    before = path.read_bytes()
    with pytest.raises(IntegrityError, match="no driftaudit database"):
        load(path, 1)
    assert path.read_bytes() == before
