"""Ten thousand random histories: the queries agree with the oracle on every one."""

from __future__ import annotations

import time

from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure
from tests.oracle.comparing import answers, compared, report
from tests.oracle.packing import pack
from tests.oracle.tally import Tally
from tests.oracle.wanted import WANTED
from tests.queries.runner import empty_database

FIRST, PACKS, HISTORIES, LEAST = 1000, 100, 100, 10
"""No seed of the tests is among these; a pack of 100 costs half as much for each history as one of 50."""


def test_the_oracle_agrees_on_ten_thousand_histories(measured: Measured) -> None:
    tally, differing, reports, before = Tally(), 0, list[str](), time.process_time()
    with empty_database() as database:
        for seed in range(FIRST, FIRST + PACKS):
            told = answers(pack(seed, HISTORIES))
            tally.add(told.tally)
            if found := compared(database, told):
                differing += len(found)
                reports.append(report(database, found))
                print(f"\n{reports[-1]}", flush=True)
    print(f"\n{tally.table(WANTED)}")
    measured(Figure("random histories compared with the oracle", tally.histories, ""))
    measured(Figure("differences", differing, "", 0))
    measured(Figure("processor time", time.process_time() - before, "s"))
    assert not reports, "\n".join(reports)
    missing = tally.missing(LEAST, WANTED)
    assert not missing, f"fewer than {LEAST} histories reach {missing}"
