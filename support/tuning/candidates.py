"""Which settings are tried, by which scenarios, and what each may be good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ground:
    """Scenarios that show an effect, each by a tag that it has alone, and which of their figures
    are compared."""

    tags: tuple[str, ...]
    figures: tuple[str, ...]

    @property
    def expression(self) -> str:
        """For behave's --tags."""
        return " or ".join(f"@{tag}" for tag in self.tags)


@dataclass(frozen=True)
class Candidate:
    """`settings`: -D key -> value; they are tried together."""

    settings: Mapping[str, str]
    ground: Ground
    hope: str
    risk: str


LOAD = Ground(
    ("BENCH-1", "BENCH-4"),
    ("latency p95", "throughput", "memory of broker", "CPU of broker, p95"),
)
CHANGES = Ground(("calm-changes",), ("commit to arrival p95", "CPU of connect, p95"))
WORKER_CRASH = Ground(("cdc-worker-crash",), ("sent again", "recovery"))
CRASHED_BROKER = Ground(("crash-start",), ("start-up",))

CANDIDATES: Mapping[str, Candidate] = {
    "linger-0": Candidate(
        {"producer.linger.ms": "0"},
        LOAD,
        "no waiting for a batch",
        "more requests, each with its cost",
    ),
    "linger-20": Candidate(
        {"producer.linger.ms": "20"},
        LOAD,
        "larger batches, fewer requests",
        "a record waits up to 20 ms",
    ),
    "batch-16k": Candidate(
        {"producer.batch.size": "16384"},
        LOAD,
        "what a Java producer has by default",
        "more requests at a high rate",
    ),
    "compression-lz4": Candidate(
        {"producer.compression.type": "lz4"},
        LOAD,
        "fewer bytes on network and disk",
        "processor time of the producers and of every consumer",
    ),
    "compression-zstd": Candidate(
        {"producer.compression.type": "zstd"},
        LOAD,
        "fewest bytes on network and disk",
        "more processor time than lz4",
    ),
    "acks-1": Candidate(
        {"producer.acks": "1"},
        LOAD,
        "no waiting for replicas",
        "gives the guarantee up as soon as there is a second replica",
    ),
    "heap-512m": Candidate(
        {"kafka_heap": "512m"},
        LOAD,
        "less memory for the broker",
        "longer garbage collections with more partitions",
    ),
    "poll-500ms": Candidate(
        {"connector.poll.interval.ms": "500"},
        CHANGES,
        "Debezium's default: fewer looks",
        "a change waits up to half a second",
    ),
    "offset-flush-60s": Candidate(
        {"worker.offset.flush.interval.ms": "60000"},
        WORKER_CRASH,
        "Kafka Connect's default: fewer commits",
        "a worker that crashes before its first commit takes the snapshot again: what was deleted "
        "meanwhile is never told",
    ),
    "broker-session-3s": Candidate(
        {"broker.broker.session.timeout.ms": "3000", "broker.broker.heartbeat.interval.ms": "1000"},
        CRASHED_BROKER,
        "a crashed broker is let in again sooner",
        "a pause of the process of more than 3 s fences the broker",
    ),
    "worker-session-10s": Candidate(
        {"worker.heartbeat.interval.ms": "3000", "worker.session.timeout.ms": "10000"},
        WORKER_CRASH,
        "Kafka Connect's default: a worker that was killed is missed sooner",
        "a broker that is away for longer than 3 s makes the worker give its tasks up, and CDC "
        "stays away for minutes (delivery.md, default heartbeat)",
    ),
}
"""Name -> candidate. Each ground runs once more than it has candidates: A, B, A, C, A ..."""
