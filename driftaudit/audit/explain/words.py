"""The sentences of an answer: dates, what explains a grant, how long it is known, the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from driftaudit.audit.explain.story import Held, Path, Principal

_GIVEN = {
    "assignment": "a live assignment to {package} gives it",
    "activated": "activated for some hours; an assignment to {package} makes it possible",
    "delivering": "an assignment to {package} is under way and gives it",
    "dynamic_rule": "the rule of a dynamic group gives it; {package} cannot",
    "synced": "the on-premises directory gives it; {package} cannot",
    "grace": "given by {package}; that was over {over}, and removal may still be under way",
    "ended": "left over: the assignment to {package} ended {over}, and the access never left",
    "ended_censored": "probably left over: an assignment to {package} ended {over}; nobody saw the two together",
    "role_removed": "the role left {package} {over}; the assignment still lives",
    "pre_existing": "was there before the assignment to {package}, which ended {over}",
    "readded": "came back without a package: the assignment to {package} ended {over}, and the access had gone with it",
    "none": "nothing explains it: {package} gives this role, and no assignment does",
}
"""What each explanation says; `over` is when the assignment ended or the role left."""
_UNREAD = "the assignment to {package} ended {over}; whether the access left since is not known"
"""What it says of a left-over that was not read in this snapshot."""
_STATUS = {
    "present": "",
    "disabled": "The account is disabled.",
    "deleted": "The account was deleted.",
    "gone": "It stands in no list of this snapshot; it did before.",
    "unlisted": "It stands in no list up to this snapshot.",
}
_HOW = {
    "member": "through “{name}”",
    "owner": "through “{name}”",
    "eligible_member": "through “{name}” (eligible only)",
    "eligible_owner": "through “{name}” (eligible only)",
    "class": "through “{name}”, which counts everybody in",
}


def day(instant: datetime) -> str:
    """Return a date as a sentence says it, day and month kept on one line."""
    return f"{instant.day}\u00a0{instant:%B %Y}"


def minute(instant: datetime) -> str:
    """Return an instant to the minute."""
    return f"{day(instant)}, {instant:%H:%M} UTC"


def day_or_never(instant: datetime | None) -> str:
    """Return a date, or that there is none."""
    return "no end" if instant is None else day(instant)


def between(after: datetime | None, by: datetime | None) -> str:
    """Return when something happened, as exactly as it is known."""
    if by is None:
        return "at an unknown time"
    if after == by:
        return f"on {day(by)}"
    return f"by {day(by)}" if after is None else f"between {day(after)} and {day(by)}"


def since(grant: Mapping[str, Any]) -> str:
    """Return since when a grant is there; what was there at the first reading began at an unknown time."""
    after, by = grant["began_after"], grant["began_by"]
    if after is None:
        return f"since at least {day(by)}"
    return f"since {day(by)}" if after == by else f"since some day between {day(after)} and {day(by)}"


def seen(grant: Mapping[str, Any]) -> str:
    """Return when a grant was seen first and last, and whether it could be seen in this snapshot."""
    first, last = day(grant["first_seen_at"]), day(grant["last_seen_at"])
    told = f"seen on {last} only" if first == last else f"first seen {first}, last seen {last}"
    return told if grant["read_now"] else f"{told}; not read in this snapshot, so not confirmed"


def explained(grant: Mapping[str, Any]) -> str:
    """Return what explains a grant, in a sentence."""
    if grant["explanation"] is None:
        if grant["dynamic"]:
            return "the rule of a dynamic group gives it"
        return "the on-premises directory gives it" if grant["synced"] else "no package gives this role"
    package = f"“{grant['package_name']}”" if grant["package_name"] else "a package"
    ended = grant["explanation"] in ("ended", "ended_censored")
    form = _GIVEN[grant["explanation"]] if grant["read_now"] or not ended else _UNREAD
    told = form.format(package=package, over=between(grant["ended_after"], grant["ended_by"]))
    if grant["confidence"] == "medium":
        told += " (confidence medium: snapshots cannot prove it)"
    return told if grant["assessable"] else f"{told}; not assessable: what a package under way gives is not known"


def how(held: Held, path: Path) -> str:
    """Return how a grant is held: directly, or through which groups."""
    if not path.way.steps:
        return "directly"
    words = [_HOW[step.via].format(name=step.name) for step in path.way.steps]
    stale = "" if all(step.read_now for step in path.way.steps) else " (not all of it read in this snapshot)"
    return ", then ".join([words[0], *(w.removeprefix("through ") for w in words[1:])]) + stale


def route(principal: Principal, held: Held, path: Path) -> str:
    """Return the whole way as a chain of arrows."""
    grant = held.grant
    return " → ".join(
        [principal.name, *(s.name for s in path.way.steps), f"{grant['role_name']}, {grant['resource_name']}"]
    )


def status(principal: Principal, at: datetime) -> str:
    """Return what has become of the account and the person by then, if anything has."""
    told = _STATUS[principal.status]
    if principal.status == "deleted" and principal.deleted_at is not None:
        told = f"The account was deleted on {day(principal.deleted_at)}."
    if principal.leave_at is not None:
        verb = "left" if principal.leave_at <= at else "leaves"
        told = f"{told} The person {verb} on {day(principal.leave_at)}.".strip()
    return told
