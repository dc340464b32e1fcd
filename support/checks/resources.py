"""resources measured: CPU, memory and disk were really sampled while the load ran (FR-003).

INCONCLUSIVE when the sampler died, or took fewer than half of the samples it should have.
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
    if trouble is not None or broker is None or broker.samples < wanted:
        seen = f"{broker.samples if broker else 0} samples; sampler: {trouble or 'alive'}"
        return not_measured(NAME, UNIT, objective, seen)
    evidence = tuple(
        f"{name}: memory p95 {u.memory_p95_bytes / 2**20:.0f} MiB, "
        f"CPU mean {u.cpu_mean_cores:.2f} cores, p95 {u.cpu_p95_cores:.2f}"
        for name, u in usage.items()
    )
    return passed_if(True, NAME, broker.samples, UNIT, objective, evidence)
