"""What is laid out for machines: each file passes its own linter, and names only what is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as Xml
from datetime import timedelta
from pathlib import Path

import pytest

from driftaudit.cli._settings import VARIABLES
from driftaudit.cli.main import cli
from driftaudit.config import Config, read_config
from driftaudit.report.pdf import APT_LINE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(DEPLOY.iterdir())}
SERVICE, WORKFLOW, CONTAINER = TEXTS["driftaudit.service"], TEXTS["github-actions.yml"], TEXTS["Containerfile"]
UNITS = ("driftaudit.service", "driftaudit.timer")
TASK = Xml.fromstring(TEXTS["windows-task.xml"])  # noqa: S314 - our own file
LONGEST = timedelta(minutes=Config().run.deadline_minutes)
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
}

KNOWS_CREDENTIALS = 252


def systemd() -> int:
    """Return the version of this machine's systemd, 0 if there is none."""
    if not shutil.which("systemd-analyze"):
        return 0
    said = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"systemd (\d+)", said)
    return int(found[1]) if found else 0


needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="systemd, bash and sh are not there")


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """Return a unit file: each section's keys with all of their values."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in TEXTS[name].splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = found.setdefault(heading[1], {})
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            section.setdefault(key, []).append(value)
    return found


def task(path: str) -> str:
    """Return a text of the Windows task."""
    found = TASK.find("/".join(f"{{*}}{part}" for part in path.split("/")))
    assert found is not None
    return found.text or ""


def script() -> str:
    """Return what the workflow runs."""
    found = re.search(r" run: \|\n((?: {10}.*\n|\n)+)", WORKFLOW)
    assert found is not None
    return textwrap.dedent(found[1])


def calls() -> dict[str, list[str]]:
    """Return the arguments with which each file calls driftaudit."""
    found = re.search(r"ENTRYPOINT (\[.*\])\nCMD (\[.*\])", CONTAINER)
    assert found is not None
    container = re.findall(r'"([^"]+)"', found[1] + found[2])
    texts = {
        "service": SERVICE,
        "workflow": script(),
        "cron": TEXTS["driftaudit.cron"],
        "task": task("Actions/Exec/Arguments"),
    }
    lines = {name: re.findall(r'driftaudit(?:\.exe")? (--config [^>|\n]+)', text) for name, text in texts.items()}
    return {"container": container[1:], **{name: found.split()[:5] for name, (found,) in lines.items()}}


@pytest.mark.parametrize("name", ["container", "service", "workflow", "cron", "task"])
def test_every_call_is_one_that_the_program_takes(name: str) -> None:
    arguments = calls()[name]
    with cli.make_context("driftaudit", [*arguments]) as context:
        assert context.params["log_format"] == "json"
        assert Path(str(context.params["config"]).replace("\\", "/")).name == "driftaudit.toml"
    assert arguments[-1] == "run"
    assert cli.get_command(context, arguments[-1]) is not None


def test_every_variable_is_one_that_is_read() -> None:
    named = set(re.findall(r"\bDRIFTAUDIT_[A-Z_]+", "\n".join(TEXTS.values())))
    settings = {name for name in named if name not in VARIABLES}
    assert settings
    for name in settings:
        value = "token" if name.endswith("METHOD") else "x"
        assert read_config(None, {name: value}) != read_config(None, {}), name


def test_paths_agree() -> None:
    paths = set(re.findall(r"(?<![\w./])/(?:etc|var|opt)/[\w./-]*[\w-]", "\n".join(TEXTS.values())))
    assert paths - {"/etc/cron.d/driftaudit", "/var/lib/apt/lists"} == {
        "/etc/driftaudit",
        "/etc/driftaudit/driftaudit.toml",
        "/etc/driftaudit/reader.pem",
        "/etc/driftaudit/secrets.env",
        "/etc/driftaudit/sender.pem",
        "/opt/driftaudit",
        "/opt/driftaudit/bin",
        "/opt/driftaudit/bin/driftaudit",
        "/opt/driftaudit/bin/python",
        "/var/lib/driftaudit",
        "/var/lib/driftaudit/driftaudit.log",
    }


def test_the_service_may_do_little_and_not_for_ever() -> None:
    service = unit("driftaudit.service")["Service"]
    assert {key: service[key][-1] for key in HARDENED} == HARDENED
    assert (service["User"], service["StateDirectory"]) == (["driftaudit"], ["driftaudit"])
    hours = re.fullmatch(r"(\d+)h", service["TimeoutStartSec"][0])
    assert hours is not None
    assert timedelta(hours=int(hours[1])) > LONGEST
    lent = [value.split(":")[0] for value in service["LoadCredential"]]
    used = re.findall(r"=%d/(\S+)", "\n".join(service["Environment"]))
    assert lent == used


def test_a_night_that_was_slept_through_is_made_up_for() -> None:
    timer = unit("driftaudit.timer")
    assert timer["Timer"]["Persistent"] == ["true"]
    assert timer["Install"]["WantedBy"] == ["timers.target"]
    assert task("Settings/StartWhenAvailable") == "true"


@needs_posix
@pytest.mark.skipif(systemd() < KNOWS_CREDENTIALS, reason="this machine has no systemd that lends credentials")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = TEXTS[name].replace("ExecStart=/opt/driftaudit/bin/driftaudit ", f"ExecStart={sys.executable} ")
        (tmp_path / name).write_text(text, "utf-8")
    units = [str(tmp_path / name) for name in UNITS]
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stderr.splitlines() if "driftaudit." in line] == []
    limit = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", units[0]]
    said = subprocess.run(limit, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_the_linter_of_workflows_finds_nothing(tmp_path: Path) -> None:
    zizmor = shutil.which("zizmor", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert zizmor is not None, "it is in the group of tests"
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    path = tmp_path / ".github" / "workflows" / "driftaudit.yml"
    path.write_text(WORKFLOW, "utf-8")
    said = subprocess.run(
        [zizmor, "--offline", "--no-config", "--strict-collection", "--persona=pedantic", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_workflow_may_ask_for_a_token_and_nothing_else() -> None:
    assert re.findall(r"^ *permissions:.*$", WORKFLOW, re.MULTILINE) == ["permissions: {}", "    permissions:"]
    assert re.findall(r"^ {6}([a-z-]+: (?:read|write))\b", WORKFLOW, re.MULTILINE) == [
        "contents: read",
        "id-token: write",
    ]
    assert "uses:" not in WORKFLOW
    assert "secrets." not in WORKFLOW
    minutes = re.search(r"timeout-minutes: (\d+)", WORKFLOW)
    assert minutes is not None
    assert timedelta(minutes=int(minutes[1])) > LONGEST


@needs_posix
@pytest.mark.skipif(not shutil.which("bash"), reason="this machine has no bash")
def test_the_workflow_hands_the_token_over_and_takes_it_away(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    put(tools / "curl", 'cat > "$0.config"', 'printf "%s\\n" "$@" > "$0.arguments"', 'printf \'{"value": "t-1"}\'')
    put(tools / "python3", f'exec "{sys.executable}" "$@"')
    put(tools / "driftaudit", 'cat "$AZURE_FEDERATED_TOKEN_FILE" > "$0.token"', "exit 4")
    given = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example/x?api-version=2.0",
    }
    text = script().replace("/opt/driftaudit/bin/driftaudit", str(tools / "driftaudit"))
    how = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    said = subprocess.run(how, env=given, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 4, said.stderr
    assert (tools / "driftaudit.token").read_text("utf-8") == "t-1"
    assert (tools / "curl.config").read_text("utf-8") == 'header = "Authorization: bearer canary"\n'
    asked = (tools / "curl.arguments").read_text("utf-8")
    assert "https://token.example/x?api-version=2.0&audience=api://AzureADTokenExchange" in asked
    assert "canary" not in asked, "everybody on the machine may read a process's arguments"
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def put(path: Path, *lines: str) -> None:
    """Put a program in the place of a real one."""
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), "utf-8")
    path.chmod(0o755)


def test_the_container_has_what_the_pdf_needs_and_no_root() -> None:
    packages = set(APT_LINE.partition("-y ")[2].split())
    assert packages <= set(re.findall(r"[\w.+-]+", CONTAINER.partition("--no-install-recommends")[2]))
    assert re.findall(r"^USER (.*)$", CONTAINER, re.MULTILINE) == ["10001:10001"]
    assert CONTAINER.rindex("\nUSER ") < CONTAINER.rindex("\nENTRYPOINT ")
    assert "--read-only" in CONTAINER
    bases = set(re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE))
    assert len(bases) == 1
    assert not [base for base in bases if base.endswith(":latest") or ":" not in base]


def test_the_container_takes_what_the_wheel_is_made_of() -> None:
    copied = {
        name for names in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINER, re.MULTILINE) for name in names.split()
    }
    assert all((ROOT / name).exists() for name in copied)
    wheel = re.search(r"only-include = \[(.*)\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert wheel is not None
    assert copied >= {
        *re.findall(r'"([^"]+)"', wheel[1]),
        "pyproject.toml",
        "requirements.lock",
        "README.md",
        "LICENSE",
    }


@pytest.mark.skipif(not shutil.which("hadolint"), reason="this machine has no hadolint")
def test_the_linter_of_containers_finds_nothing() -> None:
    said = subprocess.run(["hadolint", str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


@needs_posix
def test_the_line_for_cron_is_one_and_ends_with_the_exit_code(tmp_path: Path) -> None:
    (line,) = [line for line in TEXTS["driftaudit.cron"].splitlines() if re.match(r"[\d*]", line)]
    *when, user, told = line.split(maxsplit=6)
    assert (when, user) == (["17", "2", "*", "*", "*"], "driftaudit")
    assert "%" not in told, "cron makes a new line of it"
    put(tmp_path / "driftaudit", 'echo "$SECRET" "$@"', "echo trouble >&2", "exit 4")
    (tmp_path / "secrets.env").write_text("SECRET=s\n", "utf-8")
    places = {
        "/opt/driftaudit/bin/driftaudit ": f"{tmp_path}/driftaudit ",
        "/etc/driftaudit/secrets.env": f"{tmp_path}/secrets.env",
        "cd /var/lib/driftaudit": f"cd {tmp_path}",
    }
    for old, new in places.items():
        assert told.count(old) == 1
        told = told.replace(old, new)
    said = subprocess.run(["/bin/sh", "-c", told], capture_output=True, text=True, check=False)
    assert said.stdout == "driftaudit ended with 4; see /var/lib/driftaudit/driftaudit.log\n"
    assert (tmp_path / "driftaudit.out").read_text("utf-8").startswith("s --config")
    assert (tmp_path / "driftaudit.log").read_text("utf-8") == "trouble\n"


def test_the_task_of_windows_runs_once_at_a_time_and_not_for_ever() -> None:
    assert task("Settings/MultipleInstancesPolicy") == "IgnoreNew"
    hours = re.fullmatch(r"PT(\d+)H", task("Settings/ExecutionTimeLimit"))
    assert hours is not None
    assert timedelta(hours=int(hours[1])) > LONGEST
    assert task("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert task("Actions/Exec/Arguments").count('"') == 4
    assert TASK.tag == "{http://schemas.microsoft.com/windows/2004/02/mit/task}Task"
