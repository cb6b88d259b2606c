"""Checks on reviews: rounds that nobody answered, that are overdue, and whose denial changed nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.assignments import Assignment
from tests.oracle.directory import inside, newest
from tests.oracle.drift import Found
from tests.oracle.grants import GrantLife
from tests.oracle.ladder import Facts
from tests.oracle.readings import History, Interval, real
from tests.queries.cases import Row

_BEFORE_THE_END = ("notstarted", "initializing", "starting", "inprogress")
_NOBODY = set("0-")
_REVIEWED = ("groups", "service_principals")
_BY_RULE = ("dynamic_rule", "synced")
Chain = tuple[GrantLife, ...]
"""A person's own grant and the links that lead from it to what was asked about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision in the newest ended round of its series about somebody and something."""

    round: Row
    decision: Row
    target: str
    of_package: bool
    end: datetime | None


def review_overdue(facts: Facts) -> Found:
    """Return the rounds whose end has passed and that still run."""
    shown = facts.history.shown("review_instances")
    found: Found = {}
    for one in facts.history.known("review_instances").values():
        end = real(one["end_at"])
        read_now = shown.looked(facts.history.at, one["definition_id"])
        if read_now and (one["status"] or "").lower() == "inprogress" and end and end <= facts.history.now:
            found[one["id"],] = ("medium", "high")
    return found


def _newest_answers(facts: Facts) -> list[Answer]:
    """Return the answers of the newest ended round per series, principal and what was asked about."""
    latest: dict[tuple[str, str, str], Answer] = {}
    for answer in _answers(facts.history):
        about = (answer.round["definition_id"], answer.decision["principal_id"] or "", answer.target)
        if about not in latest or _order(latest[about]) < _order(answer):
            latest[about] = answer
    return list(latest.values())


def _answers(history: History) -> Iterator[Answer]:
    """Yield every answer of a round that has ended."""
    for decision in history.known("review_decisions").values():
        series, _, number = decision["instance"].partition("/")
        one = history.known("review_instances").get((series, number))
        if one is None or (one["status"] or "").lower() in _BEFORE_THE_END:
            continue
        target = decision["package_id"] or decision["resource_id"] or ""
        end = real(one["end_at"]) or real(decision["reviewed_at"])
        yield Answer(one, decision, target, bool(decision["package_id"]), end)


def _order(answer: Answer) -> tuple[datetime, datetime, str]:
    """Return what makes one round newer than another."""
    start = real(answer.round["start_at"])
    return (answer.end or datetime.min, start or datetime.min, answer.round["id"])


def _newer_unread(facts: Facts, answer: Answer) -> bool:
    """Tell whether the answers of a newer ended round of the series were not read."""
    history = facts.history
    for one in history.known("review_instances").values():
        if one["definition_id"] != answer.round["definition_id"] or (one["status"] or "").lower() in _BEFORE_THE_END:
            continue
        end, scope = real(one["end_at"]) or datetime.min, f"{one['definition_id']}/{one['id']}"
        newer = end > (answer.end or datetime.min)
        if newer and not history.shown("review_decisions").looked(history.at, scope):
            return True
    return False


def review_denied_access_present(facts: Facts) -> Found:
    """Return what was denied and is still there."""
    found: Found = {}
    for answer in _newest_answers(facts):
        end, settled = answer.end, facts.history.now - facts.history.grace
        if (answer.decision["decision"] or "").lower() != "deny" or end is None or end > settled:
            continue
        if not answer.decision["principal_id"] or _newer_unread(facts, answer):
            continue
        chains = [c for c in _denied(facts, answer, end) if not _given_anew(facts, answer, c[0], end)]
        if chains:
            sure = any(all(link.began.by <= end for link in chain) for chain in chains)
            severity = "info" if _being_deleted(facts.history, answer.round) else "high"
            about = (answer.round["id"], answer.decision["principal_id"], answer.target)
            found[about] = (severity, "high" if sure else "medium")
    return found


def _denied(facts: Facts, answer: Answer, end: datetime) -> list[Chain]:
    """Return every way in which somebody has held since the end what was denied: their own grant, then the links."""
    links = [g for g in facts.open_grants if g.read_now and _since_before(g.began, end)]
    mine = [g for g in links if g.principal == answer.decision["principal_id"]]
    if answer.of_package:
        of_package = {r.role for r in facts.roles if r.package == answer.target and r.left is None}
        ruled = {e.grant for e in facts.explained if e.explanation in _BY_RULE}
        return [(g,) for g in mine if g.role in of_package and g not in ruled]
    members = [g for g in links if g.kind == "member"]
    held = [g for g in links if g.kind == "app_role" and g.resource == answer.target]
    direct = [(g,) for g in held if g in mine]
    through = [(g, h) for g in mine if g.kind == "member" for h in held if h.principal == g.resource]
    return [*direct, *through, *(c for g in mine if g.kind == "member" for c in _upwards((g,), answer.target, members))]


def _upwards(chain: Chain, target: str, members: list[GrantLife]) -> Iterator[Chain]:
    """Yield every chain of memberships that ends in the target, no group twice in one."""
    if chain[-1].resource == target:
        yield chain
    passed = {link.resource for link in chain}
    for link in members:
        if link.principal == chain[-1].resource and link.resource not in passed:
            yield from _upwards((*chain, link), target, members)


def _given_anew(facts: Facts, answer: Answer, grant: GrantLife, end: datetime) -> bool:
    """Tell whether a live assignment gives a grant in spite of the denial."""
    for e in facts.of(grant):
        if e.life == "live" and e.in_package:
            other = answer.of_package and e.assignment.package != answer.target
            if other or e.assignment.began.by > end:
                return True
    return False


def _being_deleted(history: History, one: Row) -> bool:
    """Tell whether the round's denials disable people first and delete them a month later."""
    series = history.known("review_definitions").get((one["definition_id"],))
    actions = json.loads((series or {}).get("apply_actions") or "null") or []
    kinds = [str(action.get("@odata.type", "")) for action in actions]
    return (one["status"] or "").lower() == "applying" and any("disableAndDeleteUserApplyAction" in k for k in kinds)


def review_unanswered(facts: Facts) -> Found:
    """Return the questions that nobody answered about access that was there when the round ended."""
    found: Found = {}
    for answer in _newest_answers(facts):
        decision = (answer.decision["decision"] or "").lower()
        nobody = not set(answer.decision["reviewed_by_id"] or "") - _NOBODY
        if decision not in ("", "notreviewed", "dontknow") and not nobody:
            continue
        known = answer.of_package or any(newest(facts.history, name, answer.target) for name in _REVIEWED)
        denied = known and _silence_denies(facts.history, answer, decision)
        listed = not known or _held_at_the_end(facts, answer) or (denied and _gone_unseen(facts, answer))
        if not listed or _newer_unread(facts, answer):
            continue
        about = (answer.round["id"], answer.decision["principal_id"], answer.target)
        found[about] = ("info" if denied and not _held_now(facts, answer) else "high", None)
    return found


def _silence_denies(history: History, answer: Answer, decision: str) -> bool:
    """Tell whether silence became a denial."""
    if decision == "deny":
        return True
    series = history.known("review_definitions").get((answer.round["definition_id"],))
    default = (series["default_decision"] or "").lower() == "deny" if series else False
    return (
        decision in ("", "notreviewed", "dontknow") and default and bool(series and series["default_decision_enabled"])
    )


def _reach(facts: Facts, answer: Answer, grants: list[GrantLife]) -> list[GrantLife]:
    """Return the grants of the one who was asked about that reach what was asked about."""
    mine = [g for g in grants if g.principal == answer.decision["principal_id"]]
    groups = inside(answer.target, [g for g in grants if g.kind == "member"])
    holders = {g.principal for g in grants if g.kind == "app_role" and g.resource == answer.target}
    return [
        g
        for g in mine
        if (g.kind in ("member", "eligible_member") and g.resource in groups | holders)
        or (g.kind == "app_role" and g.resource == answer.target)
    ]


def _gone_unseen(facts: Facts, answer: Answer) -> bool:
    """Tell whether all that is known of the access is that a round older than every snapshot asked about it."""
    ended = answer.end or facts.history.now
    return not _assigned(facts, answer) and not _reach(facts, answer, facts.grants) and ended < facts.history.taken(1)


def _assigned(facts: Facts, answer: Answer) -> list[Assignment]:
    """Return the assignments of the one who was asked about to the package that was asked about, now or once."""
    about = (answer.decision["principal_id"], answer.target)
    return [a for a in facts.assignments if (a.principal, a.package) == about and a.life != "scheduled"]


def _held_at_the_end(facts: Facts, answer: Answer) -> bool:
    """Tell whether the access may have been there when the round ended."""
    end = answer.end or facts.history.now
    if answer.of_package:
        mine = _assigned(facts, answer)
        return any(_since_before(a.began, end) and (a.ended is None or a.ended.by > end) for a in mine)
    reach = _reach(facts, answer, facts.grants)
    return any(_since_before(g.began, end) and (g.gone is None or g.gone.by > end) for g in reach)


def _since_before(began: Interval, end: datetime) -> bool:
    """Tell whether something may have begun before an instant, or at it."""
    return began.after is None or began.after < end or began.by <= end


def _held_now(facts: Facts, answer: Answer) -> bool:
    """Tell whether the access is still there."""
    if answer.of_package:
        return any(a.life != "ended" for a in _assigned(facts, answer))
    return bool(_reach(facts, answer, facts.open_grants))
