"""The report on disk, before anything leaves: HTML stands in where a PDF cannot be made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.cli._options import Options
from driftaudit.errors import DeliveryFailed, UsageError

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.report.settings import ReportSettings


@dataclass
class Written:
    """Where the report lies by format, and which formats this machine cannot make."""

    files: dict[str, Path] = field(default_factory=dict)
    lacking: dict[str, UsageError] = field(default_factory=dict)


def written(options: Options, audit: Audit, forms: Iterable[str]) -> Written:
    """Write the report where reports lie; where a format cannot be made here, HTML is written in its place."""
    report = Written()
    for form in forms:
        try:
            _write(options, audit, form, report)
        except UsageError as error:
            report.lacking[form] = error
    if report.lacking and "html" not in report.files:
        _write(options, audit, "html", report)
    return report


def report_settings(options: Options) -> ReportSettings:
    """Return the words that stand on the report."""
    from driftaudit.report.settings import ReportSettings

    report = options.config.report
    return ReportSettings(organisation=report.organisation, classification=report.classification)


def _write(options: Options, audit: Audit, form: str, report: Written) -> None:
    """Write one format; nothing leaves that does not lie on disk."""
    from driftaudit.cli.report import write

    path = options.config.report.folder.absolute() / f"driftaudit-{audit.snapshot.taken_at:%Y-%m-%d}.{form}"
    try:
        write(audit, report_settings(options), {form: path})
    except OSError as error:
        raise DeliveryFailed(
            f"The report cannot be written to {error.filename or path}: {error.strerror}; nothing was sent.",
            "Check [report] folder and how much is free there; then `driftaudit run` or `send` goes on.",
        ) from None
    report.files[form] = path
