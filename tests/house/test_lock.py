"""The lock file: every library, pinned and hashed, from no particular place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", LOCK, re.MULTILINE))


def _wanted() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [item for group in project["dependency-groups"].values() for item in group if isinstance(item, str)]
    return {re.split(r"[<>=!~ ]", item)[0] for item in (*project["project"]["dependencies"], *groups)}


def test_every_dependency_is_pinned() -> None:
    assert _wanted() <= PINNED.keys()


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[a-z])", LOCK.strip())
    assert len(blocks) == len(PINNED)
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_place() -> None:
    assert re.findall(r"://|--index|--extra|--find-links|file:| @ ", LOCK) == []


def test_the_lock_serves_every_system() -> None:
    assert re.search(r"^colorama==.*win32", LOCK, re.MULTILINE), "resolved for one system only"
