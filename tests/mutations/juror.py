"""Jurors: processes that try mutants one after the other; a mutant over which one dies does not run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe

from tests.mutations.mutants import Mutant
from tests.mutations.trial import NEVER_RUNS, Outcome

Told = tuple[str, ...] | tuple[int, Outcome]
"""The tests that fail anyway, which comes first; then what became of each mutant, by its number."""
Tries = Callable[[int, Mapping[int, Mutant]], Iterator[Told]]


@dataclass(frozen=True, slots=True)
class Session:
    """What came of some mutants on one history."""

    wrong: frozenset[str]
    """Tests that fail with the files as they are, and so convict nothing."""
    outcomes: dict[int, Outcome]
    """What became of the mutants, by their numbers."""


class Juror:
    """One process, started again whenever a mutant has killed it: some divide by zero inside the database."""

    def __init__(self, tries: Tries) -> None:
        """Start the process."""
        self._tries = tries
        self._pipe = self._started()

    def session(self, past: int, mutants: Mapping[int, Mutant]) -> Session:
        """Try mutants on one history."""
        wrong: set[str] = set()
        outcomes: dict[int, Outcome] = {}
        left = dict(mutants)
        while left:
            wrong.update(self._heard(past, left, outcomes))
            left = {number: mutant for number, mutant in left.items() if number not in outcomes}
            if left:
                # The first without an outcome is the one over which the process died.
                outcomes[next(iter(left))] = Outcome(NEVER_RUNS)
                left.pop(next(iter(left)))
                self._pipe = self._started()
        return Session(frozenset(wrong), outcomes)

    def _heard(self, past: int, mutants: dict[int, Mutant], outcomes: dict[int, Outcome]) -> tuple[str, ...]:
        """Note the outcomes as far as the process lives, and return the tests that fail anyway."""
        self._pipe.send((past, mutants))
        try:
            wrong = self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"history {past} cannot be opened") from None
        with suppress(EOFError, ConnectionResetError):
            while (told := self._pipe.recv()) is not None:
                number, outcome = told
                outcomes[number] = outcome
        return wrong

    def _started(self) -> Pipe:
        """Start a process that tries whatever comes through the pipe."""
        spawning = get_context("spawn")
        ours, its = spawning.Pipe()
        spawning.Process(target=_serve, args=(self._tries, its), daemon=True).start()
        # Only if nobody else holds its end does its death end the pipe.
        its.close()
        return ours


def _serve(tries: Tries, pipe: Pipe) -> None:
    """Try what comes through the pipe until nobody is there any more."""
    with suppress(EOFError):
        while True:
            for told in tries(*pipe.recv()):
                pipe.send(told)
            pipe.send(None)
