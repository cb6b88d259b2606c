"""The court: every mutant tried on one history after another until a look sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.mutations import from_cases, from_oracle, from_sample
from tests.mutations.files import Files
from tests.mutations.histories import Past, opened, write_blank
from tests.mutations.juror import Juror, Session, Told
from tests.mutations.mutants import Mutant
from tests.mutations.trial import NEVER_ENDS, NEVER_RUNS, Outcome, Trial

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

WORKERS = 2
FEW = 200
"""So few mutants are tried by each worker on a history of its own; more share one history."""


@dataclass
class Verdict:
    """What became of one mutant so far."""

    mutant: Mutant
    seen_by: str | None = None
    """The look that sees it, or why none needs to; None: it survives."""
    shows_in: set[str] = field(default_factory=set)
    """For a survivor: the queries whose rows it changes in columns at which no test looks."""

    @property
    def survives(self) -> bool:
        """Tell whether no test would notice."""
        return self.seen_by is None

    @property
    def breaks(self) -> bool:
        """Tell whether it is seen because it does not work at all."""
        return self.seen_by in (NEVER_ENDS, NEVER_RUNS)

    def note(self, past: str, outcome: Outcome) -> None:
        """Add what became of it on one more history."""
        broken = outcome.seen_by in (NEVER_ENDS, NEVER_RUNS)
        self.shows_in |= outcome.shows_in
        if outcome.seen_by is not None:
            self.seen_by = outcome.seen_by if broken else f"{past}: {outcome.seen_by}"


@cache
def pasts() -> tuple[Past, ...]:
    """Return every history that tests know, in the same order each time, those first that see most."""
    largest, with_later, *others = from_cases.together()
    return (largest, with_later, *from_oracle.pasts(), *from_sample.pasts(), *others, *from_cases.alone())


def judged(mutants: Sequence[Mutant], chosen: Sequence[int] | None = None) -> Iterator[tuple[list[Verdict], list[str]]]:
    """Yield, after each round, the verdicts so far and the tests that fail anyway."""
    verdicts, wrong = [Verdict(mutant) for mutant in mutants], list[str]()
    waiting = list(range(len(pasts())) if chosen is None else chosen)
    with TemporaryDirectory() as folder:
        blank = Path(folder) / "blank.duckdb"
        write_blank(blank)
        jurors = [Juror(partial(_tried, blank)) for _ in range(WORKERS)]
        while waiting:
            for past, session in _round(jurors, waiting, verdicts):
                wrong += session.wrong
                for number, outcome in session.outcomes.items():
                    verdicts[number].note(pasts()[past].name, outcome)
            yield verdicts, sorted(set(wrong))


def _round(jurors: list[Juror], waiting: list[int], verdicts: list[Verdict]) -> Iterator[tuple[int, Session]]:
    """Try what survived so far: shared out on one history, or all of it on a history for each juror."""
    left = {n: v.mutant for n, v in enumerate(verdicts) if v.survives}
    if len(left) > FEW:
        now = [waiting.pop(0)] * len(jurors)
        shares = [{n: left[n] for n in list(left)[w :: len(jurors)]} for w in range(len(jurors))]
    else:
        now, waiting[:] = waiting[: len(jurors)], waiting[len(jurors) :]
        shares = [left] * len(now)
    with ThreadPoolExecutor(len(jurors)) as pool:
        yield from zip(now, pool.map(Juror.session, jurors, now, shares), strict=True)


def _tried(blank: Path, number: int, mutants: Mapping[int, Mutant]) -> Iterator[Told]:
    """Yield which tests fail anyway on one history, then what becomes of each mutant there."""
    past = pasts()[number]
    with opened(past, blank) as connection:
        trials = list(_trials(connection, past))
        yield tuple(chain.from_iterable(trial.wrong() for trial in trials))
        for number_of_mutant, mutant in mutants.items():
            yield number_of_mutant, _outcome(trials, mutant)


def _trials(connection: Connection, past: Past) -> Iterator[Trial]:
    """Yield a trial for each sitting, on a connection of its own."""
    for sitting in past.sittings:
        own = connection.cursor()
        own.execute("set timezone = 'UTC'")
        yield Trial(own, files(), sitting)


def _outcome(trials: Iterable[Trial], mutant: Mutant) -> Outcome:
    """Return what becomes of a mutant in the sittings of one history."""
    shows_in: set[str] = set()
    for trial in trials:
        if trial.concerns(mutant.file.name):
            outcome = trial.of(mutant.file)
            if outcome.seen_by is not None:
                return outcome
            shows_in |= outcome.shows_in
    return Outcome(None, frozenset(shows_in))


@cache
def files() -> Files:
    """Return the query files, read once in each process."""
    return Files()
