"""The configuration: option, then environment, then file, then default; every mistake named with its place."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from driftaudit.config import CloudName, Config, Method, read_config
from driftaudit.delivery_settings import SECRETS, MailMethod
from driftaudit.errors import UsageError
from driftaudit.graph.clouds import CLOUDS
from driftaudit.graph.sign_in import METHODS
from driftaudit.setting import parameter


def _file(folder: Path, text: str) -> Path:
    path = folder / "driftaudit.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_config(None, {}) == Config()


def test_the_file_of_the_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _file(tmp_path, '[tenant]\nid = "0b7c"\n[report]\nformats = ["html"]\n')
    config = read_config(None, {})
    assert (config.tenant.id, config.report.formats) == ("0b7c", ("html",))


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, "[audit]\ngrace_hours = 12\n")
    assert read_config(path, {"DRIFTAUDIT_AUDIT_GRACE_HOURS": "48"}).audit.grace_hours == 48


def test_lists_and_parameters_come_from_the_environment_too(tmp_path: Path) -> None:
    path = _file(tmp_path, "")
    environment = {"DRIFTAUDIT_AUDIT_QUERIES": "mine, yours", "DRIFTAUDIT_AUDIT_PARAMETERS": "days=3,strict=true"}
    audit = read_config(path, environment).audit
    assert audit.queries == (Path("mine"), Path("yours"))
    assert audit.parameters == {"days": 3, "strict": True}


def test_driftaudit_db_names_the_database(tmp_path: Path) -> None:
    environment = {"DRIFTAUDIT_DB": "a.duckdb", "DRIFTAUDIT_STORE_DATABASE": "b.duckdb"}
    assert read_config(_file(tmp_path, ""), environment).store.database == Path("a.duckdb")


def test_paths_of_the_file_start_where_the_file_is(tmp_path: Path) -> None:
    store = read_config(_file(tmp_path, '[store]\ndatabase = "a.duckdb"\nexports = "/srv/exports"\n'), {}).store
    assert (store.database, store.exports) == (tmp_path / "a.duckdb", Path("/srv/exports"))


def test_the_file_of_exceptions_is_named_from_where_the_configuration_is(tmp_path: Path) -> None:
    assert read_config(_file(tmp_path, ""), {}).audit.exceptions is None
    path = _file(tmp_path, '[audit]\nexceptions = "accepted.toml"\n')
    assert read_config(path, {}).audit.exceptions == tmp_path / "accepted.toml"
    environment = {"DRIFTAUDIT_AUDIT_EXCEPTIONS": "other.toml"}
    assert read_config(path, environment).audit.exceptions == Path("other.toml")


def test_every_way_a_report_leaves_is_read_with_its_line(tmp_path: Path) -> None:
    text = '[mail]\nvia = "smtp"\n[[send]]\nto = ["a@b.example"]\n\n[[send]]\nchannel = "folder"\npath = "out"\n'
    path = _file(tmp_path, text)
    first, second = read_config(path, {}).send
    assert (first.channel, first.to, first.when, first.attach) == ("mail", ("a@b.example",), "always", ("pdf",))
    assert (second.channel, second.path) == ("folder", tmp_path / "out")
    assert (first.place, second.place) == (f"{path}, line 3", f"{path}, line 6")


def test_the_mail_server_comes_from_the_environment_too(tmp_path: Path) -> None:
    mail = read_config(_file(tmp_path, ""), {"DRIFTAUDIT_MAIL_HOST": "h", "DRIFTAUDIT_MAIL_PORT": "25"}).mail
    assert (mail.host, mail.port) == ("h", 25)


def test_secrets_are_no_settings(tmp_path: Path) -> None:
    environment = {"DRIFTAUDIT_CLIENT_SECRET": "s", "DRIFTAUDIT_ACCESS_TOKEN": "t"} | dict.fromkeys(SECRETS, "x")
    assert read_config(_file(tmp_path, ""), environment) == Config()


def test_the_words_of_the_configuration_are_those_of_the_client() -> None:
    assert get_args(Method) == tuple(METHODS)
    assert set(get_args(MailMethod)) < set(METHODS)
    assert get_args(CloudName) == tuple(CLOUDS)


def test_how_to_sign_in_comes_from_the_environment_too(tmp_path: Path) -> None:
    path = _file(tmp_path, '[sign_in]\nmethod = "certificate"\ncertificate = "app.pem"\n')
    assert read_config(path, {}).sign_in.certificate == tmp_path / "app.pem"
    told = read_config(path, {"DRIFTAUDIT_SIGN_IN_APP_ID": "a1", "DRIFTAUDIT_SIGN_IN_CERTIFICATE": ""}).sign_in
    assert (told.method, told.app_id, told.certificate) == ("certificate", "a1", None)


def test_a_path_that_is_empty_is_none(tmp_path: Path) -> None:
    config = read_config(_file(tmp_path, '[sign_in]\ncertificate = ""\n[audit]\nexceptions = ""\n'), {})
    assert (config.sign_in.certificate, config.audit.exceptions) == (None, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[audit]\n\ngrace_hour = 1\n", "line 3: [audit] grace_hour is not a setting. Did you mean grace_hours?"),
        ("[aduit]\nx = 1\n", "line 1: aduit is not a setting. Did you mean audit?"),
        ("[aduit]\n", "line 1: aduit is not a setting. Did you mean audit?"),
        (
            "[x]\n",
            "line 1: x is not a setting. Known are: tenant, sign_in, store, collect,",
        ),
        ("[mail]\nvia = 'pigeon'\n", "line 2: [mail] via cannot be 'pigeon'"),
        (
            "[mail]\nmethod = 'azure-cli'\n",
            "It knows: managed-identity, workload-identity, certificate, secret, token.",
        ),
        ("[mail]\npassword = 'x'\n", "line 2: [mail] password is not a setting."),
        ("[mail]\nport = 0\n", "line 2: [mail] port cannot be 0"),
        ("[send]\nto = ['a@b.example']\n", "line 1: send is a list of tables. Write each of them as [[send]]."),
        ("send = 1\n", "line 1: send is a list of tables."),
        ("[[send]]\n[[send]]\n\nwehn = 'always'\n", "line 4: [[send]] wehn is not a setting. Did you mean when?"),
        ("[[send]]\nplace = 'x'\n", "line 2: [[send]] place is not a setting."),
        ("[[send]]\nto = 'kim@contoso.example'\n", 'Write it as in to = ["kim@contoso.example"].'),
        ("[[send]]\nwhen = 'never'\n", "line 2: [[send]] when cannot be 'never'"),
        ("[[send]]\nattach = ['xlsx']\n", "It knows: pdf, html."),
        ("[tenant]\ncloud = 'mars'\n", "It knows: public, usgov, usgov-dod, china."),
        ("[sign_in]\nmethod = 'password'\n", "It knows: managed-identity, workload-identity, certificate, "),
        ("[sign_in]\ncertificate = 1\n", 'Write it as in certificate = "driftaudit.pem".'),
        ("[collect]\nconcurrency = 0\n", "line 2: [collect] concurrency cannot be 0"),
        ("[collect]\ndeadline_minutes = 0\n", "line 2: [collect] deadline_minutes cannot be 0"),
        ("store = 1\n", "line 1: store is a table. Write it as [store]."),
        ("[audit]\nexceptions = 1\n", "line 2: [audit] exceptions cannot be 1"),
        ("[audit]\nexceptions = 1\n", 'Write it as in exceptions = "exceptions.toml".'),
        ("[audit]\ngrace_hours = 'x'\n", "line 2: [audit] grace_hours cannot be 'x'"),
        ("[audit]\ngrace_hours = -1\n", "line 2: [audit] grace_hours cannot be -1"),
        ("[audit]\nfail_on = 'hi'\n", "It knows: never, high, medium, low, info."),
        ("[report]\nformats = ['doc']\n", "It knows: html, pdf."),
        ("[store]\ndatabase = 1\n", 'Write it as in database = "driftaudit.duckdb".'),
        ("[audit\n", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_config(path, {})
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"DRIFTAUDIT_AUDIT_GRACE is .* Did you mean DRIFTAUDIT_AUDIT_GRACE_HOURS"):
        read_config(_file(tmp_path, ""), {"DRIFTAUDIT_AUDIT_GRACE": "1"})
    with pytest.raises(UsageError, match="Did you mean DRIFTAUDIT_MAIL_PASSWORD"):
        read_config(_file(tmp_path, ""), {"DRIFTAUDIT_MAIL_PASWORD": "canary"})


def test_a_file_that_is_not_there_is_an_error_when_it_was_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no configuration file"):
        read_config(tmp_path / "other.toml", {})


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "driftaudit.toml"
    path.write_bytes(b"# caf\xe9")
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_config(path, {})


@pytest.mark.parametrize(
    ("text", "value"), [("n=3", 3), ("n=1.5", 1.5), ("n=false", False), ("n=a=b", "a=b"), ("n=", "")]
)
def test_a_parameter_becomes_what_it_reads_as(text: str, value: object) -> None:
    assert parameter(text) == ("n", value)


@pytest.mark.parametrize("text", ["n", "=1", ""])
def test_what_is_no_parameter_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="NAME=VALUE"):
        parameter(text)
