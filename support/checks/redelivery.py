"""redelivered: an offset that was delivered more than once to a group.

Legal under at-least-once delivery (a consumer that stopped before it committed), so they are only
counted and the check can't FAIL. INCONCLUSIVE when no consumer group read along.

nothing twice: a load without a fault is stored once and delivered once. FAIL when the log has a
duplicate, or when an offset was delivered again. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured, passed_if
from support.record.history import History, first_reads
from support.record.observed import Observations
from support.results.delivery import Delivery
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "redelivered", "records"
OBJECTIVE = "counted (any number is legal under at-least-once delivery)"


def redeliveries(seen: Observations) -> int:
    """Returns the number of deliveries after the first of each offset."""
    return len(seen) - len(first_reads(seen))


def redelivery(history: History) -> Check:
    if not history.groups:
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer group read along")
    counts = {group.group: redeliveries(group.seen) for group in history.groups}
    evidence = tuple(f"group {name}: {count}" for name, count in counts.items())
    return measured(NAME, sum(counts.values()), UNIT, evidence)


def nothing_twice(counts: Delivery) -> Check:
    name, objective = "nothing twice", "0 duplicates in the log and 0 redeliveries"
    if counts.duplicates is None:
        return not_measured(name, UNIT, objective, "the log was not read to its end")
    total = counts.duplicates + counts.redelivered
    redelivered = counted(counts.redelivered, "redeliveries")
    evidence = (f"{counted(counts.duplicates, 'duplicates')}, {redelivered}",)
    return passed_if(total == 0, name, total, UNIT, objective, evidence, exactly(0, UNIT))
