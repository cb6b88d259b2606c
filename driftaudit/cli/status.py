"""The `status` command: whether a good run happened lately, for whoever watches the job."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from driftaudit.cli._exit import INCOMPLETE
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.delivery.good_runs import Judged

_UNITS = {"d": "days", "h": "hours"}


@click.command("status")
@click.option("--max-age", default="8d", show_default=True, metavar="AGE", help="Days or hours, as in 8d or 36h.")
@pass_options
def command(options: Options, max_age: str) -> int:
    """Say which run was the last good one, and fail if it is too long ago.

    A run is good when no collection failed and the report reached everybody for whom the
    configuration wants it, or nothing was due for them. The age counts by this machine's clock.

    \b
    Example: driftaudit status --max-age 8d
    Exit codes: 0 a good run is recent enough, 4 none is.
    """
    from driftaudit.cli import _clock
    from driftaudit.delivery.good_runs import judged
    from driftaudit.store.database import reading

    since = _clock.local_time().replace(tzinfo=None) - _age(max_age)
    bad: list[Judged] = []
    if not options.db.is_file():
        click.echo(
            f"No good run within {max_age}: there is no database at {options.db}, so there has been none at all."
        )
        return INCOMPLETE
    with reading(options.db) as connection:
        for run in judged(connection, options.config):
            if not run.problems:
                return _found(run, bad, max_age, recent=run.taken_at >= since)
            bad.append(run)
    click.echo(f"No good run within {max_age}: there has been none at all.")
    _print(bad)
    return INCOMPLETE


def _found(run: Judged, newer: list[Judged], max_age: str, *, recent: bool) -> int:
    """Print the newest good run and what was wrong with those after it."""
    which = f"snapshot {run.id}, as of {run.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    partly = f"; {run.partly_read} of its collections were read in part" if run.partly_read else ""
    if recent:
        click.echo(f"The last good run is {which}{partly}.")
    else:
        click.echo(f"No good run within {max_age}: the last one is {which}{partly}.")
    _print(newer)
    return 0 if recent else INCOMPLETE


def _print(runs: list[Judged]) -> None:
    """Print what was wrong with runs, a line each."""
    for run in runs:
        click.echo(visible(f"Snapshot {run.id}, as of {run.taken_at:%Y-%m-%d}: {'; '.join(run.problems)}."))


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([dh])", text.strip())
    if not found:
        raise UsageError(f"{text!r} is no age.", "Write --max-age 8d or --max-age 36h.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
