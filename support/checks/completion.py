"""completion time: how long a load takes that is sent as fast as possible.

From its start to the last acknowledgement. It has no limit and can't FAIL. INCONCLUSIVE when not
every record was acknowledged: the time of a part says nothing about the whole.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured
from support.results.delivery import Delivery
from support.results.load import Load
from support.results.schema import Check
from support.results.units import counted


def reported(name: str, seconds: float, rate: str) -> Check:
    """Returns a time without a limit; the evidence is its `rate`."""
    return measured(name, round(seconds, 2), "s", (rate,))


def completion_time(load: Load, delivery: Delivery) -> Check:
    """Returns the time of a load of which every record was acknowledged."""
    name, objective = "completion time", f"all {load.records} records acknowledged"
    if delivery.acked < load.records:
        why = f"{counted(delivery.acked, 'records')} acknowledged"
        return not_measured(name, "s", objective, why)
    evidence = (
        f"{load.throughput_per_s or 0:,.0f} records/s acknowledged",
        f"{load.bytes / 1e6 / load.duration_s:,.0f} MB/s",
    )
    return measured(name, round(load.duration_s, 2), "s", evidence)
