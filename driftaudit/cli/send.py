"""The `send` command: deliver the report of a snapshot to whom the configuration names."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import DeliveryFailed, UsageError
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.delivery.deliver import Outcome
    from driftaudit.delivery.letter import Post
    from driftaudit.delivery.plan import Plan
    from driftaudit.store.deliveries import Delivery

_NAMED = 3


@click.command("send")
@click.option("--at", metavar="N|DATE|INSTANT", help="Send the report of this snapshot, or the newest by then.")
@click.option("--dry-run", is_flag=True, help="Show who would get what, and who would not and why; send nothing.")
@click.option("--again", is_flag=True, help="Send once more what an earlier run began to send and never confirmed.")
@pass_options
def command(options: Options, at: str | None, dry_run: bool, again: bool) -> None:
    """Deliver the report of the newest snapshot by every [[send]] of the configuration.

    The report is rendered into [report] folder and stays there. Nobody gets anything twice
    for one snapshot and channel; the view `deliveries` shows what was sent to whom.

    \b
    Example: driftaudit send --dry-run
    Exit codes: 0 done, 7 something was not delivered, or nobody knows; the report lies on disk.
    """
    if not options.config.send:
        raise UsageError(
            "The configuration does not say to whom.", "Write a [[send]] into driftaudit.toml, as README shows."
        )
    audit, ledger = with_ledger(options, at)
    if dry_run:
        _show(_plan(options, audit, ledger, again))
    else:
        send(options, audit, ledger, again=again)


def send(options: Options, audit: Audit, ledger: Sequence[Delivery], *, again: bool = False) -> None:
    """Render what is due, deliver it and tell what came of it; raise DeliveryFailed if anything did not arrive."""
    from driftaudit.cli import _clock
    from driftaudit.cli._written import report_settings, written
    from driftaudit.delivery.deliver import Delivered, deliver

    tell = narrator(options)
    to_do = _plan(options, audit, ledger, again)
    for target in to_do.doubtful:
        tell(
            f"Whether a report as of {target.period:%Y-%m-%d} left by {target.channel} is unknown; the run ended "
            f"while it was sending. `driftaudit send --at {target.period:%Y-%m-%d} --again` sends it once more."
        )
    report = written(options, audit, to_do.formats(options.config.report.formats))
    for lack in report.lacking.values():
        tell(f"{lack} What should carry it is not sent.")
    lacking = {form: f"not sent without its {form.upper()}, which cannot be made here" for form in report.lacking}
    work = Delivered(options.db, audit, report_settings(options), post_of(options), _clock.local_time, tell, lacking)
    outcomes = deliver(to_do, report.files, work, again=again)
    _tell(options, outcomes, list(report.files.values()), f"{audit.snapshot.taken_at:%Y-%m-%d}")


def with_ledger(options: Options, at: str | None) -> tuple[Audit, tuple[Delivery, ...]]:
    """Return the audit of the snapshot and the ledger; every connection is closed again."""
    from driftaudit.cli._audited import audited
    from driftaudit.store.database import reading
    from driftaudit.store.deliveries import deliveries_of

    with reading(options.db) as connection:
        return audited(connection, options, at, exceptions=options.exceptions), deliveries_of(connection)


def _plan(options: Options, audit: Audit, ledger: Sequence[Delivery], again: bool) -> Plan:
    from driftaudit.delivery.plan import plan

    return plan(audit, post_of(options), ledger, again=again)


def post_of(options: Options) -> Post:
    """Return what the channels need beside the letter."""
    from driftaudit.delivery.letter import Post

    return Post(options.config, os.environ, time.sleep)


def _show(to_do: Plan) -> None:
    """Print a line per recipient: what would happen and why."""
    for way in to_do.ways:
        for planned in way.recipients:
            what = " and ".join(way.send.attach) or "a summary"
            decided = f"gets {what}" if planned.decision == "due" else "gets nothing"
            click.echo(visible(f"{planned.target.channel} {planned.target.recipient} {decided}: {planned.sentence}"))


def _tell(options: Options, outcomes: Sequence[Outcome], files: Sequence[Path], day: str) -> None:
    """Tell in numbers what left, and raise DeliveryFailed with names for what did not."""
    tell = narrator(options)
    sent = [outcome for outcome in outcomes if outcome.state == "sent"]
    quiet = [outcome for outcome in outcomes if outcome.state in ("not_due", "was_sent")]
    for path in files:
        tell(f"Wrote {path}.")
    if sent:
        left = Counter(outcome.target.channel for outcome in sent)
        tell(f"Sent the report as of {day}: {', '.join(f'{many:,} by {channel}' for channel, many in left.items())}.")
    for note in sorted({outcome.reason for outcome in sent if outcome.reason and "summary" in outcome.reason}):
        tell(f"It was {note}.")
    for line in dict.fromkeys(f"Nothing to send by {o.target.channel}: {o.reason}." for o in quiet):
        tell(line)
    _refuse(outcomes, files, options.config.report.folder.absolute())


def _refuse(outcomes: Sequence[Outcome], files: Sequence[Path], folder: Path) -> None:
    """Raise DeliveryFailed if anything did not arrive, or nobody knows."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    if not failed:
        return
    named = "; ".join(visible(f"{outcome.target.recipient}: {outcome.reason}") for outcome in failed[:_NAMED])
    more = f"; and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    step = (
        "Look into the mailbox; `driftaudit send --again` sends it once more"
        if all(outcome.state == "unclear" for outcome in failed)
        else "Repair that and run `driftaudit send` again: nobody gets it twice"
    )
    where = " and ".join(map(str, files)) or str(folder)
    raise DeliveryFailed(f"The report was not delivered to all ({named}{more}).", f"{step}. It lies in {where}.")
