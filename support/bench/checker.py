"""Time and memory of the checker: a million records through every check of a delivery."""

from __future__ import annotations

import tempfile
import tracemalloc
from pathlib import Path

import numpy as np

from support import clock
from support.bench.figures import Goal
from support.checks.delivery import check_delivery
from support.errors import Inconclusive
from support.record.archive import read_history, write_history
from support.record.attempts import COLUMNS, Attempts, Outcome
from support.record.history import History, LogRead
from support.record.observed import Observations
from support.record.sessions import Assignment, Commit, CommitOutcome, GroupRead, Session
from support.results.schema import GREEN

PARTITIONS = 3


def goals(records: int) -> list[Goal]:
    """Checks a history from disk, as `python -m support.checks` does.

    Seconds are measured without tracing. Memory is the peak of all allocations, those of reading
    the history included. Raises Inconclusive when a check finds something.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_history(clean_history(records), folder)
        history = read_history(folder)
        began = clock.now_ns()
        checks = check_delivery(history)
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        found = [check.name for check in checks if check.verdict not in GREEN]
        if found:
            raise Inconclusive("The checker found something in a clean history.", seen=str(found))
        del history, checks
        tracemalloc.start()
        check_delivery(read_history(folder))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    what = f"{records:,} records through every check"
    return [
        Goal(f"{what}: time", seconds, "s", 1.0),
        Goal(f"{what}: memory", peak / 1e6, "MB", 100.0),
    ]


def clean_history(records: int) -> History:
    """Returns a history without any fault: all acknowledged, stored, delivered and committed."""
    ids = np.arange(records, dtype=np.int64)
    arrays = {name: np.zeros(records, code) for name, code in COLUMNS.items()}
    arrays["partition"][:] = ids % PARTITIONS
    arrays["offset"][:] = ids // PARTITIONS
    arrays["sent_ns"][:] = ids + 1
    arrays["acked_ns"][:] = ids + 2
    arrays["outcome"][:] = Outcome.ACKED
    home, place = arrays["partition"].astype(np.int16), arrays["offset"].astype(np.int64)
    seen = Observations(ids, home, place, ids + 3, np.ones(records, np.bool_))
    order = np.argsort(home, kind="stable")
    ends = {p: int((home == p).sum()) for p in range(PARTITIONS)}
    log = LogRead(seen.where(order), ends, ends, 0, dict.fromkeys(ends, 0))
    commits = tuple(
        Commit(
            int(n) + 4, int(n) % PARTITIONS, int(n) // PARTITIONS + 1, CommitOutcome.OK, int(n) + 5
        )
        for n in range(0, records, 5_000)
    )
    assigned = (Assignment(1, "assigned", tuple(range(PARTITIONS))),)
    session = Session("reader", seen, commits=commits, assignments=assigned)
    return History(Attempts(arrays), log, (GroupRead("group", (session,), True, committed=ends),))
