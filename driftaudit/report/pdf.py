"""The report on paper: a tagged PDF, the same bytes for the same audit."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from driftaudit.audit.audit import Audit
from driftaudit.errors import UsageError
from driftaudit.report import svg
from driftaudit.report.ration import PAPER
from driftaudit.report.render import render, templates
from driftaudit.report.settings import ReportSettings
from driftaudit.report.view import view

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

APT_LINE = "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
_NAMED_AT_MOST = 12


def render_pdf(audit: Audit, settings: ReportSettings) -> bytes:
    """Return the report as a PDF/UA file; it asks the network for nothing and depends on no clock."""
    weasyprint = loaded_weasyprint()
    page = view(audit, settings, PAPER, _NAMED_AT_MOST)
    html = render("quarterly/paper.html.j2", {"view": page, "medium": "paper", "palette": svg.PAPER}, embed_fonts=False)
    with _fixed_time(audit.snapshot.taken_at):
        document = weasyprint.HTML(string=html, base_url=templates().as_uri() + "/", url_fetcher=own_files(templates()))
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=_identifier(audit))


def loaded_weasyprint() -> Any:
    """Return WeasyPrint, or say in one sentence what the system lacks for it."""
    try:
        import weasyprint
    except OSError as error:
        raise UsageError(
            "PDF needs Pango, and this machine has none; the HTML report does not.", f"Run: {APT_LINE}"
        ) from error
    return weasyprint


def own_files(root: Path) -> URLFetcher:
    """Return a fetcher that serves files of the template folder and data: addresses, and refuses all else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class _OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            parts = urlsplit(url)
            if parts.scheme == "file" and not _is_inside(url2pathname(unquote(parts.path)), root):
                raise ValueError(f"not a file of the report: {url}")
            return super().fetch(url, headers)

    return _OwnFiles(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)


def _is_inside(path: str, root: Path) -> bool:
    return Path(path).resolve().is_relative_to(root.resolve())


def _identifier(audit: Audit) -> bytes:
    return f"{audit.snapshot.export_sha256}-{audit.findings_sha256}".encode()


@contextmanager
def _fixed_time(taken_at: datetime) -> Generator[None]:
    """Let the font library, which reads it from the environment, take the snapshot's time for now."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(taken_at.replace(tzinfo=UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
