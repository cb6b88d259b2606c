"""The `exceptions` command: what is accepted until when, by whom, and whether the file says it properly."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from driftaudit.audit.audit import Audit, Finding
    from driftaudit.audit.exceptions import Entry
    from driftaudit.store.database import Connection

SOON = timedelta(days=30)
SHOWN = 20
_DIGITS = re.compile("[0-9a-f]{12}")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("exceptions")
def command() -> None:
    """List the accepted findings, check the file that accepts them, or accept one more.

    The file is exceptions.toml beside the configuration file, or what [audit] exceptions names.
    An accepted finding stays in every list and is marked; from the day after its end it counts again.
    """


@command.command("list")
@click.option("--at", metavar="N|DATE|INSTANT", help="As of this snapshot, or the newest at or before then.")
@pass_options
def list_exceptions(options: Options, at: str | None) -> None:
    """List the exceptions, each with its status and how many findings it accepts."""
    from rich.console import Console

    from driftaudit.audit.screen import show_exceptions
    from driftaudit.cli._audited import audited
    from driftaudit.store.database import reading

    if options.exceptions is None:
        _tell_none(options)
        return
    with reading(options.db) as connection:
        audit = audited(connection, options, at, exceptions=options.exceptions)
    click.echo(f"{options.exceptions_path} · as of {audit.snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC")
    show_exceptions(audit, Console())


@command.command("check")
@pass_options
def check(options: Options) -> None:
    """Check the file of exceptions line by line.

    It also says what expires within 30 days of the newest snapshot and what accepts nothing.

    \b
    Exit codes: 0 the file is right, 2 it is not; then the file and the line are named.
    """
    from driftaudit.audit.checks import checks
    from driftaudit.audit.exceptions import read_exceptions
    from driftaudit.audit.screen import counted, note
    from driftaudit.cli._audited import audited
    from driftaudit.store.database import reading

    if options.exceptions is None:
        _tell_none(options)
        return
    entries = read_exceptions(options.exceptions, checks(options.config.audit.queries))
    right = f"{options.exceptions}: {counted(len(entries), 'exception')}, no mistakes."
    if not options.db.exists():
        click.echo(right)
        narrator(options)(f"There is no database at {options.db}; what they accept was not looked at.")
        return
    with reading(options.db) as connection:
        audit = audited(connection, options, None, exceptions=options.exceptions)
    _refuse_own(options.exceptions, audit)
    click.echo(right)
    for told in audit.exceptions:
        if said := note(told, audit.snapshot.taken_at.date() + SOON):
            click.echo(f"  line {told.line}: {said}: {visible(told.what)}")


@command.command("add")
@click.argument("finding", metavar="[FINDING]", required=False)
@click.option("--check", "check_id", metavar="CHECK", help="In place of a finding: all of this check that fit ...")
@click.option(
    "--principal", metavar="PATTERN", help="... this id, name or sign-in name; * is any text, ? one character."
)
@click.option(
    "--resource", metavar="PATTERN", help="... this id or name of a resource; every one the finding is about."
)
@click.option("--owner", required=True, help="Who answers for it while it lasts.")
@click.option("--approver", required=True, help="Who approved it; not the person that it is about.")
@click.option("--reason", required=True, help="Why it is accepted, for whoever reads the report.")
@click.option(
    "--expires", required=True, type=_DAY, metavar="DATE", help="Its last day; 365 days after --created at most."
)
@click.option("--created", type=_DAY, metavar="DATE", help="Its first day.  [default: the newest snapshot's]")
@pass_options
def add(options: Options, **given: Any) -> None:
    """Accept one finding more, until a date.

    FINDING is the key of an open finding, as in grant_past_expiry/3f9c1b2a77d0, or its 12 digits;
    in its place, --check with --principal or --resource accepts all that fit a pattern.
    What stands in the file stays as it is; the exception is appended.

    \b
    Example: driftaudit exceptions add grant_past_expiry/3f9c1b2a77d0 --owner "Bo Berg"
               --approver "Dana Ito" --reason "Kept for the merger" --expires 2027-01-31
    """
    from driftaudit.audit.checks import checks
    from driftaudit.audit.exceptions import append
    from driftaudit.audit.screen import subject
    from driftaudit.cli._audited import audited
    from driftaudit.store.database import reading

    known = list(checks(options.config.audit.queries))
    with reading(options.db) as connection:
        day = _newest_day(connection)
        values = _values(given, day)
        if not _DIGITS.fullmatch(values.get("finding", "")):
            _entry(values, day, known)  # an audit may take minutes: what is written wrongly is said before
        accepted = options.exceptions if options.exceptions_path.exists() else None
        audit = audited(connection, options, None, exceptions=accepted)
        new = _entry(_with_key(values, audit), day, known)
        found = _accepted_by(connection, audit, new)
    comment = subject(found[0]) if len(found) == 1 else ""
    line = append(options.exceptions_path, new, comment, known)
    for sentence in _added(f"{options.exceptions_path}, line {line}", new, found, day):
        narrator(options)(sentence)


def _added(place: str, new: Entry, found: Sequence[Finding], day: date) -> Iterator[str]:
    """Yield what a new exception accepts, and from when if not from today."""
    from driftaudit.audit.screen import counted, subject

    yield f"{place}: {counted(len(found), 'finding')} accepted until {new.expires}."
    for finding in found[:SHOWN]:
        already = f" (already {visible(finding.exception)})" if finding.exception else ""
        yield f"  {finding.key}  {subject(finding)}{already}"
    if len(found) > SHOWN:
        yield f"  ... and {len(found) - SHOWN} more: driftaudit audit"
    if new.created > day:
        yield f"It holds from {new.created}; the newest snapshot is of {day}."


def _newest_day(connection: Connection) -> date:
    """Return the day of the newest snapshot, which is today for an exception."""
    from driftaudit.store.database import value
    from driftaudit.store.model import resolve_snapshot

    newest = resolve_snapshot(connection, None)
    return value(connection, "select taken_at from history.snapshots where id = ?", [newest]).date()


def _values(given: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return the fields that the options say; click knows no dates without a time."""
    told = {"check" if name == "check_id" else name: value for name, value in given.items() if value is not None}
    dates = {name: value.date() for name, value in told.items() if isinstance(value, datetime)}
    return {"created": day, **told, **dates}


def _entry(values: Mapping[str, Any], day: date, known: Collection[str]) -> Entry:
    """Return the exception that the options say, checked as the file is."""
    from driftaudit.audit.exceptions import entry

    new = entry(values, _option, known)
    if new.expires < day:
        raise UsageError(f"--expires: {new.expires} is before the newest snapshot, of {day}.", "Name a later day.")
    return new


def _option(name: str) -> str:
    """Return where a field comes from in a call of `add`."""
    return {"": "exceptions add", "finding": "FINDING"}.get(name, f"--{name}")


def _with_key(values: dict[str, Any], audit: Audit) -> dict[str, Any]:
    """Return the fields with the whole key where only its digits were given."""
    digits = values.get("finding", "")
    if not _DIGITS.fullmatch(digits):
        return values
    found = [f.key for f in audit.open_findings if f.key.endswith(f"/{digits}")]
    if not found:
        raise UsageError(f"No finding is open in snapshot {audit.snapshot.id} for {digits}.", "Write the whole key.")
    if len(found) > 1:
        raise UsageError(f"FINDING: {digits} may be {' or '.join(found)}.", "Write the whole key.")
    return {**values, "finding": found[0]}


def _accepted_by(connection: Connection, audit: Audit, new: Entry) -> tuple[Finding, ...]:
    """Return the open findings that an exception is about, or say why it may not accept them."""
    from driftaudit.audit.acceptance import matches
    from driftaudit.audit.exceptions import NEXT_STEP
    from driftaudit.audit.screen import subject

    (matched,) = matches(connection, audit, [new])
    if matched.self_approved:
        own = matched.self_approved[0]
        raise UsageError(
            f"--approver: {new.approver} is the subject of {own.key} ({subject(own)}).", "Somebody else approves it."
        )
    if not matched.findings:
        raise UsageError(f"No finding is open in snapshot {audit.snapshot.id} for {visible(new.what)}.", NEXT_STEP)
    return matched.findings


def _refuse_own(path: Path, audit: Audit) -> None:
    """Refuse an exception for one finding whose subject approved it: it can never accept anything."""
    for told in audit.exceptions:
        if told.what in told.self_approved:
            raise UsageError(
                f"{path}, line {told.line}: {told.approver} approved {told.what} and is its subject.",
                "Somebody else has to approve it.",
            )


def _tell_none(options: Options) -> None:
    """Say that nothing is accepted."""
    narrator(options)(f"There is no file {options.exceptions_path}: nothing is accepted.")
