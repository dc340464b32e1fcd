"""lag in Kafka UI: what its REST interface says of a group is what Kafka says.

A partition without a commit has no lag in either. INCONCLUSIVE when Kafka knows of none.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import not_measured, passed_if
from support.results.schema import Check


def same_lag(ours: Mapping[int, int | None], theirs: Mapping[int, int | None]) -> Check:
    """Partition -> lag, by Kafka and by Kafka UI after its refresh."""
    name, unit, objective = "lag in Kafka UI", "records", "the lag of every partition as in Kafka"
    known = {partition: lag for partition, lag in ours.items() if lag is not None}
    if not known:
        return not_measured(name, unit, objective, "the group has no committed offset")
    told = [
        f"partition {partition}: Kafka {lag}, Kafka UI {theirs.get(partition)}"
        for partition, lag in sorted(known.items())
    ]
    right = all(theirs.get(partition) == lag for partition, lag in known.items())
    total = sum(lag for lag in theirs.values() if lag is not None)
    return passed_if(right, name, total, unit, objective, told)
