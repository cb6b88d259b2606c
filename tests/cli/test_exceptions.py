"""The `exceptions` command: what is accepted, what is wrong with the file, and adding one more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from tests.audit.once import audited_once
from tests.audit.small_tenant import CHECK, PEOPLE, key, tenant
from tests.store.blank import blank
from tests.store.made_export import made, records

__all__ = ["audited_once"]
pytestmark = pytest.mark.usefixtures("audited_once")
TABLE = """
[[exception]]
finding = "{finding}"
owner = "Bo Berg"
approver = "{approver}"
reason = "{reason}"
created = {created}
expires = {expires}
"""
NOTHING = f"{CHECK}/0123456789ab"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of two snapshots, of 1 and 5 July 2026; one name tries to write on the terminal."""
    path = blank(tmp_path_factory.mktemp("exceptions") / "small.duckdb")
    names = {person: person.title() for person in PEOPLE} | {"dan": 'D\x1b[31man\n"'}
    users = records(
        *({"id": i, "displayName": n, "userPrincipalName": f"{i}@contoso.example"} for i, n in names.items())
    )
    for day, people in ((1, ["ada", "bob"]), (5, ["ada", "cyd", "dan"])):
        load_and_record(path, made(day, tenant(people, users=users)), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they are."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the exceptions stand: beside the configuration file, which is there."""
    (tmp_path / "driftaudit.toml").write_text("", "utf-8")
    return tmp_path / "exceptions.toml"


def _table(**values: str) -> str:
    told = {"approver": "Dana Ito", "reason": "Merger", "created": "2026-07-01", "expires": "2027-01-31"}
    return TABLE.format(**{"finding": key("cyd"), **told, **values})


def _run(database: Path, file: Path, *arguments: str, command: str = "exceptions") -> int:
    return main(["--db", str(database), "--config", str(file.with_name("driftaudit.toml")), command, *arguments])


def _add(database: Path, file: Path, *about: str, **values: str) -> int:
    given = {"owner": "Bo Berg", "approver": "Dana Ito", "reason": "Merger", "expires": "2027-01-31", **values}
    return _run(database, file, "add", *about, *(f"--{name}={value}" for name, value in given.items()))


def test_list_says_what_each_is_worth(database: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(
        _table()
        + _table(finding=key("dan"), expires="2026-07-04", reason="Gone\\u001b[2J soon")
        + _table(finding=NOTHING)
        + _table(finding=key("dan"), created="2026-08-01")
        + _table(finding=key("dan"), approver="dan@contoso.example"),
        "utf-8",
    )
    assert _run(database, file, "list") == 0
    shown = capsys.readouterr().out
    assert f"{file} · as of 2026-07-05 02:00:04 UTC" in shown
    assert _heads(shown) == [
        ("active", "1", "2027-01-31", key("cyd")),
        ("expired", "1", "2026-07-04", key("dan")),
        ("unused", "0", "2027-01-31", NOTHING),
        ("not yet", "1", "2027-01-31", key("dan")),
        ("unused", "0", "2027-01-31", key("dan")),
    ]
    assert "Cyd, Member, =Payroll()" in shown
    assert "line 2, from 2026-07-01, owner Bo Berg, approved by Dana Ito" in shown
    assert "Gone␛[2J soon" in shown
    assert "D␛[31man␊" in shown
    assert "its approver is the subject of 1 finding, not accepted" in shown
    assert "\x1b" not in shown


def _heads(shown: str) -> list[tuple[str, ...]]:
    found = re.findall(rf"^(active|expired|unused|not yet) +(\d) +([\d-]+) +({CHECK}/\w+)", shown, re.MULTILINE)
    return [tuple(head) for head in found]


def test_list_of_an_older_snapshot(database: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(_table(finding=key("bob"), expires="2026-07-03"), "utf-8")
    assert _run(database, file, "list", "--at", "1") == 0
    assert _heads(capsys.readouterr().out) == [("active", "1", "2026-07-03", key("bob"))]


@pytest.mark.parametrize("name", ["list", "check"])
def test_no_file_is_no_exception(database: Path, file: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert _run(database, file, name) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"There is no file {file}: nothing is accepted.\n")


@pytest.mark.parametrize(
    "arguments", [["exceptions", "list"], ["exceptions", "check"], ["audit"]], ids=["list", "check", "audit"]
)
def test_a_file_that_was_configured_must_be_there(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    file.with_name("driftaudit.toml").write_text('[audit]\nexceptions = "accepted.toml"\n', "utf-8")
    command, *rest = arguments
    assert _run(database, file, *rest, command=command) == 2
    assert f"There is no file of exceptions at {file.with_name('accepted.toml')}." in capsys.readouterr().err


def test_check_names_what_ends_soon_and_what_accepts_nothing(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(
        _table()
        + _table(expires="2026-08-04")
        + _table(expires="2026-08-05")
        + _table(finding=NOTHING)
        + _table(finding=key("dan"), expires="2026-07-04")
        + _table(finding=key("dan"), created="2026-08-01")
        + _table(finding=key("cyd"), expires="2026-07-04"),
        "utf-8",
    )
    assert _run(database, file, "check") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: 7 exceptions, no mistakes.",
        f"  line 10: expires on 2026-08-04: {key('cyd')}",
        f"  line 26: unused: {NOTHING}",
        f"  line 34: expired on 2026-07-04, 1 finding open again: {key('dan')}",
        f"  line 42: holds from 2026-08-01: {key('dan')}",
        f"  line 50: expired on 2026-07-04: {key('cyd')}",
    ]


def test_check_names_a_pattern_that_fits_its_approver(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _table(approver="Cyd").replace(f'finding = "{key("cyd")}"', f'check = "{CHECK}"\nresource = "=*"')
    file.write_text(text, "utf-8")
    assert _run(database, file, "check") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"  line 2: its approver is the subject of 1 finding, not accepted: {CHECK}, resource =*"
    ]
    _run(database, file, command="audit")
    shown = capsys.readouterr().out
    assert f"! Line 2 of the exceptions: its approver is the subject of 1 finding, not accepted: {CHECK}, " in shown
    assert "✓ 1 finding accepted by exceptions: driftaudit exceptions list" in shown


def test_add_names_no_more_than_a_screenful(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driftaudit.cli.exceptions.SHOWN", 1)
    assert _add(database, file, "--check", CHECK, "--resource", "=*") == 0
    assert capsys.readouterr().err.splitlines()[2:] == ["  ... and 1 more: driftaudit audit"]


def test_check_needs_no_database(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(_table(), "utf-8")
    assert _run(tmp_path / "none.duckdb", file, "check") == 0
    captured = capsys.readouterr()
    assert captured.out == f"{file}: 1 exception, no mistakes.\n"
    assert "what they accept was not looked at" in captured.err


def test_without_a_configuration_the_file_of_the_folder_is_read(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file.with_name("driftaudit.toml").unlink()
    file.write_text(_table(), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["--db", "none.duckdb", "exceptions", "check"]) == 0
    assert capsys.readouterr().out == "exceptions.toml: 1 exception, no mistakes.\n"


@pytest.mark.parametrize("name", ["list", "check"])
def test_a_mistake_costs_code_2(database: Path, file: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    file.write_text(_table().replace("owner", "onwer"), "utf-8")
    assert _run(database, file, name) == 2
    assert f"{file}, line 4: onwer is no field of an exception. Did you mean owner?" in capsys.readouterr().err


@pytest.mark.parametrize("created", ["2026-07-01", "2026-07-06"], ids=["holding", "coming"])
def test_check_refuses_a_finding_whose_subject_approved_it(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str], created: str
) -> None:
    file.write_text(_table(approver="Cyd", created=created), "utf-8")
    assert _run(database, file, "check") == 2
    assert f"{file}, line 2: Cyd approved {key('cyd')} and is its subject." in capsys.readouterr().err


@pytest.mark.parametrize("about", [key("dan"), key("dan").rpartition("/")[2]], ids=["key", "digits"])
def test_add_appends_one_and_names_whom_it_is_about(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str], about: str
) -> None:
    before = "# What we accept.\n\n" + _table(reason="Kept  # for now").lstrip() + "# the end"
    file.write_text(before, "utf-8")
    assert _add(database, file, about, reason='For "Dan"\n\\ and us') == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[0] == f"{file}, line 12: 1 finding accepted until 2027-01-31."
    text = file.read_text("utf-8")
    assert text.startswith(before)
    assert text.removeprefix(before).splitlines() == [
        "",
        "",
        '[[exception]]  # D␛[31man␊", Member, =Payroll()',
        f'finding = "{key("dan")}"',
        'owner = "Bo Berg"',
        'approver = "Dana Ito"',
        'reason = "For \\"Dan\\"\\n\\\\ and us"',
        "created = 2026-07-05",
        "expires = 2027-01-31",
    ]
    assert _run(database, file, "list") == 0
    assert [head[1] for head in _heads(capsys.readouterr().out)] == ["1", "1"]


def test_add_makes_the_file_that_is_configured(database: Path, file: Path) -> None:
    file.with_name("driftaudit.toml").write_text('[audit]\nexceptions = "accepted.toml"\n', "utf-8")
    assert _add(database, file, key("cyd")) == 0
    assert file.with_name("accepted.toml").read_text("utf-8").startswith("[[exception]]  # Cyd, Member")
    assert not file.exists()


def test_add_by_pattern_says_how_many_it_accepts(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("--check", CHECK, "--resource", "=pay*", "--principal", "*@contoso.example")
    assert _add(database, file, *about, created="2026-07-06") == 0
    told = capsys.readouterr().err
    assert "line 1: 2 findings accepted until 2027-01-31." in told
    assert f"  {key('cyd')}  Cyd, Member, =Payroll()" in told
    assert "It holds from 2026-07-06; the newest snapshot is of 2026-07-05." in told
    assert 'principal = "*@contoso.example"\nresource = "=pay*"\n' in file.read_text("utf-8")


def test_add_says_what_was_accepted_already(database: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(_table(), "utf-8")
    assert _add(database, file, key("cyd")) == 0
    assert "(already until 2027-01-31, approved by Dana Ito: Merger)" in capsys.readouterr().err


REFUSED: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "resolved": ((key("bob"),), {}, f"No finding is open in snapshot 2 for {key('bob')}."),
    "not there": ((NOTHING,), {}, f"No finding is open in snapshot 2 for {NOTHING}."),
    "digits not there": (("0123456789ab",), {}, "No finding is open in snapshot 2 for 0123456789ab."),
    "no key": (("cyd",), {}, "FINDING: 'cyd' is no finding's key."),
    "no check": (("grant_outside/0123456789ab",), {}, "FINDING: there is no check 'grant_outside'. Did you mean"),
    "nothing": ((), {}, "exceptions add: the exception is about nothing."),
    "both": ((key("cyd"), "--check", CHECK), {}, "--check: check stands beside finding."),
    "whole check": (("--check", CHECK), {}, "--check: a whole check cannot be accepted."),
    "fits nobody": (("--check", CHECK, "--principal", "x*"), {}, "No finding is open in snapshot 2 for grant_outside"),
    "own": ((key("cyd"),), {"approver": "CYD@contoso.example"}, f"is the subject of {key('cyd')} (Cyd, Member, "),
    "own by pattern": (("--check", CHECK, "--resource", "=*"), {"approver": "Cyd"}, "Somebody else approves it."),
    "too long": ((key("cyd"),), {"expires": "2027-07-06"}, "--expires: it lasts 366 days, and 365 are the most."),
    "ends before": ((key("cyd"),), {"created": "2027-02-01"}, "--expires: it expires before it was created"),
    "over": (
        (key("cyd"),),
        {"created": "2026-07-01", "expires": "2026-07-04"},
        "--expires: 2026-07-04 is before the newest snapshot, of 2026-07-05.",
    ),
    "no date": ((key("cyd"),), {"expires": "soon"}, "'soon' does not match the format '%Y-%m-%d'"),
    "blank reason": ((key("cyd"),), {"reason": "  "}, "--reason: reason is empty."),
    "empty owner": ((key("cyd"),), {"owner": ""}, "--owner: owner is empty."),
    "no text": ((key("cyd"),), {"reason": "\udcff"}, "--reason: reason is no text."),
}


@pytest.mark.parametrize(("about", "values", "message"), REFUSED.values(), ids=REFUSED)
def test_what_check_would_refuse_is_not_added(
    database: Path,
    file: Path,
    capsys: pytest.CaptureFixture[str],
    about: tuple[str, ...],
    values: dict[str, str],
    message: str,
) -> None:
    assert _add(database, file, *about, **values) == 2
    assert message in capsys.readouterr().err
    assert not file.exists()


def test_digits_that_two_checks_share_are_not_enough(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = next((Path(__file__).parents[2] / "queries" / "checks").rglob(f"{CHECK}.sql"))
    file.with_name("driftaudit.toml").write_text('[audit]\nqueries = ["own"]\n', "utf-8")
    file.with_name("own").mkdir()
    (file.with_name("own") / "own_check.sql").write_text(shipped.read_text("utf-8"), "utf-8")
    assert _add(database, file, key("cyd").rpartition("/")[2]) == 2
    assert f"may be {key('cyd')} or {key('cyd', 'own_check')}. Write the whole key." in capsys.readouterr().err
    assert _add(database, file, key("cyd", "own_check")) == 0
    assert f'finding = "{key("cyd", "own_check")}"' in file.read_text("utf-8")


def test_nothing_is_added_to_a_file_with_a_mistake(
    database: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(before := _table(expires="soon"), "utf-8")
    assert _add(database, file, key("cyd")) == 2
    assert "is not valid TOML" in capsys.readouterr().err
    assert file.read_text("utf-8") == before


def test_each_option_of_add_is_needed(database: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given: dict[str, Any] = {"owner": "a", "approver": "b", "reason": "c", "expires": "2027-01-31"}
    for name in given:
        rest = [f"--{other}={value}" for other, value in given.items() if other != name]
        assert _run(database, file, "add", key("cyd"), *rest) == 2
        assert f"Missing option '--{name}'" in capsys.readouterr().err
