"""An answer in plain words, line by line; each line says how far it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from driftaudit.audit.explain.absent import WHY_ABSENT
from driftaudit.audit.explain.story import Absent, Held, Path, Story
from driftaudit.audit.explain.words import (
    between,
    day,
    day_or_never,
    explained,
    how,
    minute,
    route,
    seen,
    since,
    status,
)

Line = tuple[int, str]
"""How many steps it stands in, and what it says."""

_VERDICT = {
    "holds": "Yes: {who} holds access to {what}.",
    "not_confirmed": "Probably: {who} held access to {what} when it was last read; it was not read in this snapshot.",
    "eligible_only": "Not now: {who} is only eligible for access to {what}, and has to activate it.",
    "no_access": "No: {who} holds no access to {what}, and all that could tell was read.",
    "not_known": "Not known: no access of {who} to {what} was found, but not all that could tell was read.",
}


def lines(story: Story) -> Iterator[Line]:
    """Yield the answer: who, the verdict, what is held and why, what is lacking and why, and what stands behind it."""
    yield from _head(story)
    sections = (
        ("Holds", _held(story)),
        ("Held before", _held_before(story)),
        ("Promised and not held", _absent(story.absent)),
        ("Assignments", _assignments(story)),
        ("Requests", _requests(story)),
        ("Privileged Identity Management", _activations(story)),
        ("Reviews", _decisions(story)),
        ("Findings", _findings(story)),
        ("What was read", _reads(story)),
    )
    for title, found in sections:
        told = list(found)
        if told:
            yield 0, ""
            yield 0, title.upper()
            yield from told


def _head(story: Story) -> Iterator[Line]:
    """Yield who is asked about, at which snapshot, and the verdict if there is one resource."""
    who, at = story.principal, story.snapshot
    names = dict.fromkeys((who.name, who.type.replace("_", " "), who.sign_in_name, who.id))
    yield 0, " · ".join(name for name in names if name)
    yield 0, f"{story.tenant.name} · snapshot {at.id} · as of {at.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    fate = status(who, at.taken_at)
    if fate:
        yield 0, fate
    if story.resource is not None and story.verdict is not None:
        what = story.resource
        yield 0, ""
        yield 0, _VERDICT[story.verdict].format(who=who.name, what=f"“{what.name}” ({what.type} {what.id})")


def _held(story: Story) -> Iterator[Line]:
    """Yield what is held, resource by resource, each path with what explains it."""
    if not story.held:
        yield 1, "Nothing was found."
    for resource_id, grants in groupby(story.held, key=lambda h: h.grant["resource_id"]):
        there = list(grants)
        grant = there[0].grant
        yield 1, f"{grant['resource_name']} · {grant['resource_type']} · {resource_id}"
        owners = story.owners.get(resource_id, ())
        if owners:
            told = ", ".join(o["name"] + ("" if o["enabled"] else " (cannot act)") for o in owners)
            yield 2, f"owned by {told}"
        elif grant["resource_type"] in ("group", "application"):
            yield 2, "no owner known"
        for held in there:
            yield from _paths(story, held)


def _paths(story: Story, held: Held) -> Iterator[Line]:
    """Yield each path to a grant, then what explains the grant and how long it is known."""
    grant = held.grant
    for path in held.paths:
        mark = "•" if path.gives_access else "×"
        yield 2, f"{mark} {grant['role_name']}, {how(held, path)}"
        if path.way.steps:
            yield 3, route(story.principal, held, path)
            yield from _entry(path)
        if path.why_not:
            yield 3, f"gives no access: {path.why_not}"
    holder = f"“{grant['holder_name']}” holds it: " if held.paths[0].way.steps else ""
    yield 3, f"{holder}{explained(grant)}"
    if grant["assignment_id"]:
        yield 3, f"assignment {grant['assignment_id']}"
    yield 3, f"{since(grant)}; {seen(grant)}"


def _entry(path: Path) -> Iterator[Line]:
    """Yield what explains that the principal itself is in the first group on the way."""
    first = path.way.steps[0]
    if first.grant is not None:
        yield 3, f"is in “{first.name}”: {explained(first.grant)}"


def _held_before(story: Story) -> Iterator[Line]:
    for grant in story.held_before:
        yield 1, f"{grant['role_name']}, {grant['resource_name']} ({grant['resource_id']})"
        gone = between(grant["last_seen_at"], grant["gone_by"])
        yield 2, f"{since(grant)}; last seen {day(grant['last_seen_at'])}, gone {gone}"


def _absent(found: Iterable[Absent]) -> Iterator[Line]:
    """Yield each role that is promised and not held, with the reason."""
    for absent in found:
        role = absent.role
        if role["resource_id"] is None:
            yield 1, f"What “{role['package_name']}” gives"
        else:
            yield 1, f"{role['role_name']}, {role['resource_name']} ({role['resource_id']})"
        yield 2, f"promised by “{role['package_name']}”, assignment {role['assignment_id']} ({role['life']})"
        why = WHY_ABSENT[absent.why]
        if absent.why == "not_read" and role["gap"]:
            why += f" ({role['gap']})"
        if absent.why == "resource_deleted":
            why += f" on {day(role['resource_deleted_at'])}"
        yield 2, why
        for path in absent.through:
            yield 3, " → ".join(step.name for step in path.way.steps)


def _assignments(story: Story) -> Iterator[Line]:
    for a in story.assignments:
        yield 1, f"{a['package_name']} · {a['life']} · {a['id']}"
        began = f"began {between(a['began_after'], a['began_by'])}"
        over = a["life"] == "ended"
        ends = f"ended {between(a['ended_after'], a['ended_by'])}" if over else f"ends: {day_or_never(a['end_at'])}"
        gone = "; no longer listed by the service" if a["vanished"] else ""
        yield 2, f"{began}; {ends}; the service says {a['state']}{gone}"
        yield 2, f"policy: {a['policy_name'] or a['policy_id'] or 'not known'}; package {a['package_id']}"
        if a["request_id"]:
            yield 2, f"known from request {a['request_id']} only"


def _requests(story: Story) -> Iterator[Line]:
    for q in story.requests:
        yield 1, f"{q['package_name'] or 'no package named'} · {q['type']} · {q['state']} · {q['id']}"
        asked = q["requestor_name"] or q["requestor_id"] or "somebody"
        made = f" on {day(q['created_at'])}" if q["created_at"] else ""
        done = f", done {day(q['completed_at'])}" if q["completed_at"] else ""
        yield 2, f"asked for by {asked}{made}{done}"
        if q["justification"]:
            yield 2, f"justification: {q['justification']}"


def _activations(story: Story) -> Iterator[Line]:
    """Yield each schedule of Privileged Identity Management, to the minute: an activation lasts some hours."""
    for a in story.activations:
        start = f" since {minute(a['start_at'])}" if a["start_at"] else ""
        until = f"until {minute(a['end_at'])}" if a["end_at"] else "without end"
        yield 1, f"{a['assignment_type']} as {a['access_id']} of “{a['group_name']}”{start}, {until}"


def _decisions(story: Story) -> Iterator[Line]:
    """Yield each answer of a review: about what, by whom, what became of it."""
    for d in story.decisions:
        ends = (
            f" (round {'ended' if d['review_ended'] else 'ends'} {day(d['review_end_at'])})"
            if d["review_end_at"]
            else ""
        )
        yield 1, f"{d['review_name'] or d['review_id']}{ends}"
        by = d["reviewed_by_name"] or d["reviewed_by_id"] or "nobody"
        when = f" on {day(d['reviewed_at'])}" if d["reviewed_at"] else ""
        about = d["package_name"] or d["resource_name"] or d["package_id"] or d["resource_id"] or "what is not named"
        yield 2, f"{about}: {d['decision']}, by {by}{when}; applied: {d['apply_result'] or 'not told'}"
        if d["justification"]:
            yield 2, f"justification: {d['justification']}"


def _findings(story: Story) -> Iterator[Line]:
    for f in story.findings:
        doubt = "" if f["confirmed"] else " · not confirmed this time"
        sure = " · confidence medium" if f["confidence"] == "medium" else ""
        yield 1, f"{f['severity']} · {f['key']}{sure}{doubt}"
        yield 2, str(f["reason"])
        if f["fix"]:
            yield 2, str(f["fix"])


def _reads(story: Story) -> Iterator[Line]:
    """Yield what was read whole, and what was not with the reason."""
    whole = [r.collection.replace("_", " ") for r in story.reads if r.read]
    if whole:
        yield 1, f"Read: {', '.join(whole)}."
    for r in story.reads:
        if not r.read:
            part = "read in part" if r.status == "partial" else "not read"
            yield 1, f"◌ {r.collection.replace('_', ' ')}: {part} ({(r.reason or r.status).rstrip('.')})"
