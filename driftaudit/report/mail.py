"""The report as a mail: a subject that carries the verdict, and page 1 in few words, plain and as HTML."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from driftaudit.audit.audit import Audit
from driftaudit.foreign_text import visible
from driftaudit.report import words
from driftaudit.report.page_one import PageOne, page_one
from driftaudit.report.render import render
from driftaudit.report.settings import ReportSettings
from driftaudit.report.todo import Task
from driftaudit.report.view import DISCLAIMER, shown_organisation

_SUBJECT_LENGTH = 60
_SLUG_LENGTH = 40
_BELOW = "Named below"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a mail is sent, and where its report is."""

    why: str
    """One sentence, or empty where it always comes."""
    attached: tuple[str, ...] = ()
    """Names of the files that come with it."""
    lies_at: tuple[str, ...] = ()
    """Where the report lies that does not come with it."""
    too_large: bool = False
    """It should have come, and is too large for a mail."""


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says."""

    subject: str
    plain: str
    html: str


def mail(audit: Audit, settings: ReportSettings, occasion: Occasion) -> MailText:
    """Return the words of a mail about an audit; names stand in it as the report has them."""
    organisation = shown_organisation(audit, settings)
    values = {
        "organisation": organisation,
        "classification": settings.classification,
        "page": _page(audit, organisation),
        "as_of": words.instant(audit.snapshot.taken_at),
        "day": words.long_date(audit.snapshot.taken_at),
        "occasion": occasion,
        "tool_line": f"{audit.tool}. {DISCLAIMER}",
        "subject": subject(audit, settings),
    }
    plain = render("mail/mail.txt.j2", values, embed_fonts=False)
    html = render("mail/mail.html.j2", values, embed_fonts=False)
    return MailText(values["subject"], re.sub(r"\n{3,}", "\n\n", plain).strip() + "\n", html)


def subject(audit: Audit, settings: ReportSettings) -> str:
    """Return organisation, verdict and day in one line of visible characters."""
    organisation = words.shortened(shown_organisation(audit, settings), _SUBJECT_LENGTH)
    sentence = _page(audit, organisation).verdict.sentence.rstrip(".")
    line = f"{organisation}: {sentence}, as of {words.long_date(audit.snapshot.taken_at)}"
    return visible(" ".join(line.split()))


def file_name(audit: Audit, settings: ReportSettings, form: str) -> str:
    """Return the name under which the report is attached: access-drift-contoso-2026-09-30.pdf."""
    plain = unicodedata.normalize("NFKD", shown_organisation(audit, settings)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_SLUG_LENGTH].strip("-")
    return f"access-drift-{slug}-{audit.snapshot.taken_at:%Y-%m-%d}.{form}".replace("--", "-")


def _page(audit: Audit, organisation: str) -> PageOne:
    """Return page 1, which points to the report where it would point to what is below."""
    page = page_one(audit, organisation)
    return replace(page, todo=tuple(map(_elsewhere, page.todo)))


def _elsewhere(task: Task) -> Task:
    return replace(task, what="Named in the report") if task.what == _BELOW else task
