"""Results of a load: what it sent, how the client coped, and how the broker changed."""

from __future__ import annotations

from dataclasses import dataclass

from support.results.latency import Spread


@dataclass(frozen=True)
class Load:
    """The records sent: target and achieved rate, payload sizes and their compression ratio."""

    target_rate_per_s: float | None
    """None for a load that is sent as fast as possible, or at several rates."""
    achieved_rate_per_s: float | None
    """The rate at which records were sent. Without a target rate, the rate at which they were
    acknowledged between the start of the load and the last acknowledgement."""
    records: int
    duration_s: float
    bytes: int
    mean_bytes: float
    min_bytes: int
    max_bytes: int
    compression_ratio: float
    warm_up_s: float
    warm_up_p95_ms: tuple[float, ...]
    buffer_full: int
    """How often the client's queue was full (BufferError)."""
    generator_cores: float = 0.0
    """Processor time of the generator divided by the duration of the load."""
    acked_rate_per_s: float | None = None
    """The rate at which records were acknowledged; None in runs that did not record it yet."""
    sampled_from: str = ""
    """The events whose sizes and compressibility the payloads have; empty for envelopes."""
    sampled_ratio: float | None = None
    """The compression ratio of those events."""

    @property
    def throughput_per_s(self) -> float | None:
        """Kafka's throughput: the rate of the acknowledgements where it was recorded."""
        return self.achieved_rate_per_s if self.acked_rate_per_s is None else self.acked_rate_per_s


@dataclass(frozen=True)
class ClientSplit:
    """Where a record waits in the producer, from librdkafka's statistics.

    `queue`: until it is sent. `outbuf`: in the queue of the socket. `rtt`: for the response. Each
    percentile is the median of its values in `seconds` seconds.
    """

    queue: Spread
    outbuf: Spread
    rtt: Spread
    seconds: int


@dataclass(frozen=True)
class Backpressure:
    """The effect of a burst on the client. Seconds count from when its last record was due."""

    queue_depth_max: int
    throttle_max_ms: int
    buffer_full: int
    drained_after_s: float | None
    """Until the last record of the burst was acknowledged."""
    steady_p95_ms: float | None
    """p95 before the burst."""
    steady_again_after_s: float | None
    """Until p95 was at most twice that again, and stayed so: the end of the last second above it.
    None when that was the last second of the load."""
    first_calm_after_s: float | None = None
    """Until the first three consecutive seconds in which p95 was at most twice that."""


@dataclass(frozen=True)
class Stability:
    """How the broker changed under a long load."""

    memory_slope_mib_per_min: float | None
    """None (and no limits) if there are too few memory samples."""
    slope_low: float | None
    slope_high: float | None
    """Limits of the slope's 95 % confidence interval (MiB/min), from means of 5 s."""
    first_minute_p95_ms: float | None
    last_minute_p95_ms: float | None
    disk_growth_bytes: int | None
    bytes_sent: int
