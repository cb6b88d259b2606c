"""The `config` command: every setting is shown with its source, mistakes are named, a first file says everything."""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from pathlib import Path

import pytest

from driftaudit.cli._settings import VARIABLES, described, value
from driftaudit.cli.main import main
from driftaudit.config import Config, read_config
from driftaudit.delivery_settings import SECRETS, Send
from tests.graph.https import certificate_files

SETTINGS = [
    (table, key)
    for table in Config.__struct_fields__
    if table != "send"
    for key in getattr(Config(), table).__struct_fields__
]
WAY = '[[send]]\nto = ["kim@contoso.example"]\n'
SMTP = '[mail]\nvia = "smtp"\nsender = "reports@contoso.example"\nhost = "mail.contoso.example"\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> None:
    Path("driftaudit.toml").write_text(text, "utf-8")


def shown(capsys: pytest.CaptureFixture[str], *before: str) -> str:
    assert main([*before, "config", "show"]) == 0
    return capsys.readouterr().out


def line(text: str, begin: str) -> list[str]:
    """Return value and source of the line that begins so."""
    (found,) = [line for line in text.splitlines() if line.startswith(f"{begin} = ")]
    return [part.strip() for part in found.partition(" = ")[2].split("# ")]


def test_init_writes_every_setting_at_its_default(here: Path) -> None:
    assert main(["config", "init"]) == 0
    assert read_config(None, {}) == Config()
    told = tomllib.loads(Path("driftaudit.toml").read_text("utf-8"))
    assert [(table, key) for table, keys in told.items() for key in keys] == SETTINGS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions another way")
def test_init_writes_for_its_owner_only(here: Path) -> None:
    before = os.umask(0)
    try:
        assert main(["config", "init", "other.toml"]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((here / "other.toml").stat().st_mode) == 0o600


def test_init_replaces_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("[audit]\n")
    assert main(["config", "init"]) == 2
    assert Path("driftaudit.toml").read_text("utf-8") == "[audit]\n"
    assert "is there already" in capsys.readouterr().err
    assert main(["config", "init", "none/x.toml"]) == 2


def test_its_way_of_sending_needs_only_its_comment_signs_taken_away(here: Path) -> None:
    assert main(["config", "init"]) == 0
    told = Path("driftaudit.toml").read_text("utf-8")
    way = told[told.index("# [[send]]") : told.index("# Secrets")].replace("# ", "", 1).replace("\n# ", "\n")
    write(told + "\n" + way)
    (send,) = read_config(None, {}).send
    assert {key: getattr(send, key) for key in Send.__struct_fields__ if key != "place"} == {
        key: getattr(Send(), key) for key in Send.__struct_fields__ if key != "place"
    }


@pytest.mark.parametrize(("table", "key"), [*SETTINGS, *(("send", k) for k in Send.__struct_fields__ if k != "place")])
def test_every_setting_is_described(table: str, key: str) -> None:
    assert described(table, key), "write Meta(description=...) beside its type"


def test_every_secret_is_named() -> None:
    assert VARIABLES.keys() >= SECRETS


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"a": 1, "b c": "x"}, '{ a = 1, "b c" = "x" }'),
        (('q"uote', "back\\slash"), '["q\\"uote", "back\\\\slash"]'),
        ("line\nü\x7f", '"line\\nü\\u007f"'),
        (None, '""'),
        (True, "true"),
        (1.5, "1.5"),
    ],
)
def test_a_value_reads_back_as_toml(given: object, text: str) -> None:
    assert value(given) == text
    read = tomllib.loads(f"x = {text}")["x"]
    assert read == (list(given) if isinstance(given, tuple) else given or "")


def test_show_says_where_each_setting_comes_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(f'[audit]\ngrace_hours = 30\nfail_on = "low"\n{WAY}')
    monkeypatch.setenv("DRIFTAUDIT_AUDIT_GRACE_HOURS", "48")
    monkeypatch.setenv("DRIFTAUDIT_DB", "other.duckdb")
    text = shown(capsys)
    assert line(text, "grace_hours") == ["48", "DRIFTAUDIT_AUDIT_GRACE_HOURS"]
    assert line(text, "fail_on") == ['"low"', "driftaudit.toml, line 3"]
    assert line(text, "database") == ['"other.duckdb"', "DRIFTAUDIT_DB"]
    assert line(text, "concurrency") == ["8", "default"]
    assert line(text, "to") == ['["kim@contoso.example"]']
    assert "[[send]]" in text
    assert "# driftaudit.toml, line 4" in text
    assert {(table, key) for table, keys in tomllib.loads(text).items() if table != "send" for key in keys} == {
        *SETTINGS
    }
    assert line(shown(capsys, "--db", "third.duckdb"), "database") == ['"third.duckdb"', "--db"]


def test_show_never_shows_a_secret(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, f"canary-{name.lower()}")
    text = shown(capsys)
    assert "canary" not in text
    assert text.count(" set\n") == len(VARIABLES)
    assert " not set\n" not in text


def test_a_configuration_without_mistakes_is_told_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(SMTP + WAY)
    monkeypatch.setenv("DRIFTAUDIT_MAIL_PASSWORD", "p")
    assert main(["config", "check"]) == 0
    said = capsys.readouterr()
    assert "is right" in said.out
    assert said.err == ""


def test_that_nobody_gets_the_report_is_told_and_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check"]) == 0
    assert "nobody gets the report" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (SMTP + WAY, "needs DRIFTAUDIT_MAIL_PASSWORD, which is not set"),
        (SMTP + 'auth = "none"\nca_file = "none.pem"\n' + WAY, "[mail] ca_file: "),
        ('[mail]\nsender = "r@contoso.example"\n' + WAY, "Signing in needs the tenant. Set [tenant] id"),
        ('[[send]]\nchannel = "pigeon"\n', "driftaudit.toml, line 1: there is no channel 'pigeon'"),
        ('[[send]]\nchannel = "folder"\n', "driftaudit.toml, line 1: the channel folder needs a path"),
        ('[sign_in]\nmethod = "certificate"\n', "Signing in needs the tenant"),
        ('[collect]\nskip = ["sitez"]\n', "[collect] skip: there is no collection 'sitez'. Did you mean sites?"),
        ('[store]\naccept_shrink = ["user"]\n', "[store] accept_shrink: there is no collection 'user'"),
        ('[audit]\nqueries = ["none"]\n', "There is no folder none"),
        ('[audit]\nexceptions = "none.toml"\n', "none.toml"),
        ("[audit.parameters]\nnone = 1\n", "No check has the parameter 'none'"),
        ("[[exception]]\n", "exception is not a setting"),
    ],
)
def test_a_mistake_is_named_and_costs_2(capsys: pytest.CaptureFixture[str], text: str, mistake: str) -> None:
    write(text)
    assert main(["config", "check"]) == 2
    said = capsys.readouterr()
    assert mistake in said.out + said.err


def test_every_mistake_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    write(f'[collect]\nskip = ["x"]\n[sign_in]\nmethod = "secret"\n{WAY}{WAY}[[send]]\nchannel = "folder"\n')
    assert main(["config", "check"]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_certificate_is_opened(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sign_in = '[tenant]\nid = "contoso.example"\n[sign_in]\nmethod = "certificate"\napp_id = "a"\ncertificate = "{}"\n'
    _, both = certificate_files(here)
    write(sign_in.format(both.as_posix()))
    assert main(["config", "check"]) == 0
    (here / "bad.pem").write_text("no certificate", "utf-8")
    write(sign_in.format("bad.pem"))
    assert main(["config", "check"]) == 2
    mail = '[mail]\nsender = "r@contoso.example"\napp_id = "b"\ncertificate = "bad.pem"\n'
    write(sign_in.format(both.as_posix()) + mail + WAY)
    assert main(["config", "check"]) == 2
    said = capsys.readouterr().out
    assert "file in [sign_in] certificate, its password in DRIFTAUDIT_CERTIFICATE_PASSWORD" in said
    assert "file in [mail] certificate, its password in DRIFTAUDIT_MAIL_CERTIFICATE_PASSWORD" in said


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("DRIFTAUDIT_ADUIT_GRACE_HOURS", "Did you mean DRIFTAUDIT_AUDIT_GRACE_HOURS?"),
        ("DRIFTAUDIT_CLIENT_SECRETS", "Did you mean DRIFTAUDIT_CLIENT_SECRET?"),
        ("DRIFTAUDIT_XXXXXXXXXXXXXXXXXX", "`driftaudit config show` tells which are."),
    ],
)
def test_a_variable_that_nobody_reads_is_a_mistake(
    name: str, advice: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "canary")
    assert main(["config", "check"]) == 2
    said = capsys.readouterr().out
    assert said == f"{name} is no variable that is read. {advice}\n"


def test_an_address_in_the_environment_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTAUDIT_SHAREPOINT_URL", "http://contoso.sharepoint.com")
    assert main(["config", "check"]) == 2
