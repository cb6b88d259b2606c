"""Assignments: for whom, of which package, when they began and ended, and what life that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.durations import span
from tests.oracle.readings import History, Interval, exactly, real
from tests.queries.cases import Row

_GIVING = ("delivered", "partiallydelivered")
_UNDER_WAY = ("delivering", "deliveryfailed")
_FOR_OTHERS = ("adminadd", "systemadd", "onbehalfadd")
_ADDING = ("useradd", "adminadd", "systemadd", "onbehalfadd")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One hold on a package."""

    id: str
    principal: str | None
    package: str | None
    life: str
    """live, pending, unknown, scheduled or ended."""
    began: Interval
    ended: Interval | None
    first: int
    """The first snapshot that shows it."""
    state: str | None
    end: datetime | None = None
    """When it is meant to end, as it was told last."""
    request: str | None = None
    """The request that proves it, where no snapshot shows the assignment itself."""

    @property
    def entitles(self) -> bool:
        """Tell whether it gives anybody anything, or ever did."""
        if self.life == "scheduled" or not self.principal or not self.package:
            return False
        return not (self.ended and self.began.after and self.ended.by <= self.began.after)


def assignments(history: History) -> list[Assignment]:
    """Return all assignments, those included that only a request proves."""
    seen = [_seen(history, versions) for versions in history.shown("assignments").versions().values()]
    return [*seen, *_proven(history, seen)]


def _seen(history: History, versions: dict[int, Row]) -> Assignment:
    """Return an assignment that snapshots show."""
    first, last = min(versions), max(versions)
    newest = versions[last]
    vanished = (newest["id"],) not in history.known("assignments")
    starts = [s for v in versions.values() if (s := real(v["start_at"]))]
    start = min(starts) if starts else None
    ended, told = _end(history, versions, vanished=vanished)
    looks = history.shown("assignments").looks()
    return Assignment(
        id=newest["id"],
        principal=_principal(history, versions),
        package=newest["package_id"],
        life=_life(history, newest, start, ended, gone_untold=vanished and not told),
        began=exactly(start) if start else Interval(history.before(looks, first), history.taken(first)),
        ended=ended,
        first=first,
        state=newest["state"],
        end=_told_end(newest),
    )


def _principal(history: History, versions: dict[int, Row]) -> str | None:
    """Return the newest target that is not empty, failing that who asked for it."""
    for n in sorted(versions, reverse=True):
        if versions[n]["principal_id"]:
            return versions[n]["principal_id"]
    assignment = versions[max(versions)]["id"]
    naming = [
        r for r in history.shown("requests").versions().values() if _newest_told(r, "assignment_id") == assignment
    ]
    return _asked_for(min(naming, key=_order)) if naming else None


def _order(request: dict[int, Row]) -> tuple[datetime, str]:
    """Return what makes one request earlier than another."""
    newest = request[max(request)]
    return (real(newest["created_at"]) or datetime.min, newest["id"])


def _asked_for(request: dict[int, Row]) -> str | None:
    """Return for whom a request was made: its target, else who made it, unless it was made for somebody else."""
    newest, target = request[max(request)], _newest_told(request, "principal_id")
    for_others = (newest["type"] or "").lower() in _FOR_OTHERS
    return target or (None if for_others else newest["requestor_id"] or None)


def _end(history: History, versions: dict[int, Row], *, vanished: bool) -> tuple[Interval | None, bool]:
    """Return when it ended, and whether the service told so: it said expired, or the end lay where it was told to."""
    newest = versions[max(versions)]
    if _state(newest) == "expired":
        return _expired(history, versions), True
    end = _told_end(newest)
    gone = _gone(history, versions) if vanished else None
    last = history.now if gone is None else gone.after or history.taken(min(versions))
    if _state(newest) in _GIVING and end and end <= last:
        return exactly(end), True
    return gone, False


def _gone(history: History, versions: dict[int, Row]) -> Interval:
    """Return when it vanished, which only whole readings tell."""
    looks = history.shown("assignments").looks()
    without = min(n for n in looks if n > max(versions))
    return Interval(history.before(looks, without), history.taken(without))


def _expired(history: History, versions: dict[int, Row]) -> Interval:
    """Return when it ended, if the service says that it has."""
    newest = versions[max(versions)]
    said = min(n for n, v in versions.items() if _state(v) == "expired")
    at, end = real(newest["expired_at"]), _told_end(newest)
    if at:
        return exactly(at)
    if end and end <= history.taken(said):
        return exactly(end)
    return Interval(history.before(history.shown("assignments").looks(), said), history.taken(said))


def _told_end(version: Row) -> datetime | None:
    """Return when it is meant to end."""
    end, start = real(version["end_at"]), real(version["start_at"])
    if end is None and start and version["duration"]:
        end = start + span(version["duration"])
    return end


def _life(history: History, newest: Row, start: datetime | None, ended: Interval | None, *, gone_untold: bool) -> str:
    """Return the life: the first that holds."""
    if gone_untold:
        return "ended"
    if start and start > history.finished:
        return "scheduled"
    if ended:
        return "ended"
    if _state(newest) in _GIVING:
        return "live"
    return "pending" if _state(newest) in _UNDER_WAY else "unknown"


def _state(version: Row) -> str:
    return (version["state"] or "").lower()


def _proven(history: History, seen: list[Assignment]) -> Iterator[Assignment]:
    """Yield the assignments that no snapshot shows and a delivered request proves."""
    found: dict[str, tuple[datetime | None, Assignment]] = {}
    for versions in history.shown("requests").versions().values():
        proof = _proof(history, versions, seen)
        if proof is None:
            continue
        created = real(versions[max(versions)]["created_at"])
        other = found.get(proof.id)
        if other is None or _earlier((created, proof), other):
            found[proof.id] = (created, proof)
    yield from (proof for _, proof in found.values())


def _earlier(one: tuple[datetime | None, Assignment], other: tuple[datetime | None, Assignment]) -> bool:
    """Tell which of two proofs of one assignment was asked for first."""
    return (one[0] or datetime.min, one[1].request or "") < (other[0] or datetime.min, other[1].request or "")


def _proof(history: History, versions: dict[int, Row], seen: list[Assignment]) -> Assignment | None:
    """Return the assignment that a request proves, if it does."""
    newest = versions[max(versions)]
    completed, created = real(newest["completed_at"]), real(newest["created_at"])
    assignment = _newest_told(versions, "assignment_id")
    principal = _newest_told(versions, "principal_id")
    if not principal and (newest["type"] or "").lower() == "useradd":
        principal = newest["requestor_id"]
    if (newest["type"] or "").lower() not in _ADDING or _state(newest) != "delivered":
        return None
    if not completed or completed > history.now or not newest["package_id"] or not principal:
        return None
    if assignment in [a.id for a in seen]:
        return None
    if not assignment and any(_may_be(history, a, principal, newest["package_id"], completed) for a in seen):
        return None
    looks = [n for n in history.shown("assignments").looks() if history.taken(n) >= completed]
    return Assignment(
        id=assignment or newest["id"],
        principal=principal,
        package=newest["package_id"],
        life="ended" if looks else "unknown",
        began=Interval(created, completed) if created and created <= completed else exactly(completed),
        ended=Interval(completed, history.taken(min(looks))) if looks else None,
        first=min(versions),
        state="delivered",
        request=newest["id"],
    )


def _newest_told(versions: dict[int, Row], name: str) -> str | None:
    """Return the newest value that is not empty."""
    return next((versions[n][name] for n in sorted(versions, reverse=True) if versions[n][name]), None)


def _may_be(history: History, a: Assignment, principal: str, package: str, completed: datetime) -> bool:
    """Tell whether a request without an assignment may have made this one."""
    if (a.principal, a.package) != (principal, package):
        return False
    began = a.began.after is None or a.began.after <= completed + history.grace
    return began and (a.ended is None or a.ended.by >= completed)
