"""What `doctor` looks at on this machine: disk, certificate and what the PDF needs."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from driftaudit.cli._exit import INCOMPLETE
from driftaudit.errors import DeliveryFailed, DriftauditError, UsageError

if TYPE_CHECKING:
    from driftaudit.cli._options import Options
    from driftaudit.delivery.channels import Channel
    from driftaudit.delivery.letter import Post
    from driftaudit.delivery_settings import Send

State = Literal["ok", "note", "problem"]
ENOUGH = 500_000_000
"""Bytes that an export of a large tenant and the database's working copy easily take."""
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at; the exit code is what a problem costs."""

    what: str
    state: State
    text: str
    code: int = 0


def problem(what: str, error: DriftauditError) -> Sign:
    """Return an error as a sign."""
    return Sign(what, "problem", str(error), error.exit_code)


def disk(options: Options) -> list[Sign]:
    """Return how much is free where exports and the database lie."""
    places = {"Disk, exports": options.config.store.exports, "Disk, database": options.db.parent}
    return [_free(what, path.absolute()) for what, path in places.items()]


def certificate(options: Options, password: str | None, now: datetime) -> list[Sign]:
    """Return when the configured certificate ends, by the service's clock if it told one."""
    from driftaudit.cli._certificate import ends_at

    settings = options.config.sign_in
    if settings.method != "certificate" or settings.certificate is None:
        return []
    try:
        ends = ends_at(settings.certificate, password)
    except UsageError as error:
        return [problem("Certificate", error)]
    told = f"{settings.certificate} ends on {ends:%Y-%m-%d}"
    if ends <= now:
        return [Sign("Certificate", "problem", f"{told}; that is over. Upload a new one to the application.", 5)]
    if ends - now < _SOON:
        return [Sign("Certificate", "note", f"{told}. Upload a new one to the application before.")]
    return [Sign("Certificate", "ok", f"{told}.")]


def pdf(options: Options) -> Sign:
    """Return whether reports can be printed here; a lack is a problem if they are to be."""
    from driftaudit.report.pdf import loaded_weasyprint

    try:
        loaded_weasyprint()
    except UsageError as error:
        wanted = "pdf" in options.config.report.formats
        return Sign("PDF", "problem" if wanted else "note", str(error), INCOMPLETE if wanted else 0)
    return Sign("PDF", "ok", "Pango is there; the fonts come with driftaudit.")


def delivery(options: Options) -> list[Sign]:
    """Return whether a report could leave by each channel, having tried all but that."""
    from driftaudit.delivery.letter import Post
    from driftaudit.delivery.plan import checked

    post = Post(options.config, os.environ, time.sleep)
    try:
        ways = {(send.channel, send.path): (send, by) for send, by in checked(options.config, post)}
    except DriftauditError as error:
        return [problem("Delivery", error)]
    return [_ready(f"Delivery, {send.channel}", by, send, post) for send, by in ways.values()]


def _ready(what: str, by: Channel, send: Send, post: Post) -> Sign:
    try:
        return Sign(what, "ok", by.ready(send, post))
    except DriftauditError as error:
        return Sign(what, "problem", str(error), DeliveryFailed.exit_code)


def _free(what: str, path: Path) -> Sign:
    """Return how much is free on the disk of a path, which need not be there yet."""
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Sign(what, "problem", f"{there} cannot be looked at: {error.strerror}.", UsageError.exit_code)
    told = f"{free / 1e9:,.1f} GB free under {path}"
    if free < ENOUGH:
        return Sign(what, "note", f"{told}; that may be too little. Free some space or move [store] elsewhere.")
    return Sign(what, "ok", f"{told}.")
