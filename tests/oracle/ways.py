"""Ways in which an assignment comes, lives and goes, and in which a grant does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.oracle.maker import Maker
from tests.oracle.world import PackagedRole, World

STATES = ("delivering", "deliveryFailed", "partiallyDelivered", "hovering", "delivered")


def grant(found: World, person: str, role: PackagedRole) -> None:
    """Let somebody hold a role at some time; where the service dates it, it may date it anew, or not at all."""
    maker = found.maker
    among = maker.presence()
    if maker.likely(0.2):
        before, after = [n for n in among if n <= maker.length // 2], [n for n in among if n > maker.length // 2]
        found.hold(person, role, before, granted_at=maker.maybe_moment())
        found.hold(person, role, after, granted_at=maker.maybe_moment())
    else:
        found.hold(person, role, among, granted_at=maker.maybe_moment())


def assignment(found: World, person: str, package: str) -> None:
    """Give somebody a package: by one of the ways in which an assignment comes, lives and goes."""
    maker = found.maker
    told: dict[str, Any] = {"id": maker.new("a"), "principal_id": person, "package_id": package}
    told |= {"start_at": maker.maybe_moment(0.6)}
    maker.chance.choice(_WAYS)(maker, told)


def _stays(maker: Maker, told: dict[str, Any]) -> None:
    """It is delivered and stays so, with or without an end."""
    maker.add("assignments", maker.presence(), state="delivered", end_at=maker.maybe_moment(), **told)


def _lasts(maker: Maker, told: dict[str, Any]) -> None:
    """It lasts for a duration."""
    duration = maker.chance.choice(("P1D", "PT36H", "P90D", "P1DT11H30M"))
    state = maker.chance.choice(("delivered", "partiallyDelivered"))
    maker.add("assignments", maker.presence(), state=state, duration=duration, **told)


def _expires(maker: Maker, told: dict[str, Any]) -> None:
    """It is delivered, then expired, then perhaps gone."""
    before, after, gone = maker.split(3)
    end = maker.maybe_moment()
    maker.add("assignments", before, state="delivered", end_at=end, **told)
    after = [*after, *gone] if maker.likely(0.7) else after
    expired_at = maker.moment() if maker.likely(0.6) else None
    maker.add("assignments", after, state="expired", end_at=end, expired_at=expired_at, **told)


def _vanishes(maker: Maker, told: dict[str, Any]) -> None:
    """It is there, and then it is not."""
    before, _ = maker.split(2)
    state = maker.chance.choice(("delivered", "delivered", *STATES))
    maker.add("assignments", before, state=state, end_at=maker.maybe_moment(0.2), **told)


def _is_under_way(maker: Maker, told: dict[str, Any]) -> None:
    """It is on its way, and may arrive."""
    _, before, after = maker.split(3)
    maker.add("assignments", before, state=maker.chance.choice(STATES), **told)
    maker.add("assignments", after, state=maker.chance.choice(STATES), **told)


def _begins_anew(maker: Maker, told: dict[str, Any]) -> None:
    """An update rewrites its start."""
    before, after = maker.split(2)
    state = maker.chance.choice(("delivered", "expired"))
    again = told | {"start_at": maker.moment()}
    maker.add("assignments", before, state="delivered", **told)
    maker.add("assignments", after, state=state, end_at=maker.maybe_moment(), expired_at=maker.maybe_moment(), **again)


def _lies_ahead(maker: Maker, told: dict[str, Any]) -> None:
    """It begins next week, or was called off."""
    ahead = told | {"start_at": maker.timeline.snapshots[-1] + timedelta(days=maker.chance.choice((0, 7)), seconds=1)}
    expired_at = maker.moment() if maker.likely(0.5) else None
    maker.add(
        "assignments", maker.presence(), state="expired" if expired_at else "delivered", expired_at=expired_at, **ahead
    )


_WAYS: tuple[Callable[[Maker, dict[str, Any]], None], ...] = (
    _stays,
    _stays,
    _lasts,
    _expires,
    _expires,
    _expires,
    _vanishes,
    _vanishes,
    _is_under_way,
    _begins_anew,
    _lies_ahead,
)
