"""The `sql` command: one question, read-only, within limits, in four forms."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from driftaudit.cli.main import main
from driftaudit.store._ad_hoc_table import render
from tests.cli.answering import here
from tests.store.blank import blank

__all__ = ["here"]

ROOT = Path(__file__).parents[2]
SECONDS = 30
in_this_process = pytest.mark.usefixtures("here")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of two snapshots, a view that follows the variable, and rows that want to do harm."""
    path = tmp_path_factory.mktemp("db") / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema history;
            create table history.built (fingerprint varchar);
            create table history.snapshots (id integer, taken_at timestamp);
            insert into history.snapshots values (1, '2026-06-30 02:00:04'), (2, '2026-09-30 02:00:04');
            create view snapshots as
                select id, taken_at from history.snapshots where id = coalesce(getvariable('snapshot_id'), 2);
            create table people (name varchar, days integer);
            insert into people values ('=cmd()', -5), ('Ada', 3), (null, null);
        """)
    return path


def _ask(database: Path, *arguments: str) -> int:
    return main(["--db", str(database), "sql", *arguments])


def test_csv_disarms_formulas_and_leaves_numbers(database: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert _ask(database, "select name, days from people", "--format", "csv") == 0
    assert capfdbinary.readouterr().out == b"name,days\n'=cmd(),-5\nAda,3\n,\n"


@in_this_process
def test_what_a_view_stands_on_is_made_first_for_the_snapshot_that_was_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = blank(tmp_path / "nobody.duckdb")
    path.chmod(0o600)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into history.snapshots (id, taken_at, export_sha256) values (7, '2026-09-30', '')")
    made = "select distinct table_name from duckdb_tables() where temporary and table_name = 'explained_grants'"
    statement = f"select count(*) as held, ({made}) as made, current_snapshot_id() as at from explained_grants"
    assert _ask(path, statement, "--format", "csv") == 0
    assert capfd.readouterr().out == "held,made,at\n0,explained_grants,7\n"


@in_this_process
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_disarms_every_start_of_a_formula(
    database: Path, capfdbinary: pytest.CaptureFixture[bytes], start: str
) -> None:
    assert _ask(database, f"select chr({ord(start)}) || 'x' as a, ['-x'] as b", "--format", "csv") == 0
    assert f"'{start}x".encode() in capfdbinary.readouterr().out


def test_json_is_a_list_of_objects_with_instants_in_utc(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    query = "select *, 1 as id, 'nan'::double as nan, [1, 2] as list from snapshots"
    assert _ask(database, query, "--format", "json") == 0
    assert json.loads(capfd.readouterr().out) == [
        {"id": 2, "taken_at": "2026-09-30T02:00:04Z", "id_2": 1, "nan": None, "list": [1, 2]}
    ]


@in_this_process
def test_json_of_no_rows_is_an_empty_list(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "select 1 where false", "--format", "json") == 0
    assert json.loads(capfd.readouterr().out) == []


def test_parquet_keeps_types(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "answer.parquet"
    query = "select name, days, interval 1 day as age from people where days is not null order by days"
    assert _ask(database, query, "-o", str(path)) == 0
    frame = pl.read_parquet(path)
    assert frame.schema == {"name": pl.String, "days": pl.Int32, "age": pl.String}
    assert frame.rows() == [("=cmd()", -5, "1 day"), ("Ada", 3, "1 day")]


def test_parquet_needs_a_file(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "select 1", "--format", "parquet") == 2
    assert "-o answer.parquet" in capsys.readouterr().err


@in_this_process
def test_the_name_of_the_file_chooses_the_form(database: Path, tmp_path: Path) -> None:
    assert _ask(database, "select 1 as a", "-o", str(tmp_path / "a.json")) == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == [{"a": 1}]


def test_a_failed_statement_leaves_the_old_file(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", "utf-8")
    assert _ask(database, "select error('no') from people", "-o", str(path)) == 2
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@in_this_process
def test_a_table_shows_what_would_move_the_cursor(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "select chr(27) || '[31m' || chr(8238) as name", "--format", "table") == 0
    shown = capfd.readouterr().out
    assert "␛[31m[U+202E]" in shown
    assert "\x1b" not in shown


def test_a_table_is_cut_and_says_so(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "select range as number from range(300) order by 1", "--format", "table") == 0
    captured = capfd.readouterr()
    assert captured.out.splitlines()[-1].strip() == "199"
    assert captured.err == "The first 200 rows; -o FILE or --format csv gives them all.\n"


@in_this_process
def test_a_plan_keeps_its_lines(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "explain select * from people", "--format", "table") == 0
    assert len(capfd.readouterr().out.splitlines()) > 3


@in_this_process
@pytest.mark.parametrize(
    ("at", "snapshot"),
    [
        ("1", 1),
        ("2026-09-29", 1),
        ("2026-09-30", 2),
        ("2026-09-30T02:00:03Z", 1),
        ("2026-09-30T04:00:04+02:00", 2),
        ("2026-09-30 02:00:04", 2),
    ],
)
def test_at_chooses_the_snapshot(database: Path, capfd: pytest.CaptureFixture[str], at: str, snapshot: int) -> None:
    assert _ask(database, "select id from snapshots", "--at", at, "--format", "json") == 0
    assert json.loads(capfd.readouterr().out) == [{"id": snapshot}]


@in_this_process
@pytest.mark.parametrize(
    ("at", "message"), [("9", "no snapshot 9"), ("2026-01-01", "at or before"), ("x", "'x' is neither")]
)
def test_a_snapshot_that_is_not_there_is_an_error(
    database: Path, capfd: pytest.CaptureFixture[str], at: str, message: str
) -> None:
    assert _ask(database, "select 1", "--at", at) == 2
    assert message in capfd.readouterr().err


@in_this_process
@pytest.mark.parametrize(
    "statement",
    [
        "insert into people values ('x', 1)",
        "delete from people",
        "create temp table t as select 1",
        "copy people to 'people.csv'",
        "attach ':memory:' as other",
        "set threads = 64",
        "set enable_external_access = true",
        "pragma enable_profiling",
        "call pragma_version()",
        "checkpoint",
        "load icu",
        "install httpfs",
        "export database 'here'",
        "begin",
        "select 1; select 2",
        "",
        "/* nothing */",
        "select * from read_text('pyproject.toml')",
        "select * from read_csv('/etc/passwd')",
        "select * from 'pyproject.toml'",
        "select * from glob('*')",
        "from question",
        "from __import__",
    ],
)
def test_whatever_is_not_one_question_to_the_database_is_refused(
    database: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    before = database.read_bytes()
    monkeypatch.chdir(tmp_path)
    _refuses(database, capfd, statement)
    assert database.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def _refuses(database: Path, capfd: pytest.CaptureFixture[str], statement: str) -> None:
    assert _ask(database, statement) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Error: ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("statement", ["delete from people", "select * from read_csv('/etc/passwd')", "from question"])
def test_the_process_of_its_own_refuses_too(database: Path, capfd: pytest.CaptureFixture[str], statement: str) -> None:
    before = database.read_bytes()
    _refuses(database, capfd, statement)
    assert database.read_bytes() == before


@in_this_process
@pytest.mark.parametrize(
    "statement",
    ["describe people", "summarize people", "show tables", "from people", "values (1)", "table people",
     "with p as (from people) select * from p", "pivot people on name using sum(days)", "select 1; -- thanks",
     "select ';' as a", "select 1 -- a; b"],
)  # fmt: skip
def test_every_way_to_ask_is_allowed(database: Path, capfd: pytest.CaptureFixture[str], statement: str) -> None:
    assert _ask(database, statement, "--format", "json") == 0
    assert json.loads(capfd.readouterr().out)


@in_this_process
@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("selec 1", "at line 1, column 1: syntax error"),
        ("\n\nselect 'é' frm people x", "at line 3, column 16: syntax error"),
        ("select\n  name::integer from people", "at line 2, column 7: Could not convert string '=cmd()'"),
        ("select * from peple", 'does not exist! Did you mean "people"?'),
    ],
)
def test_an_error_says_where(database: Path, capfd: pytest.CaptureFixture[str], statement: str, place: str) -> None:
    assert _ask(database, statement) == 2
    error = capfd.readouterr().err
    assert place in error
    assert error.endswith("See what there is with: driftaudit schema\n")


@in_this_process
def test_a_statement_may_come_from_a_file(database: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "question.sql"
    path.write_text("-- how many\nselect count(*) as n from people;\n", "utf-8")
    assert _ask(database, str(path)) == 0
    assert capfd.readouterr().out == "n\n3\n"
    assert _ask(database, str(tmp_path / "other.sql")) == 2


@in_this_process
def test_a_statement_may_come_from_stdin(
    database: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("select 7 as n"))
    assert _ask(database, "-") == 0
    assert capfd.readouterr().out == "n\n7\n"


def test_without_a_database_the_next_step_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(tmp_path / "none.duckdb", "select 1") == 2
    assert capfd.readouterr().err == (
        f"Error: There is no database at {tmp_path / 'none.duckdb'}. Load an export first: driftaudit load DIR\n"
    )


def test_a_guest_who_writes_is_told_of(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(database)):
        assert _ask(database, "select 1") == 6
    assert "Close it in your SQL client" in capfd.readouterr().err


def test_a_module_in_the_current_folder_is_not_run(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "duckdb.py").write_text("raise SystemExit('run')", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert _ask(database, "select 1") == 0


ENDLESS = "select sum(hash(a.range::varchar || b.range)) from range(10000000) a, range(10000000) b"


def test_an_endless_statement_is_stopped(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    assert _ask(database, ENDLESS, "--timeout", "1") == 2
    assert time.monotonic() - started < SECONDS
    assert "longer than 1 s" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on address space")
def test_a_greedy_statement_is_stopped(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _ask(database, "select repeat('x', 2000000000) as x", "--memory", "1") == 2
    assert "more than 1 GB of memory" in capfd.readouterr().err


def _child_of(run: subprocess.Popen[bytes]) -> int:
    """Wait until the process that runs the statement has loaded DuckDB, and return its number."""
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    for _ in range(SECONDS * 10):
        for child in children.read_text("ascii").split():
            if "duckdb" in Path(f"/proc/{child}/maps").read_text("utf-8"):
                return int(child)
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.skipif(sys.platform != "linux", reason="the child is looked for in /proc")
def test_ctrl_c_ends_the_statement_and_its_process(database: Path) -> None:
    command = [sys.executable, "-m", "driftaudit", "--db", str(database), "sql", ENDLESS]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as run:
        child = _child_of(run)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=SECONDS)
    assert (run.returncode, told.strip()) == (130, b"Stopped.")
    assert not Path(f"/proc/{child}").exists()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_shell_answers_until_the_end_of_input(
    database: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "select 1\n  as a;\n\nselec;\nselect 2 as b;\n"
    monkeypatch.setattr(sys, "stdin", _Terminal(typed))
    assert _ask(database, "--format", "csv") == 0
    captured = capfd.readouterr()
    assert "a\n1\n" in captured.out
    assert "b\n2\n" in captured.out
    assert captured.err.count("Error: ") == 1


@in_this_process
def test_the_shell_can_be_left_by_a_word(
    database: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(".quit\nselect 1 as a;\n"))
    assert _ask(database, "--format", "csv") == 0
    assert "a\n1" not in capfd.readouterr().out


@pytest.mark.parametrize(("columns", "lines"), [(80, ["a", "1"]), (20, ["-- 1 --", "a"])])
def test_a_narrow_terminal_gets_one_column_under_the_other(columns: int, lines: list[str]) -> None:
    text = render(["a", "b", "c"], [True, False, False], [["1", "x" * 15, "y" * 15]], columns)
    assert [line.split()[0] if line[0] != "-" else line for line in text.splitlines() if line[0] in "a1-"][:2] == lines
    assert max(map(len, text.splitlines())) <= columns
