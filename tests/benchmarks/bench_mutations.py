"""Mutations: each clause of each query dropped in turn makes a test fail, or is listed with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from tests.mutations.court import Verdict, judged
from tests.mutations.files import Files
from tests.mutations.mutants import mutants
from tests.mutations.survivors import listed, outdated, unlisted


def test_every_clause_is_needed_by_a_test() -> None:
    every = [mutant for file in Files().mutated() for mutant in mutants(file)]
    found, wrong = list[Verdict](), list[str]()
    for sitting in judged(every):
        found, wrong = sitting
        print(f"{sum(v.survives for v in found)} of {len(found)} mutants are not seen yet", flush=True)
    reasons = listed()
    print(f"\n{table(found)}\n\n{survivors(found, reasons)}")
    assert wrong == [], "these tests fail before anything is dropped"
    assert [v.mutant.name for v in unlisted(found, reasons)] == [], "these can be dropped and no test fails"
    assert outdated(found, reasons) == [], "these are listed as survivors and are none"


def table(found: Iterable[Verdict]) -> str:
    """Return the figures of each file as lines for a terminal."""
    by_file: dict[str, list[Verdict]] = {}
    for verdict in found:
        by_file.setdefault(verdict.mutant.file.name, []).append(verdict)
    by_file["all"] = [v for of_file in list(by_file.values()) for v in of_file]
    lines = [f"{'':36}{'mutants':>9}{'killed':>9}{'of these broken':>17}{'survive':>9}"]
    for name, told in by_file.items():
        survive, broken = sum(v.survives for v in told), sum(v.breaks for v in told)
        lines.append(f"{name:36}{len(told):>9}{len(told) - survive:>9}{broken:>17}{survive:>9}")
    return "\n".join(lines)


def survivors(found: Iterable[Verdict], reasons: dict[str, str]) -> str:
    """Return the survivors, each with its reason, or where its rows differ unseen."""
    lines = []
    for verdict in filter(lambda v: v.survives, found):
        shown = f"changes {', '.join(sorted(verdict.shows_in)) or 'nothing'}, and no test looks there"
        lines += [verdict.mutant.name, f"    {reasons.get(verdict.mutant.name, f'NOT LISTED: {shown}')}"]
    return "\n".join(lines)
