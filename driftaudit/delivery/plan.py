"""Who gets the report of an audit, and why or why not: decided from the settings and the ledger, by snapshots' time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from driftaudit.audit.audit import SEVERITIES, Audit, Severity
from driftaudit.config import Config
from driftaudit.delivery.channels import Channel, channel
from driftaudit.delivery.letter import Post
from driftaudit.delivery_settings import Send
from driftaudit.report import words
from driftaudit.store.deliveries import Delivery, Target

SILENT_AT_MOST = timedelta(days=30)
"""After so long without a report, one is sent as a sign of life."""
Why = Literal["always", "changed", "threshold", "still_alive"]
Decision = Literal["due", "not_due", "sent", "begun"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One recipient of one way, and what is to happen."""

    target: Target
    decision: Decision
    why: str
    """A word of Why where it is due, else empty."""
    sentence: str
    """The decision in words."""
    attempt: int = 1
    """Which time this is: a repetition is a letter of its own."""


@dataclass(frozen=True, slots=True)
class Way:
    """One `[[send]]` with its channel and its recipients."""

    send: Send
    channel: Channel
    recipients: tuple[Planned, ...]

    @property
    def due(self) -> tuple[Planned, ...]:
        """Return who gets a letter now."""
        return tuple(planned for planned in self.recipients if planned.decision == "due")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to leave, and what the ledger leaves open."""

    content_sha256: str
    ways: tuple[Way, ...]
    silent: tuple[Planned, ...]
    """For whom there is nothing to send by any way, where the ledger does not say so yet."""
    doubtful: tuple[Target, ...]
    """Letters about earlier snapshots that were begun, never ended, and followed by none that was sent."""

    def formats(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Return in which formats the report is needed: those attached, or the usual ones where none is."""
        attached = {form for way in self.ways if way.due for form in way.send.attach}
        return tuple(sorted(attached or {*usual})) if any(way.due for way in self.ways) else ()


def checked(config: Config, post: Post) -> tuple[tuple[Send, Channel], ...]:
    """Return every way with its channel; raise UsageError for one by which nothing could leave."""
    found = tuple((send, channel(send, config)) for send in config.send)
    for send, by in found:
        by.check(send, post)
    return found


def plan(audit: Audit, post: Post, ledger: Iterable[Delivery], *, again: bool = False) -> Plan:
    """Return what is to leave; nothing is due twice for one recipient, channel and snapshot."""
    known, content = tuple(ledger), content_sha256(audit)
    ways: list[Way] = []
    served: set[Target] = set()
    for send, by in checked(post.config, post):
        found = []
        for to in by.recipients(send):
            target = Target(audit.snapshot.taken_at, send.channel, to)
            planned = _planned(audit, send, target, known, content, again or by.REPEATABLE)
            if target in served:
                planned = Planned(target, "sent", "", "gets it by an earlier [[send]]")
            if planned.decision != "not_due":
                served.add(target)
            found.append(planned)
        ways.append(Way(send, by, tuple(found)))
    everybody = {planned.target: planned for way in ways for planned in way.recipients}
    told = {delivery.target for delivery in known if delivery.state == "not_due"}
    silent = tuple(planned for target, planned in everybody.items() if target not in served | told)
    return Plan(content, tuple(ways), silent, _doubtful(known, set(everybody)))


def content_sha256(audit: Audit) -> str:
    """Return a hash of what a report would say: what stands open or is accepted, and what could be assessed."""
    found = sorted([f.key, f.severity, f.exception is not None] for f in audit.open_findings)
    looked = sorted([check.id, check.status] for check in audit.checks)
    return sha256(json.dumps([audit.assured, looked, found]).encode()).hexdigest()


def _planned(
    audit: Audit, send: Send, target: Target, known: tuple[Delivery, ...], content: str, again: bool
) -> Planned:
    there = next((delivery for delivery in known if delivery.target == target), None)
    if there and there.state == "sent":
        return Planned(target, "sent", "", "it was sent already")
    if there and there.state == "begun" and not again:
        return Planned(target, "begun", "", "it may have been sent, or not: an earlier run ended while it was sending")
    sent = [
        delivery
        for delivery in known
        if delivery.state == "sent" and _line(delivery.target) == _line(target) and _earlier(delivery, target)
    ]
    last = max(sent, key=lambda delivery: delivery.target.period, default=None)
    if there and there.state == "begun":
        return Planned(target, "due", there.why, "it is sent again: nobody knows whether it left", 2)
    why, sentence = _reason(audit, send, last, content)
    return Planned(target, "due" if why else "not_due", why, sentence)


def _reason(audit: Audit, send: Send, last: Delivery | None, content: str) -> tuple[Why | Literal[""], str]:
    """Return why a report is due, or an empty word and why it is not."""
    if send.when == "always":
        return "always", "always"
    if send.when == "changed" and (last is None or last.content_sha256 != content):
        since = f"since the report of {_day(last)}" if last else "nothing was sent before"
        return "changed", f"something changed {since}" if last else since
    if send.when == "threshold" and _reaches(audit, send.threshold):
        return "threshold", f"a finding of severity {send.threshold} or above stands open"
    if last is None or audit.snapshot.taken_at - last.target.period >= SILENT_AT_MOST:
        return "still_alive", f"a sign of life: nothing was sent for {SILENT_AT_MOST.days} days"
    nothing = "nothing changed" if send.when == "changed" else f"no finding reaches {send.threshold}"
    return "", f"{nothing}; the last report was of {_day(last)}"


def _reaches(audit: Audit, threshold: Severity) -> bool:
    counted = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    return any(f.severity in counted and f.exception is None for f in audit.open_findings)


def _doubtful(known: tuple[Delivery, ...], wanted: set[Target]) -> tuple[Target, ...]:
    """Return letters to today's recipients that were begun before and that no sent one has followed."""
    newest: dict[tuple[str, str], datetime] = {}
    for delivery in known:
        if delivery.state == "sent":
            line = _line(delivery.target)
            newest[line] = max(newest.get(line, delivery.target.period), delivery.target.period)
    lines = {_line(target): target for target in wanted}
    return tuple(
        delivery.target
        for delivery in known
        if delivery.state == "begun"
        and (target := lines.get(_line(delivery.target)))
        and _earlier(delivery, target)
        and newest.get(_line(delivery.target), datetime.min) < delivery.target.period
    )


def _line(target: Target) -> tuple[str, str]:
    return target.channel, target.recipient


def _earlier(delivery: Delivery, target: Target) -> bool:
    return delivery.target.period < target.period


def _day(delivery: Delivery) -> str:
    return words.long_date(delivery.target.period)
