"""Stories: small things that happen to people, mixed at random into a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.oracle.group_stories import activated, eligible, exclusive, in_the_directory, nested, opened
from tests.oracle.maker import Maker
from tests.oracle.package_stories import (
    asked_for,
    by_hand,
    came_back,
    for_nobody,
    left_over,
    package_and_access,
    role_taken_out,
    two_packages,
)
from tests.oracle.people_stories import invited_again, leaver, other_holders
from tests.oracle.review_stories import review
from tests.oracle.timeline import Timeline
from tests.oracle.world import World, world
from tests.queries.cases import Tenant


def history(seed: int, mark: str, timeline: Timeline) -> tuple[Tenant, tuple[str, ...]]:
    """Return a random history with the names of its stories."""
    found = world(Maker(seed, mark, timeline))
    for _ in range(found.maker.chance.choice((3, 3, 4, 4, 5))):
        name = found.maker.chance.choice(tuple(STORIES.elements()))
        found.maker.told.append(name)
        _TELL[name](found)
    if found.maker.likely(0.45):
        found.maker.told.append("gaps")
        gaps(found)
    return found.maker.tenant(), tuple(found.maker.told)


def gaps(found: World) -> None:
    """Some scopes were not read in some snapshots."""
    maker = found.maker
    for _ in range(maker.chance.choice((1, 2, 3))):
        match maker.chance.choice(("group", "group", "group", "app", "site", "package", "package", "pim")):
            case "group":
                collection, scope = (
                    maker.chance.choice(("group_members", "group_members", "group_owners")),
                    found.group(),
                )
            case "app":
                collection, scope = "app_role_assignments", maker.id("ledger")
            case "site":
                collection = maker.chance.choice(("site_members", "site_role_assignments"))
                scope = maker.id("hub")
            case "package":
                collection, scope = maker.chance.choice(("package_roles", "package_incompatibilities")), found.package()
            case _:
                collection = maker.chance.choice(("pim_group_assignments", "pim_group_eligibilities"))
                scope = found.group()
        first = maker.chance.choice((*maker.all, maker.length))
        for n in range(first, min(first + maker.chance.choice((1, 1, 2)), maker.length + 1)):
            maker.gap(collection, scope, n)


_TELL: dict[str, Callable[[World], None]] = {
    "package_and_access": package_and_access,
    "left_over": left_over,
    "two_packages": two_packages,
    "by_hand": by_hand,
    "came_back": came_back,
    "role_taken_out": role_taken_out,
    "asked_for": asked_for,
    "for_nobody": for_nobody,
    "eligible": eligible,
    "activated": activated,
    "nested": nested,
    "in_the_directory": in_the_directory,
    "opened": opened,
    "exclusive": exclusive,
    "leaver": leaver,
    "invited_again": invited_again,
    "other_holders": other_holders,
    "review": review,
}
_OFTEN = {
    "eligible": 2,
    "activated": 2,
    "package_and_access": 3,
    "left_over": 3,
    "two_packages": 2,
    "nested": 3,
    "asked_for": 2,
    "role_taken_out": 2,
    "came_back": 2,
    "review": 5,
    "in_the_directory": 2,
}
STORIES = Counter({name: _OFTEN.get(name, 1) for name in _TELL})
"""Every story, and how often it is told for one that is told once."""
