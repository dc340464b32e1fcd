"""Judges start-up times from a record."""

from __future__ import annotations

import statistics

from support.checks.startup import never_ready, startup_after_crash, startup_spread, startup_time
from support.errors import Inconclusive
from support.record.record import Record
from support.record.startups import ACKED, STARTUPS, StartupsRecord
from support.results.limit import Limit
from support.results.schema import Check


def time(record: Record, limit: Limit) -> Check:
    """Judges the slowest start, whatever its cause."""
    seen = record[STARTUPS]
    if seen.trouble:
        return never_ready("start-up time", limit, seen.waited_s, seen.trouble)
    return startup_time(_slowest(seen), limit, _evidence(seen))


def time_after_crash(record: Record, limit: Limit) -> Check:
    """Judges the start after a crash; the wait for the old session can explain a missed limit."""
    seen, name = record[STARTUPS], "start-up time after a crash"
    if seen.trouble:
        return never_ready(name, limit, seen.waited_s, seen.trouble)
    return startup_after_crash(_slowest(seen), seen.lease_wait_s, limit, _evidence(seen))


def spread(record: Record) -> Check:
    """Reports the spread of the start-up times."""
    seen = record[STARTUPS]
    return startup_spread([start[ACKED] for start in seen.starts], seen.trouble)


def _slowest(seen: StartupsRecord) -> float:
    if not seen.starts:
        raise Inconclusive("The broker was not started, so its start-up time can't be judged.")
    return max(start[ACKED] for start in seen.starts)


def _evidence(seen: StartupsRecord) -> tuple[str, ...]:
    medians = [
        f"{name} after {statistics.median(start[name] for start in seen.starts):.2f} s"
        for name in seen.starts[0]
    ]
    count = len(seen.starts)
    return (f"medians of {count} starts:", *medians) if count > 1 else ("one start:", *medians)
