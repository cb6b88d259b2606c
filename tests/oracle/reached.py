"""What one history reached: which lives, which rungs of the ladder, which findings, what nobody read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from driftaudit.collectors import collections
from tests.oracle.assignments import Assignment
from tests.oracle.directory import dynamic, listed, principal_type, synced
from tests.oracle.grants import GrantLife
from tests.oracle.ladder import Facts
from tests.oracle.oracle import Answer
from tests.oracle.packing import Made
from tests.oracle.people import departure
from tests.oracle.readings import History, Interval
from tests.oracle.timeline import Timeline

Reached = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One snapshot of one history: what is known, and what follows from it."""

    facts: Facts
    answer: Answer


def reached(made: Made, timeline: Timeline, seen: Seen) -> Reached:
    """Yield everything that a history reached in a snapshot, by group."""
    facts = seen.facts
    yield "rhythm", timeline.rhythm
    yield "rhythm", "end of the snapshot known" if timeline.finished else "end of the snapshot not known"
    for story in made.stories:
        yield "story", story
    yield from _unread(facts.history)
    yield from _assignments(facts)
    yield from _pairs(facts)
    yield from _roles(facts)
    for grant in facts.grants:
        yield from _grant(facts, grant)
    yield from _explained(facts)
    yield from _findings(seen)


def _unread(history: History) -> Reached:
    """Yield what was not read whole."""
    for line in history.tenant.coverage:
        if line["snapshot"] <= history.at:
            when = "now" if line["snapshot"] == history.at else "before"
            yield "unread", f"{line['status']} {when}"
            yield "unread", f"{line['collection']}, {when}"
    for gap in history.tenant.gaps:
        if gap["snapshot"] <= history.at:
            yield "gap", f"{gap['collection']}, {'now' if gap['snapshot'] == history.at else 'before'}"


def _known(happened: Interval | None) -> str:
    """Return how well an instant is known."""
    if happened is None:
        return "never"
    if happened.after is None:
        return "at an unknown time"
    return "exactly" if happened.after == happened.by else "in between"


def _assignments(facts: Facts) -> Reached:
    """Yield the lives of assignments."""
    for a in facts.assignments:
        proven = ", proven by a request" if a.request else ""
        ended = f", {_known(a.ended)}" if a.life == "ended" else ""
        yield "assignment", f"{a.life}{proven}{ended}"
        yield "assignment", f"began {_known(a.began)}"
        if not a.principal:
            yield "assignment", f"{a.life}, for nobody named"
        elif a.life != "scheduled" and not a.entitles:
            yield "assignment", "over before it began"
        if a.principal and principal_type(facts.history, a.principal) == "group":
            yield "assignment", "for a group"
    for versions in facts.history.shown("assignments").versions().values():
        if len({told["start_at"] for told in versions.values()}) > 1:
            yield "assignment", "its start was rewritten"
        if len({told["principal_id"] for told in versions.values()}) > 1:
            yield "assignment", "its holder was not always named"


def _pairs(facts: Facts) -> Reached:
    """Yield how two assignments of one holder stand to each other."""
    entitling = [a for a in facts.assignments if a.entitles]
    for one, other in permutations(entitling, 2):
        if one.principal == other.principal:
            same = "the same package" if one.package == other.package else "two packages"
            yield "pair", f"{same}, {'one after the other' if _after(one, other) else 'at the same time'}"
    given = {(e.assignment.id, e.assignment.principal, e.role): e.assignment for e in facts.entitlements}
    for (_, p, role), (_, q, other_role) in permutations(given, 2):
        if (p, role) == (q, other_role):
            yield "pair", "a role by two assignments"


def _after(one: Assignment, other: Assignment) -> bool:
    """Tell whether one was surely over when the other began, whichever of the two that is."""
    return any(a.ended and b.began.after and a.ended.by <= b.began.after for a, b in ((one, other), (other, one)))


def _roles(facts: Facts) -> Reached:
    """Yield the stays of roles in packages."""
    for life in facts.roles:
        yield "role", f"{life.role[0]}, {'in its package' if life.left is None else 'left its package'}"
        yield "role", f"arrived {_known(life.arrived)}"
    for one, other in permutations(facts.roles, 2):
        if one.role == other.role:
            yield "role", "left and came back" if one.package == other.package else "in two packages"


def _grant(facts: Facts, grant: GrantLife) -> Reached:
    """Yield what is so with one life of a grant."""
    history = facts.history
    yield "grant", f"{grant.kind}, {'open' if grant.gone is None else 'gone'}"
    yield "grant", f"began {_known(grant.began)}"
    yield "holder", principal_type(history, grant.principal)
    if not listed(history, grant.principal, history.at):
        yield "holder", "in no list now"
    if grant.kind == "member" and dynamic(history, grant.resource):
        yield "grant", "in a group that a rule fills"
    if grant.kind == "member" and synced(history, grant.resource):
        yield "grant", "in a group that is filled from elsewhere"
    if not grant.read_now:
        yield "grant", "not read now"
    if grant.gone is None and _hole(history, grant):
        yield "grant", "one life across a hole"
    if any((g.role, g.principal) == (grant.role, grant.principal) and g is not grant for g in facts.grants):
        yield "grant", "two lives"


def _hole(history: History, grant: GrantLife) -> bool:
    """Tell whether a reading since the beginning of an open life did not show it."""
    for name, collection in collections().items():
        if not collection.is_grants:
            continue
        shown = history.shown(name)
        there = [n for n, records in shown.records.items() if (*grant.role, grant.principal) in records]
        if there and any(grant.first < n < max(there) and n not in there for n in shown.looks(grant.resource)):
            return True
    return False


def _explained(facts: Facts) -> Reached:
    """Yield the rungs, and what keeps a grant from being judged."""
    for e in facts.explained:
        yield "rung", f"{e.explanation}, {e.confidence}"
        yield "rung by kind", f"{e.grant.kind}, {e.explanation}"
        if not e.in_package:
            yield "grant", "of a role that left every package"
        for doubt in e.doubts:
            yield "doubt", doubt


def _findings(seen: Seen) -> Reached:
    """Yield the findings with how bad and how sure they are, and some of what they are about."""
    for check, found in seen.answer.checks.items():
        for severity, confidence in found.values():
            yield "check", f"{check}, {severity}, {confidence or 'any'}"
    history, checks = seen.facts.history, seen.answer.checks
    for (person,) in checks["leaver_with_access"]:
        yield "finding", f"leaver_with_access, {departure(history, person)}"
    for check in ("review_unanswered", "review_denied_access_present"):
        for _, person, target in checks[check]:
            yield "finding", f"{check}, of a {_sort(history, target)}"
            yield "finding", f"{check}, {principal_type(history, person)}"
    for _, _, other in checks["incompatible_packages_held"]:
        yield "finding", f"incompatible_packages_held, with a {_sort(history, other)}"
    for _, kind, *_ in checks["nested_group_opens_package"]:
        yield "finding", f"nested_group_opens_package, {kind}"
    for _, claim, role in checks["site_open_to_everyone"]:
        yield "finding", f"site_open_to_everyone, {claim}, a {'level' if len(role) > 1 else 'site group'}"
    for person, resource in checks["pim_mismatch"]:
        thing = "group" if _sort(history, resource) == "group" else "role"
        mine = {g.role for g in seen.facts.open_grants if g.principal == person and g.resource == resource}
        given = {e.role for e in seen.facts.entitlements if e.assignment.principal == person and e.in_package}
        why = "too short" if any(role in mine for role in given) else "eligible only"
        yield "finding", f"pim_mismatch, {why}, of a {thing}"


def _sort(history: History, id_: str) -> str:
    """Return what an id is of."""
    sorts = {"packages": "package", "groups": "group", "service_principals": "application"}
    return next((sort for name, sort in sorts.items() if history.shown(name).versions().get((id_,))), "thing unknown")
