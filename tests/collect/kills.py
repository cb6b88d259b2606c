"""Kills: `driftaudit collect` dies at any moment, the database is the old one or whole, and the run is gone on with.

Every other run that dies is the second night's, which reads those groups only that have changed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from driftaudit.store.database import reading
from tests.collect.runs import Run, manifest
from tests.collect.stores import Content, content, differences, loaded
from tests.fake_graph import Fake, Manners, serving
from tests.fake_graph.caller import NEWEST
from tests.store.blank import blank
from tests.store.conftest import Connection

SHORT = Manners(page_cap=20)
BEHIND = 0.25
"""How much of the moments lie behind the last answer, when the export is packed, closed and loaded."""
LOADING, BETWEEN = 2.0, 0.01
"""Seconds that loading takes at most, and that lie between two answers."""
PATIENCE = 120.0
DAY = 24 * 3600
PROGRAM = (sys.executable, "-m", "driftaudit", "collect")


@dataclass(frozen=True)
class Moment:
    """When a run dies: after so many answers, and so many seconds more."""

    answers: int
    seconds: float


@dataclass
class Caught:
    """How often a run was caught at what."""

    reading: int = 0
    loading: int = 0
    too_soon: int = 0
    too_late: int = 0


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing disturbs: the first of a tenant, or that of the second night."""

    second: bool
    answers: int
    content: Content


def survive(place: Path, connection: Connection, *, kills: int, seed: int, command: bool = False) -> Caught:
    """Kill runs at moments drawn by chance and go on with each; `command` does that in a process of its own too."""
    caught = Caught()
    nights = [_undisturbed(place / name, connection, second=name == "second") for name in ("first", "second")]
    assert nights[1].answers < nights[0].answers
    for number, share in enumerate(_shares(random.Random(seed), kills)):
        night = nights[number % 2]
        moment = _moment(share, night.answers, seed + number)
        print(f"seed {seed}, kill {number}: {moment} of {night.answers} answers")  # shown when it fails
        with serving(NEWEST, manners=SHORT) as fake:
            _killed_once(place / str(number), fake, connection, moment, night, caught, command=command)
    return caught


def _undisturbed(home: Path, connection: Connection, *, second: bool) -> Undisturbed:
    """Run the first night, or both, and return what there is to know of the last."""
    with serving(NEWEST, manners=SHORT) as fake:
        if second:
            _first_night(home, fake)
        before = len(fake.requests)
        folder = _run(home, fake).collected()
        return Undisturbed(second, len(fake.requests) - before, loaded(connection, folder))


def _first_night(home: Path, fake: Fake) -> Path:
    """Run the first night, and let a day pass."""
    folder = _run(home, fake).collected()
    fake.clock.advance(DAY)
    return folder


def _run(home: Path, fake: Fake, folder: Path | None = None) -> Run:
    """Return a run as the command runs it."""
    return Run(fake, home / "driftaudit-exports", full_every=7, folder=folder)


def _shares(chance: random.Random, kills: int) -> Iterator[float]:
    """Yield moments all over a run, each in a stretch of its own, so that no part of it is left out by chance."""
    for number in range(kills):
        yield (number + chance.random()) / kills * (1 + BEHIND)


def _moment(share: float, answers: int, seed: int) -> Moment:
    """Return the moment at which so much of a run's answers has come."""
    if share < 1:
        return Moment(int(share * answers), random.Random(seed).uniform(0, BETWEEN))
    return Moment(answers, (share - 1) / BEHIND * LOADING)


def _killed_once(
    home: Path, fake: Fake, connection: Connection, moment: Moment, night: Undisturbed, caught: Caught, *, command: bool
) -> None:
    """Kill one run, look at the database, go on, and see that the end is as if nothing had been."""
    database = blank(home / "driftaudit.duckdb")
    old, base = database.read_bytes(), _first_night(home, fake) if night.second else None
    died = _kill(home, fake, replace(moment, answers=moment.answers + len(fake.service.log)))
    assert fake.violations == []
    is_new = database.read_bytes() != old
    if is_new:
        with reading(database) as published:
            assert differences(content(published), night.content) == {}
    folders = [path.parent for path in home.glob("driftaudit-exports/*/manifest.json") if path.parent != base]
    if not folders:
        caught.too_soon += 1
        return
    (folder,) = folders
    if manifest(folder).state == "open":
        caught.reading += 1
        assert not is_new
        _go_on(home, fake, folder, command=command)
    elif died and not is_new:
        caught.loading += 1
    else:
        caught.too_late += 1
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".gz" and path.name != ".lock") == [
        "manifest.json"
    ]
    if not is_new:
        assert differences(loaded(connection, folder), night.content) == {}


def _kill(home: Path, fake: Fake, moment: Moment) -> bool:
    """Start the command and kill it at its moment; tell whether it was still alive then."""
    with subprocess.Popen(PROGRAM, cwd=home, env=_environment(fake), stdout=subprocess.DEVNULL) as run:
        give_up = time.monotonic() + PATIENCE
        while len(fake.service.log) < moment.answers and run.poll() is None and time.monotonic() < give_up:
            time.sleep(0.001)
        time.sleep(moment.seconds)
        died = run.poll() is None
        run.kill()
    return died


def _go_on(home: Path, fake: Fake, folder: Path, *, command: bool) -> None:
    """Go on with a folder."""
    if command:
        arguments = (*PROGRAM, "--resume", str(folder), "--no-load")
        subprocess.run(arguments, cwd=home, env=_environment(fake), check=True, stdout=subprocess.DEVNULL)
    else:
        _run(home, fake, folder).collected()


def _environment(fake: Fake) -> dict[str, str]:
    """Return what leads the command to the fake."""
    return {
        **os.environ,
        "DRIFTAUDIT_SIGN_IN_METHOD": "token",
        "DRIFTAUDIT_GRAPH_URL": fake.url,
        "DRIFTAUDIT_ACCESS_TOKEN": fake.token(),
        "DRIFTAUDIT_SHAREPOINT_URL": fake.sharepoint_url,
        "DRIFTAUDIT_SHAREPOINT_TOKEN": fake.sharepoint_token(),
    }
