"""The verdict: one sentence a manager can act on, and the ground it stands on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from driftaudit.audit.audit import Audit, Finding
from driftaudit.report import words
from driftaudit.report.counts import (
    accepted,
    family_of,
    grants,
    headline_checks,
    is_confirmed,
    names_grants,
    report_order,
    unconfirmed,
    wanting,
)
from driftaudit.report.unread import collection_words, coverage_number

Mood = Literal["assured", "drifted", "incomplete"]
"""Which band and chip the page wears."""

_READ_ALL = "Everything the checks need was read."
_OF_PEOPLE = {
    "leaver_with_access": ("leaver still holds access", "leavers still hold access"),
    "incompatible_packages_held": (
        "person holds packages that exclude each other",
        "people hold packages that exclude each other",
    ),
    "app_open_to_everyone": ("application is open to everybody", "applications are open to everybody"),
}
"""What is said of findings that are about a person, or a thing, as a whole."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What page 1 says before anything else."""

    mood: Mood
    chip: str
    sentence: str
    ground: str
    brief: str
    """The ground in fewer words, where page 1 has no room."""


@dataclass(frozen=True, slots=True)
class _Tally:
    out_of_place: int
    out_of_place_findings: int
    refused: bool
    """Some of it was refused in a review."""
    people: tuple[str, ...]
    """Half sentences on what people should not hold: `3 leavers still hold access`."""
    unanswered: int
    lesser: int
    accepted: int
    unconfirmed: int


def verdict(audit: Audit) -> Verdict:
    """Return the verdict on an audit; what could not be read never makes it better."""
    tally = _tally(audit)
    if all(check.status == "not_assessed" for check in audit.checks):
        ground = _nothing_read(audit)
        return Verdict("incomplete", "Not assured: nothing read", "We could not look.", ground, ground)
    if audit.assured:
        return _assured(tally)
    return Verdict("incomplete", "Not assured: incomplete", *_incomplete(audit, tally))


def _tally(audit: Audit) -> _Tally:
    family, found = family_of(audit), wanting(audit)
    high: dict[str, list[Finding]] = {"grants": [], "people": [], "silence": []}
    for finding in found:
        if finding.severity == "high":
            high[_subject(finding, family)].append(finding)
    return _Tally(
        out_of_place=len(grants(high["grants"])),
        out_of_place_findings=len(high["grants"]),
        refused=any(map(_is_refusal, high["grants"])),
        people=_people(audit, high["people"]),
        unanswered=len(high["silence"]),
        lesser=sum(finding.severity in ("medium", "low") for finding in found),
        accepted=sum(map(is_confirmed, accepted(audit))),
        unconfirmed=len(unconfirmed(audit)),
    )


def _subject(finding: Finding, family: dict[str, str]) -> Literal["grants", "people", "silence"]:
    """Say what a finding is about: grants, a person as a whole, or a review in which nobody spoke."""
    if _is_refusal(finding):
        return "grants"
    if family.get(finding.check) == "reviews":
        return "silence"
    return "grants" if names_grants(finding) else "people"


def _is_refusal(finding: Finding) -> bool:
    """Tell whether a reviewer refused the access, where the other findings on reviews say that nobody answered."""
    return finding.check == "review_denied_access_present"


def _people(audit: Audit, findings: list[Finding]) -> tuple[str, ...]:
    by_check: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_check[finding.check].append(finding)
    said = []
    for check in report_order(audit):
        if found := by_check.get(check.id):
            nouns = _OF_PEOPLE.get(check.id, ("grave finding stands", "grave findings stand"))
            amount = (
                len({one.principal_id or one.resource_id for one in found}) if check.id in _OF_PEOPLE else len(found)
            )
            said.append(_counted(amount, *nouns))
    return tuple(said)


def _assured(tally: _Tally) -> Verdict:
    chip = "Assured with findings"
    if tally.out_of_place:
        because = f"No current package gives this access{', or a reviewer refused it' if tally.refused else ''}."
        ground = f"Everything behind these numbers was read. {because}{_ratio(tally)}"
        return Verdict("drifted", chip, _should_not_be_there(tally.out_of_place), ground, because)
    if tally.people:
        also = f" Also, {words.listing(tally.people[1:])}." if len(tally.people) > 1 else ""
        return Verdict("drifted", chip, f"{words.capitalised(tally.people[0])}.", f"{_READ_ALL}{also}", _READ_ALL)
    if tally.unanswered:
        sentence = f"No access is out of place; {_unanswered(tally.unanswered)}"
        ground = f"{_READ_ALL} Without an answer nobody has said that access is needed."
        return Verdict("drifted", chip, sentence, ground, _READ_ALL)
    if tally.lesser:
        missing = f"{words.count(tally.lesser, 'safeguard')} {'is' if tally.lesser == 1 else 'are'} missing."
        return Verdict("drifted", chip, f"No access is out of place; {missing}", _READ_ALL, _READ_ALL)
    return _clean(tally)


def _clean(tally: _Tally) -> Verdict:
    if tally.accepted:
        verb = "is" if tally.accepted == 1 else "are"
        ground = f"{_READ_ALL} {words.capitalised(_counted(tally.accepted, 'finding'))} {verb} accepted for now."
        return Verdict("assured", "Assured", "All access has a reason, or is accepted.", ground, ground)
    ground = f"{_READ_ALL} No access is outside its package, past its end, or against a review."
    return Verdict("assured", "Assured", "All access has a reason today.", ground, _READ_ALL)


def _incomplete(audit: Audit, tally: _Tally) -> tuple[str, str, str]:
    brief = f"The true numbers may be higher{_unknown_numbers(audit)}."
    higher = f"We could not read everything: {_lower_first(brief)}"
    if tally.out_of_place:
        sentence = f"At least {_lower_first(_should_not_be_there(tally.out_of_place))}"
        return sentence, f"{higher}{_ratio(tally)}", brief
    if tally.people:
        return f"At least {tally.people[0]}.", higher, brief
    if tally.unanswered:
        return f"At least {_unanswered(tally.unanswered)}", higher, brief
    if tally.lesser:
        verb = "is" if tally.lesser == 1 else "are"
        return f"At least {_counted(tally.lesser, 'safeguard')} {verb} missing.", higher, brief
    ground = f"{collection_words(audit)} It may hide findings."
    if tally.unconfirmed:
        return f"{words.capitalised(_counted(tally.unconfirmed, 'finding'))} could not be confirmed.", ground, ground
    found = "nothing that is not accepted" if tally.accepted else "nothing"
    return f"We found {found}, but could not look everywhere.", ground, ground


def _nothing_read(audit: Audit) -> str:
    return f"No check could be assessed. Section{words.NBSP}{coverage_number(audit)} says what was refused and why."


def _should_not_be_there(value: int) -> str:
    return f"{words.capitalised(_counted(value, 'grant'))} should not be there."


def _unanswered(value: int) -> str:
    return f"{_counted(value, 'review')} went unanswered."


def _counted(value: int, singular: str, plural: str | None = None) -> str:
    return f"one{words.NBSP}{singular}" if value == 1 else words.count(value, singular, plural)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _ratio(tally: _Tally) -> str:
    """Say why the sentence and the numbers below it differ."""
    if tally.out_of_place == tally.out_of_place_findings:
        return ""
    make = "grant makes" if tally.out_of_place == 1 else "grants make"
    findings = words.count(tally.out_of_place_findings, "finding")
    return f" The {words.number(tally.out_of_place)}{words.NBSP}{make} {findings}."


def _unknown_numbers(audit: Audit) -> str:
    unknown = sum(check.status == "not_assessed" for check in headline_checks(audit))
    return f", and {words.small_number(unknown)} {'is' if unknown == 1 else 'are'} unknown" if unknown else ""
