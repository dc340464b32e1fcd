"""lag in Kafka UI: Kafka UI shows the same lag of a group as Kafka.

Compares every partition, through the REST interface of Kafka UI. A partition without a committed
offset has no lag in either. FAIL when the lag of a partition differs. INCONCLUSIVE when the group
has no committed offset.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import not_measured, passed_if
from support.results.schema import Check


def same_lag(ours: Mapping[int, int | None], theirs: Mapping[int, int | None]) -> Check:
    """Compares partition -> lag of Kafka (`ours`) and of Kafka UI after a refresh (`theirs`)."""
    name, unit, objective = "lag in Kafka UI", "records", "the same lag of every partition as Kafka"
    known = {partition: lag for partition, lag in ours.items() if lag is not None}
    if not known:
        return not_measured(name, unit, objective, "the group has no committed offset")
    evidence = [
        f"partition {partition}: Kafka {lag}, Kafka UI {theirs.get(partition, 'none')}"
        for partition, lag in sorted(known.items())
    ]
    right = all(theirs.get(partition) == lag for partition, lag in known.items())
    total = sum(lag for lag in theirs.values() if lag is not None)
    return passed_if(right, name, total, unit, objective, evidence)
