"""The page model: everything the templates print, counted and worded."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.audit.audit import Audit
from driftaudit.report import words
from driftaudit.report.change import Change, change
from driftaudit.report.contents import Part, contents
from driftaudit.report.coverage import CoveragePage, coverage
from driftaudit.report.evidence import EvidencePage, evidence
from driftaudit.report.groups import Group
from driftaudit.report.measures import TITLE, MeasuresPage, measures
from driftaudit.report.page_one import PageOne, page_one
from driftaudit.report.ration import Ration
from driftaudit.report.sections import CheckPage, all_groups, check_pages
from driftaudit.report.settings import ReportSettings
from driftaudit.report.unread import coverage_number

DISCLAIMER = "Independent project, not affiliated with or endorsed by Microsoft."
DEMO = "Demo: invented data"
_ORGANISATION_LENGTH = 64
_CLASSIFICATION_LENGTH = 40
_MASTHEAD_WORDS = 6
_CLASSIFICATION_WORDS = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands on every page: which snapshot, of whom, from which bytes, made by what."""

    line: str
    tool_line: str
    short: str


@dataclass(frozen=True, slots=True)
class View:
    """The whole report before it becomes HTML."""

    title: str
    organisation: str
    classification: str
    identity: Identity
    page_one: PageOne
    change: Change
    checks: tuple[CheckPage, ...]
    contents: tuple[Part, ...]
    measures: MeasuresPage | None
    grace_hours: int
    coverage: CoveragePage
    coverage_number: int
    evidence: EvidencePage
    taken_at: str
    groups: tuple[tuple[Group, ...], ...]
    """Every finding that stands, also those that the tables leave out."""


def view(audit: Audit, settings: ReportSettings, ration: Ration, list_limit: int) -> View:
    """Return the page model of an audit for a medium that can carry so many rows."""
    groups = all_groups(audit)
    title = f"Access-drift report, {words.quarter(audit.snapshot.taken_at)}"
    organisation = shown_organisation(audit, settings)
    classification = (
        DEMO
        if settings.demo
        else words.shortened(settings.classification, _CLASSIFICATION_LENGTH, _CLASSIFICATION_WORDS)
    )
    pages = check_pages(audit, groups, ration, first_number=2)
    changed = change(audit, list_limit)
    return View(
        title=title,
        organisation=organisation,
        classification=classification,
        identity=_identity(audit),
        page_one=page_one(audit, f"{organisation} {classification} {title}"),
        change=changed,
        checks=pages,
        contents=contents(pages, _others(audit, changed.title)),
        measures=measures(audit),
        grace_hours=int(audit.parameters.get("grace_hours") or 0),
        coverage=coverage(audit),
        coverage_number=coverage_number(audit),
        evidence=evidence(audit),
        taken_at=f"{audit.snapshot.taken_at:%Y-%m-%dT%H:%M:%SZ}",
        groups=tuple(tuple(found) for found in groups),
    )


def shown_organisation(audit: Audit, settings: ReportSettings) -> str:
    """Return the name of the organisation as every page has it."""
    return words.shortened(settings.organisation or audit.tenant.name, _ORGANISATION_LENGTH, _MASTHEAD_WORDS)


def _others(audit: Audit, changed: str) -> list[tuple[int, str, str]]:
    """Return the sections that are about no check: number, title and anchor."""
    last = coverage_number(audit)
    measured = [(last - 1, TITLE, "measures")] if audit.metrics else []
    rest = [(last, "What was read", "coverage"), (last + 1, "The proof and the method", "evidence")]
    return [(1, changed, "changed"), *measured, *rest]


def _identity(audit: Audit) -> Identity:
    digest = audit.snapshot.export_sha256 or ""
    which = (f"Snapshot {audit.snapshot.id}", f"as of {words.instant(audit.snapshot.taken_at)}")
    whose = (f"tenant {audit.tenant.id[:8]}", f"export {words.short_hash(digest)}")
    return Identity(
        line="  ·  ".join((*which, *whose)),
        tool_line=f"{audit.tool}. {DISCLAIMER}",
        short=", ".join((*which, f"export {digest[:8] or 'none'}")),
    )
