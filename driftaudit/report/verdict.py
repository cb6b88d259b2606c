"""The verdict: one sentence a manager can act on, and the ground it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from driftaudit.audit.audit import Audit, Finding
from driftaudit.report import words
from driftaudit.report.counts import confirmed, family_of, grants, headline_checks, unconfirmed
from driftaudit.report.unread import collection_words, coverage_number

Mood = Literal["assured", "drifted", "incomplete"]
"""Which band and chip the page wears."""

_READ_ALL = "Everything the checks need was read."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What page 1 says before anything else."""

    mood: Mood
    chip: str
    sentence: str
    ground: str


@dataclass(frozen=True, slots=True)
class _Tally:
    out_of_place: int
    out_of_place_findings: int
    unanswered: int
    lesser: int
    unconfirmed: int


def verdict(audit: Audit) -> Verdict:
    """Return the verdict on an audit; what could not be read never makes it better."""
    tally = _tally(audit)
    if all(check.status == "not_assessed" for check in audit.checks):
        return Verdict("incomplete", "Not assured: nothing read", "We could not look.", _nothing_read(audit))
    if audit.assured:
        return _assured(tally)
    return Verdict("incomplete", "Not assured: incomplete", *_incomplete(audit, tally))


def _tally(audit: Audit) -> _Tally:
    family, found = family_of(audit), confirmed(audit)
    high = [finding for finding in found if finding.severity == "high"]
    drift = [finding for finding in high if family.get(finding.check) != "reviews"]
    return _Tally(
        out_of_place=len(grants(drift)),
        out_of_place_findings=len(drift),
        unanswered=len(high) - len(drift),
        lesser=sum(_is_lesser(finding) for finding in found),
        unconfirmed=len(unconfirmed(audit)),
    )


def _is_lesser(finding: Finding) -> bool:
    return finding.severity in ("medium", "low")


def _assured(tally: _Tally) -> Verdict:
    chip = "Assured with findings"
    if tally.out_of_place:
        ground = f"Everything behind these numbers was read. No current package gives this access.{_ratio(tally)}"
        return Verdict("drifted", chip, _should_not_be_there(tally.out_of_place), ground)
    if tally.unanswered:
        sentence = f"No access is out of place; {_unanswered(tally.unanswered)}"
        return Verdict(
            "drifted", chip, sentence, f"{_READ_ALL} Without an answer nobody has said that access is needed."
        )
    if tally.lesser:
        missing = f"{words.count(tally.lesser, 'safeguard')} {'is' if tally.lesser == 1 else 'are'} missing."
        return Verdict("drifted", chip, f"No access is out of place; {missing}", _READ_ALL)
    ground = f"{_READ_ALL} No access is outside its package, past its end, or against a review."
    return Verdict("assured", "Assured", "All access has a reason today.", ground)


def _incomplete(audit: Audit, tally: _Tally) -> tuple[str, str]:
    higher = f"We could not read everything: the true numbers may be higher{_unknown_numbers(audit)}."
    if tally.out_of_place:
        return f"At least {_lower_first(_should_not_be_there(tally.out_of_place))}", f"{higher}{_ratio(tally)}"
    if tally.unanswered:
        return f"At least {_unanswered(tally.unanswered)}", higher
    if tally.lesser:
        verb = "is" if tally.lesser == 1 else "are"
        return f"At least {_counted(tally.lesser, 'safeguard')} {verb} missing.", higher
    ground = f"{collection_words(audit)} It may hide findings."
    if tally.unconfirmed:
        return f"{words.capitalised(_counted(tally.unconfirmed, 'finding'))} could not be confirmed.", ground
    return "We found nothing, but could not look everywhere.", ground


def _nothing_read(audit: Audit) -> str:
    return f"No check could be assessed. Section{words.NBSP}{coverage_number(audit)} says what was refused and why."


def _should_not_be_there(value: int) -> str:
    return f"{words.capitalised(_counted(value, 'grant'))} should not be there."


def _unanswered(value: int) -> str:
    return f"{_counted(value, 'review')} went unanswered."


def _counted(value: int, noun: str) -> str:
    return f"one{words.NBSP}{noun}" if value == 1 else words.count(value, noun)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _ratio(tally: _Tally) -> str:
    """Say why the sentence and the tiles below it show different numbers."""
    if tally.out_of_place == tally.out_of_place_findings:
        return ""
    make = "grant makes" if tally.out_of_place == 1 else "grants make"
    findings = words.count(tally.out_of_place_findings, "finding")
    return f" The {words.number(tally.out_of_place)}{words.NBSP}{make} {findings}."


def _unknown_numbers(audit: Audit) -> str:
    unknown = sum(check.status == "not_assessed" for check in headline_checks(audit))
    return f", and {words.small_number(unknown)} {'is' if unknown == 1 else 'are'} unknown" if unknown else ""
