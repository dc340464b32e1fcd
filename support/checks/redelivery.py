"""redelivery: the same offset given twice to one group.

Legal at least once (a consumer that was cut off before it committed), so the check only counts:
MEASURED. INCONCLUSIVE when no consumer group read along.

nothing twice: in a load without a fault there is neither a duplicate in the log nor a redelivery.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured, passed_if
from support.record.history import History, first_looks
from support.record.observed import Observations
from support.results.measurements import Delivery
from support.results.schema import Check

NAME, UNIT = "redelivered", "records"
OBJECTIVE = "counted (any number is legal at least once)"


def redeliveries(seen: Observations) -> int:
    """Deliveries beyond the first of each place."""
    return len(seen) - len(first_looks(seen))


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
    evidence = (f"{counts.duplicates} duplicates, {counts.redelivered} redelivered",)
    return passed_if(total == 0, name, total, UNIT, objective, evidence)
