"""Kills: `driftaudit run` dies at any moment of a night; nobody gets a mail twice, and no night is lost."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from driftaudit.store.database import reading
from tests.collect.stores import content, differences, loaded
from tests.delivery.house import BO, KIM
from tests.delivery.nights import DAY, PATIENCE, Nights
from tests.store.conftest import Connection

KINDS = ("reading", "behind", "at_mail", "reading", "after_mail")
"""Where a run dies: at a request; after the last one; when its mail is taken; after that."""
AFTER_MAIL = 0.6
"""Seconds that writing into the ledger takes at most, and that are left to a run then."""
FASTER = 0.7
"""How long later nights are: the first makes the database, and nothing is compiled yet."""
UNCLEAR = "may have been sent, or not"
ENDED = {0, 7}


@dataclass
class Caught:
    """What the kills came upon."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How many came in time, by kind."""
    unclear: int = 0
    """After how many nobody could know whether the mail had left."""


@dataclass
class Usual:
    """How long a night is; the first one tells, which is killed at one of its first requests."""

    requests: int = 5
    behind: float = 0.0
    """Seconds from the last request to the mail."""


def survive(nights: Nights, connection: Connection, *, kills: int, seed: int) -> Caught:
    """Kill so many nights and look after each; the last one is left alone and ends well."""
    caught, usual = Caught(), Usual()
    for number in range(kills):
        chance, kind = random.Random(seed + number), KINDS[number % len(KINDS)]
        nights.fake.clock.advance(DAY)
        died = _killed(nights, kind, usual, chance)
        print(f"seed {seed}, kill {number}: {kind}, {'in time' if died else 'too late'}")  # shown when it fails
        caught.kinds[kind] += died
        if number == 0:
            caught.unclear += _measured(nights, usual)
        else:
            caught.unclear += _taken_up(nights, number + 1)
    nights.fake.clock.advance(DAY)
    code, said = nights.run()
    assert code == 0, said
    _same(nights, connection, kills + 1)
    return caught


def _measured(nights: Nights, usual: Usual) -> bool:
    """Take the first night up, and learn how long a night is."""
    asked, taken = [0.0], [0.0]
    before = nights.gate.came
    nights.office.on_taken = lambda: taken.append(time.monotonic())
    with nights.gate.at(None, lambda: asked.append(time.monotonic())):
        unclear = _taken_up(nights, 1)
    nights.office.on_taken = lambda: None
    usual.requests, usual.behind = nights.gate.came - before, taken[-1] - asked[-1]
    return unclear


def _killed(nights: Nights, kind: str, usual: Usual, chance: random.Random) -> bool:
    """Start a night and kill it; tell whether it was still alive then."""
    run = nights.start()
    moment: Callable[[subprocess.Popen[str], Nights, Usual, random.Random], None] = _MOMENTS[kind]
    moment(run, nights, usual, chance)
    died = run.poll() is None or run.returncode < 0
    run.kill()
    nights.ended(run)
    assert nights.fake.violations == []
    return died


def _at_request(run: subprocess.Popen[str], nights: Nights, usual: Usual, chance: random.Random) -> None:
    """Kill when a request has come and before it is answered."""
    with nights.gate.at(chance.randint(1, usual.requests), run.kill):
        run.wait(PATIENCE)


def _behind(run: subprocess.Popen[str], nights: Nights, usual: Usual, chance: random.Random) -> None:
    """Kill while what was read is packed, loaded, audited or rendered."""
    last = threading.Event()
    with nights.gate.at(usual.requests, last.set):
        last.wait(PATIENCE)
    time.sleep(chance.uniform(0, FASTER * usual.behind))


def _at_mail(run: subprocess.Popen[str], nights: Nights, usual: Usual, chance: random.Random) -> None:
    """Kill when the mail is taken and before the server says so."""
    nights.office.on_taken = run.kill
    run.wait(PATIENCE)
    nights.office.on_taken = lambda: None


def _after_mail(run: subprocess.Popen[str], nights: Nights, usual: Usual, chance: random.Random) -> None:
    """Kill while it is written down that the mail has left."""
    taken = threading.Event()
    nights.office.on_taken = taken.set
    taken.wait(PATIENCE)
    nights.office.on_taken = lambda: None
    time.sleep(chance.uniform(0, AFTER_MAIL))


_MOMENTS = {"reading": _at_request, "behind": _behind, "at_mail": _at_mail, "after_mail": _after_mail}


def _taken_up(nights: Nights, night: int) -> bool:
    """Run again in the same night, see that all is well, and tell whether it is unclear if the mail left."""
    if nights.is_over():
        return False
    code, said = nights.run()
    assert code in ENDED, said
    assert "Traceback" not in said
    assert len(nights.asked("from history.snapshots")) == night, said
    got = {to: nights.taken()[to, nights.date] for to in (KIM, BO)}
    if code == 7:
        assert UNCLEAR in said
        assert "driftaudit send --again" in said
        assert set(got.values()) <= {0, 1}
    else:
        assert set(got.values()) == {1}, said
    return code == 7


def _same(nights: Nights, connection: Connection, count: int) -> None:
    """See that no night is missing, nobody was written to twice, and nothing seems to have happened to the tenant."""
    assert [row["id"] for row in nights.asked("from history.snapshots order by id")] == [*range(1, count + 1)]
    assert max(nights.taken().values()) == 1
    assert nights.taken()[KIM, nights.date] == 1
    with reading(nights.database) as published:
        held = content(published)
    assert differences(held, loaded(connection, *nights.exports())) == {}
    assert {(row["valid_from"], row["valid_to"]) for row in held["grants"] + held["users"]} == {(1, None)}
