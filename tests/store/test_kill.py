"""Kill -9 at random moments: the old file is whole, the next run succeeds."""

from __future__ import annotations

import random
from pathlib import Path

from tests.store.kills import survive
from tests.store.made_export import Part, members, named, written

KILLS = 5
PEOPLE = [f"user-{n}" for n in range(200)]


def test_a_killed_loader_leaves_the_old_file_whole(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # shown when it fails
    (tmp_path / "database").mkdir()
    exports = [written(tmp_path / str(day), day, _tenant(day)) for day in (1, 2)]
    caught = survive(tmp_path / "database", *exports, kills=KILLS, seed=seed)
    assert caught > 0, "no kill came in time: the test tested nothing"


def _tenant(day: int) -> dict[str, Part]:
    """Return a tenant in which something changes every day."""
    groups = {f"group-{n}": PEOPLE[n + day : n + day + 50] for n in range(20)}
    return {"users": named(PEOPLE[day:]), "groups": named(groups), "group_members": members(groups)}
