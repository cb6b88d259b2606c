"""Delivering: the ledger first, then the channel, then the ledger again, one way after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from driftaudit.audit.audit import Audit
from driftaudit.delivery.letter import Attachment, Letter, Post, Receipt, Receipts, for_all
from driftaudit.delivery.plan import Plan, Planned, Way
from driftaudit.delivery_settings import Send
from driftaudit.errors import DeliveryFailed, DriftauditError
from driftaudit.report.mail import MailText, Occasion, file_name, mail
from driftaudit.report.settings import ReportSettings
from driftaudit.store.deliveries import Delivery, Target, begin, end
from driftaudit.store.disk import is_full
from driftaudit.store.publish import Tell

_SIGN_OF_LIFE = "There was nothing new to report for 30 days. This mail shows that the audit still runs."
_LOOK = "look into the mailbox; `driftaudit send --again` sends it once more"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one recipient."""

    target: Target
    state: Literal["sent", "refused", "unclear", "not_due", "was_sent"]
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Tell whether somebody should look: it did not leave, or nobody knows."""
        return self.state in ("refused", "unclear")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where and when a delivery happens, and what the report says."""

    database: Path
    audit: Audit
    settings: ReportSettings
    post: Post
    clock: Callable[[], datetime]
    """What time it is, in UTC: the date of a mail and of a row in the ledger, and nothing else."""
    tell: Tell
    lacking: Mapping[str, str] = field(default_factory=dict)
    """Formats in which the report could not be made, and what that means for a letter that should carry one."""


def deliver(to_do: Plan, files: Mapping[str, Path], work: Delivered, *, again: bool = False) -> tuple[Outcome, ...]:
    """Let everything leave that is due, and return what came of each recipient; `files` holds the report by format.

    One way that fails does not stop the others. Whoever died between sending and writing leaves the row begun.
    """
    outcomes: list[Outcome] = []
    for way in to_do.ways:
        outcomes += [_not_sent(planned) for planned in way.recipients if planned.decision != "due"]
        if way.due:
            outcomes += _leave(way, to_do.content_sha256, files, work, again)
    _write_down_silence(to_do, work)
    return tuple(outcomes)


def _leave(way: Way, content: str, files: Mapping[str, Path], work: Delivered, again: bool) -> list[Outcome]:
    """Send one letter to all who are due by one way."""
    attachments = tuple(_attachment(work, form, files[form]) for form in way.send.attach if form in files)
    letter = _letter(way, attachments, files, work)
    hashes = " ".join(sha256(attachment.content).hexdigest() for attachment in attachments) or None
    now = _naive(work.clock())
    rows = {
        planned.target: Delivery(planned.target, "begun", planned.why, content, hashes, letter.id, None, now)
        for planned in way.due
    }
    with _told_if_full(work, f"nothing was sent by {way.send.channel}", "run `driftaudit send`"):
        once_more = again or way.channel.REPEATABLE
        free = begin(work.database, list(rows.values()), again=once_more, tell=work.tell)
    others = [
        Outcome(target, "unclear", "another run is sending it, or ended while it was") for target in rows.keys() - free
    ]
    mine = tuple(planned.target for planned in way.due if planned.target in free)
    if not mine:
        return others
    letter = replace(letter, recipients=tuple(target.recipient for target in mine))
    receipts = _receipts(letter, way, work)
    ended = [_ended(rows[target], receipts[target.recipient], _naive(work.clock())) for target in mine]
    with _told_if_full(work, f"what came of sending by {way.send.channel} is not written down", _LOOK):
        end(work.database, ended, tell=work.tell)
    return [
        Outcome(target, receipts[target.recipient].state, receipts[target.recipient].reason) for target in mine
    ] + others


def _receipts(letter: Letter, way: Way, work: Delivered) -> Receipts:
    """Let a letter leave if it is whole; a setting that proves wrong only now refuses it, and nothing is in doubt."""
    lacking = next((work.lacking[form] for form in way.send.attach if form in work.lacking), None)
    if lacking is not None:
        return for_all(letter, Receipt("refused", lacking))
    try:
        return way.channel.deliver(letter, way.send, work.post)
    except DriftauditError as error:
        return for_all(letter, Receipt("refused", error.happened.rstrip(".")))


@contextmanager
def _told_if_full(work: Delivered, follows: str, next_step: str) -> Generator[None]:
    """Raise DeliveryFailed where the ledger cannot be written because the disk is full."""
    try:
        yield
    except DriftauditError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        where = work.database.absolute().parent
        raise DeliveryFailed(
            f"The disk that holds {where} is full: {follows}.", f"Free some space, then {next_step}."
        ) from None


def _ended(row: Delivery, receipt: Receipt, now: datetime) -> Delivery:
    """Return a row with what came of it; what is unclear stays begun."""
    if receipt.state == "unclear":
        return replace(row, reason=receipt.reason)
    return replace(row, state=receipt.state, reason=receipt.reason, ended_at=now)


def _letter(way: Way, attachments: tuple[Attachment, ...], files: Mapping[str, Path], work: Delivered) -> Letter:
    names = tuple(attachment.name for attachment in attachments)
    places = tuple(attachment.path for attachment in attachments) or tuple(str(path) for path in files.values())
    why = _why(way.due[0], way.send)

    def words(with_attachments: bool) -> MailText:
        if with_attachments and names:
            return mail(work.audit, work.settings, Occasion(why, attached=names))
        return mail(work.audit, work.settings, Occasion(why, lies_at=places, too_large=bool(names)))

    recipients = tuple(planned.target.recipient for planned in way.due)
    return Letter(_id(way.send, way.due, work), recipients, attachments, words, work.clock())


def _why(planned: Planned, send: Send) -> str:
    """Return why the mail comes, as its reader is told; one that always comes, or is the first, needs no reason."""
    if planned.why == "still_alive":
        return _SIGN_OF_LIFE
    if planned.why == "threshold":
        return f"You get this because a finding of severity {send.threshold} or above stands open."
    if planned.why == "changed" and "since" in planned.sentence:
        return f"You get this because {planned.sentence}."
    return ""


def _id(send: Send, due: tuple[Planned, ...], work: Delivered) -> str:
    """Return an id that the same letter gets again and no other one has."""
    snapshot = work.audit.snapshot
    parts = [work.audit.tenant.id, f"{snapshot.taken_at:%Y-%m-%dT%H:%M:%S}", snapshot.export_sha256 or "", send.channel]
    parts += [f"{planned.target.recipient} {planned.attempt}" for planned in due]
    domain = work.post.config.mail.sender.rpartition("@")[2] or "driftaudit.invalid"
    return f"<{sha256(chr(10).join(parts).encode()).hexdigest()[:32]}@{domain}>"


def _attachment(work: Delivered, form: str, path: Path) -> Attachment:
    return Attachment(file_name(work.audit, work.settings, form), form, str(path.absolute()), path.read_bytes())


def _not_sent(planned: Planned) -> Outcome:
    """Return the outcome for somebody who gets nothing now."""
    state = {"not_due": "not_due", "sent": "was_sent", "begun": "unclear"}[planned.decision]
    return Outcome(planned.target, state, planned.sentence)


def _write_down_silence(to_do: Plan, work: Delivered) -> None:
    """Write down for whom there was nothing to send, so that silence can be told from a run that died."""
    silent = [
        Delivery(planned.target, "not_due", "", to_do.content_sha256, reason=planned.sentence)
        for planned in to_do.silent
    ]
    if silent:
        with _told_if_full(work, "it is not written down for whom nothing was due", "run `driftaudit send`"):
            end(work.database, silent, tell=work.tell)


def _naive(instant: datetime) -> datetime:
    """Return an instant in UTC as the database keeps it."""
    return instant.replace(tzinfo=None)
