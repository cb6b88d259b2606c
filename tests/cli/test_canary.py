"""No secret leaves a night: secrets wherever the configuration takes one, and a look at everything a run leaves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from driftaudit.cli._settings import VARIABLES
from tests.cli.reading import Desk
from tests.delivery.post_office import SECRET, Office, office
from tests.fake_graph import Rule
from tests.fake_graph.faults import REFUSED

NIGHT = 24 * 3600
KIM, BO = "kim@contoso.example", "bo@contoso.example"
NO_SECRET = {"DRIFTAUDIT_GRAPH_URL", "DRIFTAUDIT_SHAREPOINT_URL", "DRIFTAUDIT_CLIENT_ID", "DRIFTAUDIT_MAIL_CLIENT_ID"}
PROGRAM = """
import sys
def broken(*given, **named): raise RuntimeError("broken on purpose")
{break_}
from driftaudit.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def secrets(desk: Desk) -> list[str]:
    """Put a secret into every variable that may hold one, and return them all."""
    desk.fake.clock.advance(NIGHT)
    for name in VARIABLES.keys() - NO_SECRET:
        if not os.environ.get(name):
            desk.patch.setenv(name, f"canary-{name.lower()}")
    desk.patch.setenv("DRIFTAUDIT_MAIL_PASSWORD", SECRET)
    return [os.environ[name] for name in VARIABLES.keys() - NO_SECRET]


@pytest.fixture
def post(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Run a mail server to which the reports of the desk go."""
    with office(tmp_path_factory.mktemp("office")) as opened:
        (desk.folder / "driftaudit.toml").write_text(
            f'[mail]\nvia = "smtp"\nsender = "reports@contoso.example"\nhost = "127.0.0.1"\nport = {opened.port}\n'
            f'ca_file = "{opened.ca_file.as_posix()}"\n[[send]]\nto = ["{KIM}", "{BO}"]\nattach = ["html"]\n'
            '[[send]]\nchannel = "folder"\npath = "outbox"\nattach = ["html"]\n',
            "utf-8",
        )
        yield opened


def run(*arguments: str, program: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    how = ["-c", program] if program else ["-m", "driftaudit"]
    return subprocess.run([sys.executable, *how, *arguments], capture_output=True, text=True, check=False, timeout=120)


def see_no_secret(folder: Path, said: subprocess.CompletedProcess[str], secrets: list[str]) -> None:
    """Look through what was said and everything that lies in the folder."""
    places = {"stdout": said.stdout.encode(), "stderr": said.stderr.encode()}
    places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = [(where, secret[:20]) for where, text in places.items() for secret in secrets if secret.encode() in text]
    assert found == []


def test_a_night_leaves_no_secret_and_logs_no_address_and_no_mail(desk: Desk, secrets: list[str], post: Office) -> None:
    post.of_recipient[BO] = ["550 no such mailbox"]
    said = run("--log-format", "json", "run")
    assert said.returncode == 7, said.stderr
    see_no_secret(desk.folder, said, secrets)
    kinds = {path.suffix for path in desk.folder.rglob("*") if path.is_file()}
    assert kinds >= {".duckdb", ".html", ".json", ".gz"}, "there is something to look through"
    assert post.signed_in, "the password was used"
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    see_heads(lines, "run")
    info = "\n".join(json.dumps(line) for line in lines if line["level"] == "info")
    assert not re.search(r"[\w.]+@[\w.]+", info)
    assert [BO in line["message"] for line in lines if line["level"] == "error"] == [True]
    (mail,) = post.mails
    body = mail.get_body(("plain",))
    assert body is not None
    written = [line.strip() for line in body.get_content().splitlines() if len(line.strip()) > 15]
    assert written
    assert not [line for line in [mail["Subject"], *written] if line in said.stderr + said.stdout]


def see_heads(lines: list[dict[str, Any]], command: str) -> None:
    """See that every line says when, which run and which command."""
    assert {line["command"] for line in lines} == {command}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"]) for line in lines)
    assert all(line["message"] for line in lines)
    assert len({line["run"] for line in lines}) == 1


def test_each_process_has_an_id_of_its_own_and_a_wrong_call_is_a_line() -> None:
    runs = []
    for _ in range(2):
        said = run("--log-format=json", "audit", "--nonsense")
        assert said.returncode == 2
        (line,) = [json.loads(line) for line in said.stderr.splitlines()]
        see_heads([line], "audit")
        assert (line["level"], line["exit_code"]) == ("error", 2)
        runs.append(line["run"])
    assert runs[0] != runs[1]


def test_a_traceback_where_the_password_is_tells_no_secret(desk: Desk, secrets: list[str], post: Office) -> None:
    broken = PROGRAM.format(break_="import smtplib; smtplib.SMTP.auth = broken")
    said = run("--log-format", "json", "run", program=broken)
    assert said.returncode == 1, said.stderr
    see_no_secret(desk.folder, said, secrets)
    told = json.loads(said.stderr.splitlines()[-1])
    assert (told["level"], told["command"], told["exit_code"]) == ("error", "run", 1)
    assert "RuntimeError: broken on purpose" in told["traceback"]


def test_a_traceback_where_the_token_is_tells_no_secret(desk: Desk, secrets: list[str]) -> None:
    said = run("run", program=PROGRAM.format(break_="import httpx; httpx.AsyncClient.send = broken"))
    assert said.returncode == 1, said.stderr
    see_no_secret(desk.folder, said, secrets)
    assert "Traceback" in said.stderr
    assert said.stderr.splitlines()[-1] == "RuntimeError: broken on purpose"


def test_a_refused_sign_in_repeats_nothing(desk: Desk, secrets: list[str], post: Office) -> None:
    desk.fake.faults.given.append(Rule(REFUSED, "*", None))
    desk.patch.setenv("DRIFTAUDIT_MAIL_PASSWORD", "canary-wrong-password")
    said = run("--log-format", "json", "run")
    assert said.returncode == 5
    see_no_secret(desk.folder, said, [*secrets, "canary-wrong-password"])
