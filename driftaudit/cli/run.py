"""The `run` command: read, load, audit, render and deliver, unattended."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from driftaudit.cli._exit import INCOMPLETE, gravest
from driftaudit.cli._narration import narrator, tell_error
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import DriftauditError, UsageError

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.cli._nightly import Found, Newest


@click.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would be read, rendered and sent to whom; do none of it.")
@pass_options
def command(options: Options, dry_run: bool) -> int:
    """Do everything that a night needs, as the configuration says: read, load, audit, render, deliver.

    A run that comes after one that broke takes up what that left: it goes on reading, loads what
    was not loaded, and sends what was not sent; nobody gets anything twice. It asks nobody anything.
    For 20 hours after a reading whose report did not reach everybody, it delivers that and reads nothing.

    \b
    Example: driftaudit run --dry-run
             driftaudit --config /etc/driftaudit/driftaudit.toml --log-format json run
    Exit codes, the gravest wins: 0 done, 3 findings at or above [audit] fail_on, 4 not everything
    could be read, 7 a report was not delivered, 5 nothing could be read, 6 another run is at it,
    2 the configuration is wrong, 8 another tenant than meant, or a changed file.
    """
    from driftaudit.cli._deadline import in_time
    from driftaudit.cli._disk import told_if_full
    from driftaudit.cli.send import post_of
    from driftaudit.delivery.plan import checked

    _refuse_questions(options)
    # A way that leads nowhere is told before an hour of reading, and not after.
    checked(options.config, post_of(options))
    if dry_run:
        _say(options, _look(options))
        return 0
    full = told_if_full(options.db.absolute().parent, lambda: "Free some space and run it again: it goes on.")
    with full, _alone(options), in_time(options.config.run.deadline_minutes):
        # What another run did until the lock was free must not be done again.
        codes = [*_read(options, _look(options)), *_deliver(options)]
        _forget(options)
        return gravest(codes)


def _look(options: Options) -> Found:
    """Return what earlier runs left to be done."""
    from driftaudit.cli import _clock, _nightly

    return _nightly.look(options.config, options.db, _clock.local_time().replace(tzinfo=None))


def _refuse_questions(options: Options) -> None:
    """Raise UsageError where a person would be asked to sign in and none is there."""
    if options.config.sign_in.method == "device-code" and not sys.stdin.isatty():
        raise UsageError(
            "[sign_in] method is device-code, which asks a person, and nobody is at a terminal.",
            "Choose a method that asks nobody, such as certificate, or run `driftaudit collect` at a terminal.",
        )


@contextmanager
def _alone(options: Options) -> Generator[None]:
    """Keep a second run away while this one lasts; the system lets go of the lock when the process dies."""
    from driftaudit.store.lock import locked

    folder = options.db.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{folder} is no folder.", "Check [store] database.") from None
    with locked(options.db.with_name(options.db.name + ".run.lock"), options.db):
        yield


def _read(options: Options, found: Found) -> list[int]:
    """Load what earlier runs left and read what is to be read; return the exit codes."""
    from driftaudit.cli.collect import read_tenant
    from driftaudit.cli.load import load_export
    from driftaudit.exports import open_export

    # A log says it line by line already, and nobody may stop the night by closing what it is written to.
    shows_table = sys.stdout.isatty()
    tell, codes = narrator(options), list[int]()
    for folder in found.unloaded:
        tell(f"An earlier run read {folder} and did not load it.")
        codes.append(load_export(options, open_export(folder)))
    if found.unfinished is not None:
        tell(f"An earlier run did not finish {found.unfinished}; going on with it.")
        return [*codes, read_tenant(options, resume=found.unfinished, shows_table=shows_table)]
    if found.undelivered is not None:
        tell(f"{_undelivered(found.undelivered)}; going on with that. `driftaudit collect` reads the tenant anew.")
        return [*codes, INCOMPLETE if found.undelivered.incomplete else 0]
    # What was read this night is this night's, whoever loads it.
    return [*codes, read_tenant(options, shows_table=shows_table)] if found.to_read else codes


def _undelivered(newest: Newest) -> str:
    """Say which report has not reached everybody."""
    return (
        f"The report of snapshot {newest.id}, as of {newest.taken_at:%Y-%m-%d %H:%M:%S} UTC, has not reached everybody"
    )


def _deliver(options: Options) -> list[int]:
    """Audit the newest snapshot, render it and deliver it as configured; return the exit codes."""
    from driftaudit.cli.audit import exit_code
    from driftaudit.cli.send import send, with_ledger

    audit, ledger = with_ledger(options, None)
    codes = [exit_code(audit, options.config.audit.fail_on)]
    try:
        if options.config.send:
            send(options, audit, ledger)
        else:
            _render(options, audit)
    except DriftauditError as error:
        # Told here and counted below, so that a graver code of the reading is not lost.
        tell_error(error, options.log_format)
        codes.append(error.exit_code)
    return codes


def _forget(options: Options) -> None:
    """Remove what [retention] does not keep, if it says so."""
    from driftaudit.cli import _prune

    if options.config.retention.automatic and (found := _prune.prunable(options)):
        _prune.prune(options, found)
        narrator(options)(f"Pruned {_prune.counted(found)}, as [retention] says.")


def _render(options: Options, audit: Audit) -> None:
    """Write the report where reports lie; nobody is to get it."""
    from driftaudit.cli._written import written

    report = written(options, audit, options.config.report.formats)
    for path in report.files.values():
        narrator(options)(f"Wrote {path}.")
    for lack in report.lacking.values():
        raise lack


def _say(options: Options, found: Found) -> None:
    """Print what a run would do now."""
    for sentence in (*_would_read(options, found), *_would_deliver(options)):
        click.echo(sentence)


def _would_read(options: Options, found: Found) -> list[str]:
    """Say what would be loaded and read."""
    from driftaudit.collect.order import for_persons, with_dependents
    from driftaudit.collectors import collections

    said = [f"Would load {folder}, which an earlier run read." for folder in found.unloaded]
    if found.unfinished is not None:
        return [*said, f"Would go on with {found.unfinished}, which an earlier run did not finish."]
    if found.undelivered is not None:
        return [*said, f"{_undelivered(found.undelivered)}: would read nothing and deliver that."]
    if not found.to_read:
        return said
    left_out = dict(with_dependents([(name, "") for name in options.config.collect.skip])).keys() | {*for_persons()}
    names = [name for name in sorted(collections()) if name not in left_out]
    return [
        *said,
        f"Would read {len(names)} collections into {options.config.store.exports}: {', '.join(names)}.",
        f"Would leave out: {', '.join(sorted(left_out))}.",
    ]


def _would_deliver(options: Options) -> list[str]:
    """Say what would be rendered, and to whom it would go."""
    where = options.config.report.folder
    if not options.config.send:
        return [
            f"Would write the report as {' and '.join(options.config.report.formats)} into {where}; nobody gets it."
        ]
    ways = [
        f"Would send {' and '.join(way.attach) or 'a summary'} by {way.channel} to "
        f"{', '.join(way.to) or str(way.path or where)}: {way.when}."
        for way in options.config.send
    ]
    return [f"Would write the report into {where}.", *ways]
