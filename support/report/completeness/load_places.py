"""Where the figures of loads, resources, starts and checks are shown."""

from __future__ import annotations

from collections.abc import Mapping

from support.report.completeness.place import (
    MB,
    MIB,
    STATISTICS,
    Cell,
    Place,
    Words,
    latency,
    spread,
)

PACED: Mapping[str, Place] = {
    **latency("latency.intended_to_ack", "latency: due → acknowledged (judged)"),
    **latency("latency.schedule_delay", "schedule delay: due → sent"),
    "load.target_rate_per_s": Words("Load: ", "target rate ", "/s"),
    "load.achieved_rate_per_s": Words("Load: ", "sent at ", "/s"),
    "load.acked_rate_per_s": Words("Load: ", "acknowledged at ", "/s"),
}
"""Places of the figures of a load with a target rate."""

UNPACED: Mapping[str, Place] = {
    "load.achieved_rate_per_s": Words("Load: ", "acknowledged at ", "/s"),
}
"""Places of the figures of a load without a target rate: its records have no due time."""

LOAD: Mapping[str, Place] = {
    **latency("latency.send_to_ack", "sent → acknowledged"),
    **latency("latency.acked_to_consumed", "acknowledged → consumed"),
    **latency("latency.end_to_end", "end to end: due → consumed"),
    "load.records": Words("Load: ", "Load: ", " record"),
    "load.bytes": Words("Load: ", ", ", " MB", MB),
    "load.duration_s": Words("Load: ", " MB in ", " s"),
    "load.min_bytes": Words("Load: ", "Payloads of ", " to"),
    "load.max_bytes": Words("Load: ", " to ", " bytes"),
    "load.mean_bytes": Words("Load: ", "mean ", ";"),
    "load.compression_ratio": Words("Load: ", "compresses them ", " times"),
    "load.sampled_ratio": Words("Load: ", "which zlib compresses ", " times"),
    "load.buffer_full": Words("Load: ", "its queue was full ", " time"),
    "load.warm_up_s": Words("Load: ", "Warm-up: ", " s"),
    "load.warm_up_p95_ms.*": Words("Load: ", " ", " ms"),
    "load.generator_cores": Words("Load: ", "The generator used ", " core"),
}

INSIDE: Mapping[str, Place] = {
    **spread("client.queue", "client: in its queue"),
    **spread("client.outbuf", "client: in the socket's queue"),
    **spread("client.rtt", "client: request → response"),
    "client.seconds": Words("Client: ", "each of ", " second"),
    **spread("jmx.produce_phases_ms.*", "broker: Produce request, {0}"),
    "jmx.readings": Words("Broker: ", "; ", " reading"),
    "jmx.bytes_in": Words("Broker: ", "Broker: ", " MB in", MB),
    "jmx.bytes_out": Words("Broker: ", "in, ", " MB out", MB),
    "jmx.log_flushes": Words("Broker: ", "; ", " log flush"),
    "jmx.log_flush_p99_ms": Words("Broker: ", "(p99 ", " ms)"),
    "jmx.heap_max_bytes": Words("Broker: ", "heap at most ", " MiB", MIB),
    "jmx.gc_pauses": Words("Broker: ", "; ", " garbage collection"),
    "jmx.gc_ms": Words("Broker: ", ", ", " ms in total"),
    "backpressure.queue_depth_max": Words("Backpressure: ", "at most ", " record"),
    "backpressure.buffer_full": Words("Backpressure: ", "queue was full ", " time"),
    "backpressure.throttle_max_ms": Words("Backpressure: ", "for at most ", " ms"),
    "backpressure.drained_after_s": Words("Backpressure: ", "acknowledged ", " s after it"),
    "backpressure.steady_p95_ms": Words("Backpressure: ", "before the burst (", " ms)"),
    "backpressure.steady_again_after_s": Words("Backpressure: ", "From ", " s after the burst"),
    "backpressure.first_calm_after_s": Words("Backpressure: ", "first time after ", " s"),
    "stability.memory_slope_mib_per_min": Words("Stability: ", "memory changed by ", " MiB"),
    "stability.slope_low": Words("Stability: ", "(95 % interval ", " to"),
    "stability.slope_high": Words("Stability: ", " to ", ")"),
    "stability.first_minute_p95_ms": Words("Stability: ", "first minute was ", " ms"),
    "stability.last_minute_p95_ms": Words("Stability: ", "last minute ", " ms"),
    "stability.disk_growth_bytes": Words("Stability: ", "disk grew by ", " MB", MB),
    "stability.bytes_sent": Words("Stability: ", "while ", " MB were sent", MB),
}

_USAGE = {
    "samples": ("samples", 1),
    "memory_p95_bytes": ("memory p95, MiB", MIB),
    "memory_max_bytes": ("memory max, MiB", MIB),
    "cpu_mean_cores": ("CPU mean, cores", 1),
    "cpu_p95_cores": ("CPU p95, cores", 1),
    "cores": ("cores allowed", 1),
    "disk_bytes": ("disk, MiB", MIB),
    "disk_growth_bytes": ("disk growth, MiB", MIB),
    "incarnations": ("processes", 1),
}
PARTS: Mapping[str, Place] = {
    f"resources.*.{field}": Cell("{0}", column, scale) for field, (column, scale) in _USAGE.items()
}

_SENDING = {"records": "records", "records_per_s": "records/s", **STATISTICS}
_READING = {"records": "records", "bytes": "bytes", "records_per_s": "records/s"}
TABLES: Mapping[str, Place] = {
    **{f"latency_cross_check.*.{field}": Cell("{tool}", name) for field, name in _SENDING.items()},
    **{f"reading_cross_check.*.{field}": Cell("{tool}", name) for field, name in _READING.items()},
    "startups.*.*": Cell("{1}", "start {0}"),
    "sizes.*.bytes": Cell("{path}", "bytes"),
    "checks.*.measured": Cell("{name}", "measured"),
}
