"""The wheel: built, installed somewhere else, and run from there with its data folders."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("queries", "report_templates", "sample_exports")
WHERE = "from driftaudit.bundled import folder; print(*(folder(name) for name in {names}), sep='\\n')"


def _run(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path or ""), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", *arguments]
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a publisher does, without the network."""
    folder = tmp_path_factory.mktemp("dist")
    _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("driftaudit-*-py3-none-any.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own, far from the checkout."""
    target = tmp_path_factory.mktemp("elsewhere")
    offline = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--quiet"]
    _run("-m", "pip", "install", *offline, "--target", str(target), str(wheel), cwd=target)
    return target


def test_the_wheel_carries_every_data_file(wheel: Path) -> None:
    wanted = {
        f"driftaudit/{path.relative_to(ROOT).as_posix()}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_no_tests_and_no_tools(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"driftaudit"}


def test_the_installed_program_answers(installed: Path, tmp_path: Path) -> None:
    assert _run("-m", "driftaudit", "--help", cwd=tmp_path, path=installed).startswith("Usage: driftaudit")


def test_the_installed_program_finds_its_own_data(installed: Path, tmp_path: Path) -> None:
    found = _run("-c", WHERE.format(names=FOLDERS), cwd=tmp_path, path=installed).split()
    assert [Path(folder).relative_to(installed) for folder in found] == [Path("driftaudit", name) for name in FOLDERS]
