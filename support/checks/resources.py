"""resources measured: CPU, memory and disk were really sampled while the load ran (FR-003).

INCONCLUSIVE when the sampler died, took fewer than half of the samples it should have, or has
no figure for CPU or disk.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import not_measured, passed_if
from support.results.schema import Check, ComponentUsage

NAME, UNIT = "resources measured", "samples"


def resources_measured(
    usage: Mapping[str, ComponentUsage], wanted: int, trouble: Exception | None
) -> Check:
    objective = f"at least {wanted} samples of CPU, memory and disk of the broker"
    broker = usage.get("broker")
    if trouble is not None or not _complete(broker, wanted):
        seen = f"{broker.samples if broker else 0} samples; sampler: {trouble or 'alive'}"
        return not_measured(NAME, UNIT, objective, seen)
    evidence = tuple(
        f"{name}: memory p95 {u.memory_p95_bytes / 2**20:.0f} MiB, "
        f"CPU mean {u.cpu_mean_cores or 0:.2f} cores, p95 {u.cpu_p95_cores or 0:.2f}"
        for name, u in usage.items()
    )
    return passed_if(True, NAME, broker.samples if broker else 0, UNIT, objective, evidence)


def _complete(broker: ComponentUsage | None, wanted: int) -> bool:
    return (
        broker is not None
        and broker.samples >= wanted
        and broker.cpu_mean_cores is not None
        and broker.disk_growth_bytes is not None
    )
