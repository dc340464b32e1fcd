"""Resources that the parts of the stack used, and the meters of the broker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.results.latency import Spread


@dataclass(frozen=True)
class ComponentUsage:
    """Memory, CPU and disk of one part of the stack, its child processes included.

    Memory that its processes share counts once. CPU is in cores. Disk is the size of the data
    folder, without files that Kafka has marked for deletion.
    """

    samples: int
    memory_p95_bytes: int
    memory_max_bytes: int
    cpu_p95_cores: float | None
    cpu_mean_cores: float | None
    disk_bytes: int | None
    """In the last sample; None for a part without a data folder."""
    disk_growth_bytes: int | None
    """Last sample minus first."""
    memory_series: tuple[int, ...] = ()
    """Bytes in each sample; one sample a second."""
    at_s: tuple[float, ...] = ()
    """Time of each sample in seconds from the start of the sampling."""
    cpu_series: tuple[float | None, ...] = ()
    """Cores used since the previous sample; None for the first sample of a process."""
    disk_series: tuple[int | None, ...] = ()
    """Bytes; None where the size could not be read. Empty for a part without a data folder."""
    cores: float | None = None
    """The lowest number of cores that it was allowed to use; None where that is not known."""
    incarnations: int = 1
    """Number of its processes, one after the other: more than 1 after a restart."""


@dataclass(frozen=True)
class BrokerJmx:
    """The broker's own meters during a load, read through JMX."""

    readings: int
    produce_phases_ms: Mapping[str, Spread]
    """Phase of a Produce request (queue, local, remote, response queue, send, total) -> its time
    in milliseconds."""
    bytes_in: int
    bytes_out: int
    handler_idle_min: float | None
    """Lowest reading of the request handlers' idle meter (one-minute rate)."""
    log_flushes: int
    log_flush_p99_ms: float | None
    heap_max_bytes: int
    gc_pauses: int
    gc_ms: int
    handler_idle_full: float | None = None
    """The value of that meter when all handlers are idle. 2 where a broker that is also the
    controller counts two thread pools in one meter (before Kafka 4.2), otherwise 1. None where the
    version of the broker is not known."""
