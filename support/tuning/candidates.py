"""The settings that `make tune` tries, the scenarios that show their effect, hopes and risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.report import tags
from support.report.sections import changes, load, recovery, resources, startups


@dataclass(frozen=True)
class Ground:
    """Scenarios that show an effect, and the figures of them that are compared.

    `tags`: for each scenario one tag that no other scenario has.
    """

    tags: tuple[str, ...]
    figures: tuple[str, ...]

    @property
    def expression(self) -> str:
        """The expression for behave's --tags."""
        return " or ".join(f"@{tag}" for tag in self.tags)


@dataclass(frozen=True)
class Candidate:
    """Settings that are tried together (-D key -> value), what they may improve, and the risk."""

    settings: Mapping[str, str]
    ground: Ground
    hope: str
    risk: str


LOAD = Ground(
    (tags.THROUGHPUT, tags.REPLAY),
    (load.P95_LATENCY, load.RATE, resources.memory_of("broker"), resources.cpu_of("broker")),
)
CHANGES = Ground((tags.CALM_CHANGES,), (changes.COMMIT_TO_ARRIVAL, resources.cpu_of("connect")))
WORKER_CRASH = Ground((tags.CDC_WORKER_CRASH,), (changes.SENT_AGAIN, recovery.RECOVERY))
CRASHED_BROKER = Ground((tags.CRASH_START,), (startups.START_UP,))

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
        "the default of a Java producer",
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
        "no delivery guarantee as soon as there is a second replica",
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
        "Debezium's default: fewer polls",
        "a change waits up to half a second",
    ),
    "offset-flush-60s": Candidate(
        {"worker.offset.flush.interval.ms": "60000"},
        WORKER_CRASH,
        "Kafka Connect's default: fewer commits",
        "a worker that crashes before its first commit takes the snapshot again, and rows that "
        "were deleted meanwhile get no event",
    ),
    "broker-session-3s": Candidate(
        {"broker.broker.session.timeout.ms": "3000", "broker.broker.heartbeat.interval.ms": "1000"},
        CRASHED_BROKER,
        "a crashed broker can register again sooner",
        "a broker that hangs for more than 3 s is cut off until it answers again",
    ),
    "worker-session-10s": Candidate(
        {"worker.heartbeat.interval.ms": "3000", "worker.session.timeout.ms": "10000"},
        WORKER_CRASH,
        "Kafka Connect's default: a killed worker is noticed sooner",
        "a worker that cannot reach the broker for 3 s stops its tasks, and no database change "
        "arrives for minutes (delivery.md, default heartbeat)",
    ),
}
"""Name -> candidate. A ground with N candidates needs 2 N + 1 runs: A, B, A, C, A ..."""
