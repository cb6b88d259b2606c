"""The set-up scripts ask nothing, and say the one line to type where they may not install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
NEEDED = ("sh", "env", "id", "mktemp", "tail", "rm", "dirname", "cat")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not there")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder of programs that stands for a machine without apt, Pango or a browser."""
    for name in NEEDED:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    return tmp_path


def _put(machine: Path, name: str, *lines: str) -> None:
    path = machine / name
    path.unlink(missing_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), "utf-8")
    path.chmod(0o755)


def _run(machine: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(machine)}
    command = [str(machine / "sh"), str(TOOLS / script), *arguments]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_without_apt_the_line_for_every_system_is_said(machine: Path) -> None:
    _put(machine, "python", "exit 1")
    run = _run(machine, "libraries.sh", "python")
    assert run.returncode == 0
    for line in ("sudo dnf install -y pango", "brew install pango", "sudo apt-get install -y", "Windows"):
        assert line in run.stderr


def test_with_the_libraries_nothing_is_said(machine: Path) -> None:
    _put(machine, "python", "exit 0")
    run = _run(machine, "libraries.sh", "python")
    assert (run.returncode, run.stderr) == (0, "")


def test_nobody_in_particular_gets_the_line_to_type(machine: Path) -> None:
    _put(machine, "id", "echo 1000")
    _put(machine, "apt-get", "echo called >&2")
    run = _run(machine, "apt.sh", "libpango-1.0-0")
    assert run.returncode == 1
    assert run.stderr == "To install it: sudo apt-get install -y --no-install-recommends libpango-1.0-0\n"


def test_sudo_is_used_only_without_a_password(machine: Path) -> None:
    _put(machine, "id", "echo 1000")
    _put(machine, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {machine}/log')
    _put(machine, "sudo", '[ "$1" = -n ] || exit 9', "shift", '"$@"')
    assert _run(machine, "apt.sh", "chromium").returncode == 0
    assert (machine / "log").read_text("utf-8").startswith("noninteractive -q -y")


def test_old_package_lists_are_fetched_and_it_is_tried_again(machine: Path) -> None:
    _put(machine, "id", "echo 0")
    log = machine / "log"
    _put(
        machine,
        "apt-get",
        f'echo "$5" >> {log}',
        f'[ "$5" = update ] || [ -f {log}.seen ] || {{ : > {log}.seen; exit 100; }}',
    )
    assert _run(machine, "apt.sh", "chromium").returncode == 0
    assert log.read_text("utf-8").split() == ["install", "update", "install"]


def test_what_cannot_be_installed_stops_nothing_but_the_pdf(machine: Path) -> None:
    _put(machine, "id", "echo 0")
    _put(machine, "python", "exit 1")
    _put(machine, "apt-get", "echo E: no such package >&2", "exit 100")
    run = _run(machine, "libraries.sh", "python")
    assert run.returncode == 0
    assert "E: no such package" in run.stderr
    assert "HTML and no PDF" in run.stderr


def test_without_a_browser_its_tests_are_skipped_aloud(machine: Path) -> None:
    run = _run(machine, "browser.sh")
    assert run.returncode == 0
    assert "skipped" in run.stderr


def test_an_old_python_is_refused_with_the_way_out(machine: Path, tmp_path: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        _put(machine, name, "exit 1")
    run = _run(machine, "environment.sh", str(tmp_path / "venv"))
    assert run.returncode != 0
    assert "Python 3.11 or newer is needed" in run.stderr
    assert "make PYTHON=" in run.stderr
