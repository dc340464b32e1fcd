"""resources measured: CPU, memory and disk were really sampled while the load ran (FR-003).

memory below 2 GB and CPU below 80 %: the limits of the spec (US1.3), judged by the highest
sample of memory and the 95th percentile of CPU, over all the cores that the broker may use.
jmx measured: the broker's own figures were read once a second.

INCONCLUSIVE when the sampler died, took fewer than half of the samples it should have, or has
no figure for CPU or disk; of the CPU also where it is not known how many cores the broker may use.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import measured, not_measured, passed_if
from support.results.measurements import BrokerJmx, ComponentUsage
from support.results.schema import Check

MEMORY_LIMIT_BYTES = 2 * 1000**3
CPU_LIMIT_SHARE = 0.8

MEMORY, CPU = "broker memory", "broker CPU"
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


def broker_within_limits(broker: ComponentUsage | None) -> tuple[Check, Check]:
    """Judge memory, and CPU by the cores that affinity, quotas or a container leave the broker."""
    limit = f"below {MEMORY_LIMIT_BYTES / 1e9:g} GB at any time"
    share_of = f"below {CPU_LIMIT_SHARE:.0%} of"
    if broker is None or broker.cpu_p95_cores is None:
        why, wanted = "the broker was not sampled", f"{share_of} the broker's cores"
        return not_measured(MEMORY, "MB", limit, why), not_measured(CPU, "%", wanted, why)
    most = broker.memory_max_bytes
    return (
        passed_if(most < MEMORY_LIMIT_BYTES, MEMORY, round(most / 1e6, 1), "MB", limit),
        _cpu(CPU, share_of, broker.cpu_p95_cores, broker.cores),
    )


def _cpu(name: str, share_of: str, used: float, cores: float | None) -> Check:
    told = f"{used:.2f} cores used (95th percentile)"
    if not cores:
        why = f"{told}; how many it may use is not known"
        return not_measured(name, "%", f"{share_of} the broker's cores", why)
    wanted = f"{share_of} {cores:g} cores (95th percentile)"
    share = used / cores
    return passed_if(share < CPU_LIMIT_SHARE, name, round(share * 100, 1), "%", wanted, (told,))


def jmx_measured(jmx: BrokerJmx | None, wanted: int, trouble: Exception | None) -> Check:
    objective = f"at least {wanted} readings of the broker's JMX figures"
    if jmx is None or trouble is not None or jmx.readings < wanted or not jmx.produce_phases_ms:
        seen = f"{jmx.readings if jmx else 0} readings; {trouble or 'no trouble'}"
        return not_measured("JMX measured", "readings", objective, seen)
    return measured("JMX measured", jmx.readings, "readings")
