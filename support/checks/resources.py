"""The resources that the broker uses during a load.

resources measured: CPU, memory and disk were sampled during the load (FR-003). The check can't
FAIL. INCONCLUSIVE when the sampler failed, took fewer than half of its samples, or has no figure
for CPU or disk. SKIPPED on a target that can't sample the broker; there, memory and CPU are SKIPPED
as well.

broker memory, broker CPU: below 2 GB and below 80 %, the limits of the specification (US1.3).
Judged by the highest sample of memory, and by the 95th percentile of CPU as a share of all cores
that the broker may use. FAIL when a figure is not below its limit. INCONCLUSIVE when the broker was
not sampled; for CPU also when it is not known how many cores the broker may use.

JMX measured: the broker's own meters were read once a second. The check can't FAIL. INCONCLUSIVE
with too few readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from support.checks.judged import left_out, measured, not_measured, passed_if
from support.record.resources import BROKER, CORES, DISK
from support.record.resources import MEMORY as MEMORY_OF_BROKER
from support.results.limit import below
from support.results.resources import BrokerJmx, ComponentUsage
from support.results.schema import Check
from support.results.units import counted

MEMORY_LIMIT_BYTES = 2 * 1000**3
CPU_LIMIT_SHARE = 0.8
MEMORY_LIMIT = below(MEMORY_LIMIT_BYTES / 1e6, "MB")
CPU_LIMIT = below(CPU_LIMIT_SHARE * 100, "%")

MEMORY, CPU = "broker memory", "broker CPU"
NAME, UNIT = "resources measured", "samples"
NOTHING: Mapping[str, str] = MappingProxyType({})


def resources_measured(
    usage: Mapping[str, ComponentUsage],
    wanted: int,
    trouble: object | None,
    lacking: Mapping[str, str] = NOTHING,
) -> Check:
    """Returns how often the broker was sampled.

    `usage`: by part of the stack. `wanted`: the lowest number of samples. `trouble`: the error that
    ended the sampling, or None. `lacking`: see record/resources.py.
    """
    samples = counted(wanted, UNIT)
    objective = f"at least {samples} of the CPU, memory and disk of the broker"
    if BROKER in lacking:
        return left_out(NAME, UNIT, objective, lacking[BROKER])
    broker = usage.get(BROKER)
    if trouble is not None or not _complete(broker, wanted, disk=DISK not in lacking):
        return not_measured(NAME, UNIT, objective, _incomplete(broker, trouble))
    evidence = tuple(
        f"{name}: memory p95 {u.memory_p95_bytes / 2**20:.0f} MiB, "
        f"CPU mean {u.cpu_mean_cores or 0:.2f} cores, p95 {u.cpu_p95_cores or 0:.2f}"
        for name, u in usage.items()
    )
    evidence += tuple(f"{what} not measured: {why}" for what, why in lacking.items())
    return measured(NAME, broker.samples if broker else 0, UNIT, evidence)


def _complete(broker: ComponentUsage | None, wanted: int, *, disk: bool) -> bool:
    return (
        broker is not None
        and broker.samples >= wanted
        and broker.cpu_mean_cores is not None
        and (broker.disk_growth_bytes is not None or not disk)
    )


def _incomplete(broker: ComponentUsage | None, trouble: object | None) -> str:
    found = [counted(broker.samples if broker else 0, UNIT)]
    if broker is not None and broker.cpu_mean_cores is None:
        found.append("no figure for CPU")
    if broker is not None and broker.disk_growth_bytes is None:
        found.append("no figure for disk")
    return "; ".join(found) + _ended_by(trouble)


def _ended_by(trouble: object | None) -> str:
    return "" if trouble is None else f"; the sampler failed: {trouble}"


def broker_within_limits(
    broker: ComponentUsage | None, lacking: Mapping[str, str] = NOTHING
) -> tuple[Check, Check]:
    """Judges memory and CPU, the latter as a share of the cores that the broker may use.

    CPU affinity, quotas and containers restrict those cores. `lacking`: see record/resources.py.
    """
    limit = f"below {MEMORY_LIMIT_BYTES / 1e9:g} GB at any time"
    share_of = f"below {CPU_LIMIT_SHARE:.0%} of"
    wanted = f"{share_of} the broker's cores"
    if why := lacking.get(BROKER):
        return left_out(MEMORY, "MB", limit, why), left_out(CPU, "%", wanted, why)
    if broker is None or broker.cpu_p95_cores is None:
        why = "the broker was not sampled"
        return not_measured(MEMORY, "MB", limit, why), not_measured(CPU, "%", wanted, why)
    return (
        _memory(broker.memory_max_bytes / 1e6, limit, lacking.get(MEMORY_OF_BROKER, "")),
        _cpu(CPU, share_of, broker.cpu_p95_cores, broker.cores, lacking.get(CORES, "")),
    )


def _memory(most: float, limit: str, lacking: str) -> Check:
    if lacking:
        return left_out(MEMORY, "MB", limit, f"at most {most:.1f} MB, but {lacking}")
    right = MEMORY_LIMIT.allows(most)
    return passed_if(right, MEMORY, round(most, 1), "MB", limit, limit=MEMORY_LIMIT)


def _cpu(name: str, share_of: str, used: float, cores: float | None, lacking: str) -> Check:
    evidence = f"{used:.2f} cores used (95th percentile)"
    if not cores:
        objective = f"{share_of} the broker's cores"
        why = f"{evidence}; it is not known how many the broker may use"
        if lacking:
            return left_out(name, "%", objective, f"{why}: {lacking}")
        return not_measured(name, "%", objective, why)
    which = "core" if cores == 1 else "cores"
    wanted = f"{share_of} {cores:g} {which} (95th percentile)"
    share = used / cores * 100
    right = CPU_LIMIT.allows(share)
    return passed_if(right, name, round(share, 1), "%", wanted, (evidence,), CPU_LIMIT)


def jmx_measured(jmx: BrokerJmx | None, wanted: int, trouble: object | None) -> Check:
    """Returns how often the broker's meters were read; parameters as in resources_measured()."""
    objective = f"at least {counted(wanted, 'readings')} of the broker's meters"
    if jmx is None or trouble is not None or jmx.readings < wanted or not jmx.produce_phases_ms:
        seen = counted(jmx.readings if jmx else 0, "readings")
        return not_measured("JMX measured", "readings", objective, f"{seen}{_ended_by(trouble)}")
    return measured("JMX measured", jmx.readings, "readings")
