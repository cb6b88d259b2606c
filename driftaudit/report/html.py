"""The report on a screen: one file that asks for nothing, with filters, and readable without script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from markupsafe import Markup

from driftaudit.audit.audit import Audit
from driftaudit.foreign_text import visible
from driftaudit.report import svg, words
from driftaudit.report.counts import report_order
from driftaudit.report.facets import facets
from driftaudit.report.groups import Row
from driftaudit.report.ration import SCREEN
from driftaudit.report.render import render, templates
from driftaudit.report.settings import ReportSettings
from driftaudit.report.view import View, view

_NAMED_AT_MOST = 100
_SHOWN = (
    "anchor", "digits", "check", "severity", "state", "state_words", "who", "who_type", "upn",
    "resource", "holds", "since", "reason", "owner", "explain",
)  # fmt: skip
_SIGNS = {"high": "▲ High", "medium": "◆ Medium", "low": "● Low", "info": "○ Info"}


def render_html(audit: Audit, settings: ReportSettings) -> str:
    """Return the report as one HTML file; up to 2,000 findings are plain rows, more are drawn as one scrolls."""
    page = view(audit, settings, SCREEN, _NAMED_AT_MOST)
    rows = tuple(_rows(page))
    check_names = {check.id: check.headline or check.title for check in report_order(audit)}
    script = (templates() / "script" / "report.js").read_text(encoding="utf-8")
    values = {
        "view": page,
        "medium": "screen",
        "palette": svg.SCREEN,
        "facets": facets(rows, check_names),
        "records": _records(rows, check_names) if len(rows) > SCREEN.full else None,
        "script": Markup(script),  # noqa: S704  a file of our own
        "script_hash": _source_hash(script),
        "page_identity": _css_text(f"{page.identity.line}\n{page.identity.tool_line}"),
    }
    return render("quarterly/screen.html.j2", values, embed_fonts=True)


def _rows(page: View) -> Iterator[Row]:
    return (row for groups in page.groups for group in groups for row in group.rows)


def _records(rows: Sequence[Row], check_names: dict[str, str]) -> Markup:
    """Return the rows as JSON that cannot end its script element."""
    made = [_record(row, check_names) for row in rows]
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _record(row: Row, check_names: dict[str, str]) -> dict[str, str]:
    fields = asdict(row)
    record = {name: visible(fields[name]) for name in _SHOWN}
    extra = {"check_name": words.capitalised(check_names[row.check]), "severity_words": _SIGNS[row.severity]}
    return record | extra


def _source_hash(script: str) -> str:
    """Return the name by which the page allows this script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode('ascii')}"


def _css_text(text: str) -> Markup:
    """Write a text as the inside of a CSS string, everything but plain characters as numbers."""
    return Markup(re.sub(r"[^A-Za-z0-9 .,:-]", lambda found: f"\\{ord(found[0]):x} ", text))  # noqa: S704
