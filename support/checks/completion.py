"""completion time: how long a load that is sent as fast as possible takes.

From its start to the last acknowledgement. It has no limit, it is reported; INCONCLUSIVE when
not every record was acknowledged, because the time of a part says nothing about the whole.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured
from support.results.measurements import Delivery, Load
from support.results.schema import Check


def reported(name: str, seconds: float, rate: str) -> Check:
    """A time that has no limit."""
    return measured(name, round(seconds, 2), "s", (rate,))


def completion_time(load: Load, delivery: Delivery) -> Check:
    name, objective = "completion time", f"reported for all {load.records} records"
    if delivery.acked < load.records:
        return not_measured(name, "s", objective, f"{delivery.acked} records acknowledged")
    evidence = (
        f"{load.throughput_per_s or 0:,.0f} records/s acknowledged",
        f"{load.bytes / 1e6 / load.duration_s:,.0f} MB/s",
    )
    return measured(name, round(load.duration_s, 2), "s", evidence)
