"""Try the mutants of some query files, to find what no test sees: `python -m tests.mutations FILE... [--all]`.

The two histories that hold nearly all cases are enough for a case that was just written; `--all` tries every history.
"""

from __future__ import annotations

import argparse

from tests.mutations.court import Verdict, judged
from tests.mutations.files import Files
from tests.mutations.mutants import mutants
from tests.mutations.survivors import listed

QUICK = (0, 1)


def main() -> None:
    """Print the survivors of the files that are named, those without a reason first."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    asked.add_argument("files", nargs="+", metavar="FILE", help="name of a query file, without .sql")
    asked.add_argument("--all", action="store_true", help="try every history, which takes long")
    told = asked.parse_args()
    known = {file.name: file for file in Files().mutated()}
    every = [mutant for name in told.files for mutant in mutants(known[name])]
    found: list[Verdict] = []
    for found, _ in judged(every, None if told.all else QUICK):
        print(f"{sum(v.survives for v in found)} of {len(every)} are not seen yet", flush=True)
    reasons = listed()
    for verdict in sorted((v for v in found if v.survives), key=lambda v: v.mutant.name in reasons):
        told_in = ", ".join(sorted(verdict.shows_in)) or "nothing"
        print(f"{verdict.mutant.name}\n    {reasons.get(verdict.mutant.name, f'NOT LISTED: changes {told_in}')}")


if __name__ == "__main__":
    main()
