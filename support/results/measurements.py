"""What a trial measures, as run.json records it: loads, latency, resources, delivery.

The names of the fields carry their units. `schema.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LatencySummary:
    """Milliseconds; a percentile is None when there are too few samples to state it."""

    count: int
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    p999_ms: float | None
    max_ms: float | None
    histogram: str = ""
    """HdrHistogram of microseconds (1 us to 1 h, 3 digits), base64 of its V2 encoding."""


@dataclass(frozen=True)
class Latency:
    """The three distributions of a load; before it was warm: Load.warm_up_p95_ms."""

    intended_to_ack: LatencySummary
    send_to_ack: LatencySummary
    lateness: LatencySummary
    acked_to_consumed: LatencySummary | None = None
    """To a consumer that read along; negative where it was faster than the acknowledgement."""
    end_to_end: LatencySummary | None = None
    """Intended to consumed."""


@dataclass(frozen=True)
class Spread:
    """Three percentiles in milliseconds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class ClientSplit:
    """Where a record waits in the producer, by librdkafka's own word: medians over seconds."""

    queue: Spread
    outbuf: Spread
    rtt: Spread
    seconds: int


@dataclass(frozen=True)
class Backpressure:
    """What a burst does: `steady` times count from the moment at which its last record was due."""

    queue_depth_max: int
    throttle_max_ms: int
    buffer_full: int
    drained_after_s: float | None
    """Until the last record of the burst was acknowledged."""
    steady_p95_ms: float | None
    """Before the burst."""
    steady_again_after_s: float | None
    """Until p95 was at most twice that again, and stayed so: the end of the last second in which
    it was not; None when that was the last second of the load."""
    first_calm_after_s: float | None = None
    """Until the first three seconds in a row in which it was at most twice that."""


@dataclass(frozen=True)
class Stability:
    """How a long load changes the broker."""

    memory_slope_mib_per_min: float
    slope_low: float
    slope_high: float
    """95 % confidence interval of the slope, from means of 5 s."""
    first_minute_p95_ms: float | None
    last_minute_p95_ms: float | None
    disk_growth_bytes: int | None
    bytes_sent: int


@dataclass(frozen=True)
class BrokerJmx:
    """The broker's own figures during a load, through JMX."""

    readings: int
    produce_phases_ms: Mapping[str, Spread]
    """Phase of a Produce request (queue, local, remote, response queue, send, total)."""
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
    """What that meter shows when all handlers are idle: 2 where a broker that is its own
    controller counts two pools on one meter (before Kafka 4.2), else 1; None where the version of
    the broker is not known."""


@dataclass(frozen=True)
class SeriesPoint:
    """One interval of a load, by intended send time: seconds from the start, milliseconds."""

    at_s: float
    sent: int
    acked: int
    """Of those sent in this interval, how many were acknowledged at any time."""
    acks_arrived: int
    """Acknowledgements that arrived in this interval, of whichever record."""
    p50_ms: float | None
    p95_ms: float | None
    max_ms: float | None
    consumed: int | None = None
    """Records that the consumer was given in this interval; None without a consumer."""


@dataclass(frozen=True)
class Load:
    """What was sent: target and achieved rate, payload sizes and how far they compress."""

    target_rate_per_s: float | None
    """None for a load that is sent as fast as possible, or at several rates."""
    achieved_rate_per_s: float | None
    """At which records were sent; where there is no target rate, at which they were acknowledged,
    from the start of the load to the last acknowledgement."""
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
    """Processor time of the generator over the time that it took."""
    acked_rate_per_s: float | None = None
    """At which records were acknowledged; None in runs of before this was recorded."""

    @property
    def throughput_per_s(self) -> float | None:
        """Kafka's, not the generator's: at which records were acknowledged, where it is known."""
        return self.achieved_rate_per_s if self.acked_rate_per_s is None else self.acked_rate_per_s


@dataclass(frozen=True)
class Opinion:
    """What one tool says of sending to acknowledgement, in milliseconds."""

    tool: str
    records: int
    records_per_s: float | None
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None


@dataclass(frozen=True)
class SecondOpinion:
    """Ours, theirs, ours: the same rate, payloads, settings and broker, one after the other."""

    ours_before: Opinion
    theirs: Opinion
    ours_after: Opinion


@dataclass(frozen=True)
class ReadingOpinion:
    """What one tool says of reading a topic once; bytes of keys and values."""

    tool: str
    records: int
    bytes: int
    records_per_s: float


@dataclass(frozen=True)
class SecondReading:
    """Ours, theirs, ours: the same topic, one after the other."""

    ours_before: ReadingOpinion
    theirs: ReadingOpinion
    ours_after: ReadingOpinion


@dataclass(frozen=True)
class ComponentUsage:
    """Memory in bytes (what its processes share counts once) and CPU in cores of a part with its
    children; disk of its data folder without what Kafka is about to delete."""

    samples: int
    memory_p95_bytes: int
    memory_max_bytes: int
    cpu_p95_cores: float | None
    cpu_mean_cores: float | None
    disk_bytes: int | None
    """At the end; None for a part without a data folder."""
    disk_growth_bytes: int | None
    """Last sample minus first."""
    memory_series: tuple[int, ...] = ()
    """Bytes, one a second."""
    at_s: tuple[float, ...] = ()
    """Of each sample, seconds from the first look at any part."""
    cpu_series: tuple[float | None, ...] = ()
    """Cores since the sample before; None for the first one of a process."""
    disk_series: tuple[int | None, ...] = ()
    """Bytes, None where it could not be read; empty for a part without a data folder."""
    cores: float | None = None
    """The fewest that it was allowed to use; None where that is not known."""
    incarnations: int = 1
    """How many processes of it were seen, one after the other."""


@dataclass(frozen=True)
class CdcFigures:
    """Changes of rows, and the events that they led to."""

    transactions: int
    committed_changes: int
    unknown_changes: int
    """Of transactions whose commit was cut off."""
    events: int
    missing: int | None
    duplicates: int
    commit_to_arrival: LatencySummary | None = None
    """From the commit (PostgreSQL's clock, corrected by the measured offset) to the first arrival
    at a reader: what a consumer waits. None in runs that did not measure it."""
    commit_to_producer: LatencySummary | None = None
    """From the commit (PostgreSQL's clock) to the record's timestamp (Connect's clock), which its
    producer stamps when it queues the event: an outage of the broker does not show in it."""
    clock_doubt_ms: float | None = None
    """How far PostgreSQL's clock could be compared with this host's, earlier or later."""
    caught_up_s: float | None = None
    """From the last committed change (or the heal, if that was later) to the arrival of its event;
    None when it never came."""
    confirmed_s: float | None = None
    """From the same moment until the replication slot confirmed all of it; None when it did not
    while it was watched."""
    slot_behind_down_bytes: int | None = None
    """Write-ahead log that the slot had not confirmed, at the end of the outage."""
    wal_retained_down_bytes: int | None = None
    """Write-ahead log that the server kept because of the slot, at the end of the outage."""


@dataclass(frozen=True)
class SnapshotFigures:
    """Rows by table, and seconds from the connector's registration to the last event."""

    rows: Mapping[str, int]
    seconds: float
    rows_per_s: float


@dataclass(frozen=True)
class SizeOutcome:
    """One event on its way: `bytes` of its value, `stored` or the error that stopped it and where,
    and the `limit` that decides about it, within which it `fits`."""

    path: str
    bytes: int
    outcome: str
    limit: str
    fits: bool


@dataclass(frozen=True)
class LagFigures:
    """Of a consumer group, by Kafka's word: records, and seconds until it had caught up."""

    peak: int
    caught_up_s: float | None
    at_s: tuple[float, ...]
    """Of each look, seconds from the first."""
    partitions: Mapping[str, tuple[int | None, ...]]
    """Partition -> its lag at each look; None without a commit."""


@dataclass(frozen=True)
class Recovery:
    """Seconds. `recovery`, `consumer_recovery` and `ready` run from the beginning of the heal; the
    first two are None where clients were served all the time. Of database changes an event's
    arrival stands for the acknowledgement, and a committed change for the record that waits."""

    recovery_s: float | None
    """To the first acknowledgement of a new record."""
    consumer_recovery_s: float | None
    """To the first new record that a consumer processed."""
    stall_s: float | None
    """The longest time without an acknowledgement in all of which a record waited for one."""
    ready_s: float | None = None
    """To the first proof that it works again: the suite's own, or a record of a stopped load."""
    consumer_restart_s: float | None = None
    """From the start of a restarted consumer to the first record that it processed."""


@dataclass(frozen=True)
class Fault:
    """What was broken, in seconds from the start of the load, with the proofs that it was."""

    name: str
    injected_at_s: float
    down_at_s: float
    heal_began_at_s: float
    healed_at_s: float
    proofs: tuple[str, ...]
    times: int = 1
    """How often it was injected."""


@dataclass(frozen=True)
class Delivery:
    """Counts of records; `received` by the consumer, or by the final reader without one.

    What only a complete reading of the log can tell is None when there was none.
    """

    attempted: int
    acked: int
    rejected: int
    unknown: int
    received: int
    lost: int | None
    duplicates: int | None
    redelivered: int
    reordered: int | None
    corrupt: int
    phantom: int | None
    loss_upper_bound_95: float | None
    """Of a load without a fault in which nothing was lost: 3 / acked (rule of three), the upper
    bound of a record's loss. None after a fault: its records share one fate, so that only the
    faults can be counted."""
