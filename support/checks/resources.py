"""resources measured: CPU, memory and disk were really sampled while the load ran (FR-003).

memory below 2 GB and CPU below 80 %: the limits of the spec (US1.3), judged by the highest
sample of memory and the 95th percentile of CPU, over all the cores that the broker may use.
jmx measured: the broker's own figures were read once a second.

INCONCLUSIVE when the sampler died, took fewer than half of the samples it should have, or has
no figure for CPU or disk.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import measured, not_measured, passed_if
from support.results.measurements import BrokerJmx, ComponentUsage
from support.results.schema import Check

MEMORY_LIMIT_BYTES = 2 * 1000**3
CPU_LIMIT_SHARE = 0.8

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
    return measured(NAME, broker.samples if broker else 0, UNIT, evidence)


def _complete(broker: ComponentUsage | None, wanted: int) -> bool:
    return (
        broker is not None
        and broker.samples >= wanted
        and broker.cpu_mean_cores is not None
        and broker.disk_growth_bytes is not None
    )


def broker_within_limits(broker: ComponentUsage | None, cpus: int) -> tuple[Check, Check]:
    """`cpus`: how many cores the broker may use."""
    memory, cpu = "broker memory", "broker CPU"
    wanted = f"below {CPU_LIMIT_SHARE:.0%} of {cpus} cores (95th percentile)"
    limit = f"below {MEMORY_LIMIT_BYTES / 1e9:g} GB at any time"
    if broker is None or broker.cpu_p95_cores is None:
        why = "the broker was not sampled"
        return not_measured(memory, "MB", limit, why), not_measured(cpu, "%", wanted, why)
    share = broker.cpu_p95_cores / cpus
    most = broker.memory_max_bytes
    return (
        passed_if(most < MEMORY_LIMIT_BYTES, memory, round(most / 1e6, 1), "MB", limit),
        passed_if(share < CPU_LIMIT_SHARE, cpu, round(share * 100, 1), "%", wanted),
    )


def jmx_measured(jmx: BrokerJmx | None, wanted: int, trouble: Exception | None) -> Check:
    objective = f"at least {wanted} readings of the broker's JMX figures"
    if jmx is None or trouble is not None or jmx.readings < wanted or not jmx.produce_phases_ms:
        seen = f"{jmx.readings if jmx else 0} readings; {trouble or 'no trouble'}"
        return not_measured("JMX measured", "readings", objective, seen)
    return measured("JMX measured", jmx.readings, "readings")
