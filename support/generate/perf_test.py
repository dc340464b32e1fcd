"""Command lines and output of kafka-producer-perf-test and kafka-consumer-perf-test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive
from support.generate.payload import POOL, Payloads

PRODUCER = "org.apache.kafka.tools.ProducerPerformance"
CONSUMER = "org.apache.kafka.tools.ConsumerPerformance"

JAVA_NAMES = {
    "acks": "acks",
    "linger.ms": "linger.ms",
    "batch.size": "batch.size",
    "compression.type": "compression.type",
    "enable.idempotence": "enable.idempotence",
    "max.in.flight.requests.per.connection": "max.in.flight.requests.per.connection",
}
"""Setting of librdkafka -> setting of the Java client. Others have no counterpart or no effect."""

LIBRDKAFKA_BATCH = 1_000_000
"""librdkafka's default batch.size in bytes. Java's producer gets it too (its default: 16,384)."""

_NUMBER = r"(\d+(?:[.,\u066b]\d+)?)"
"""A number with the decimal separator of any locale."""

_SUMMARY = re.compile(
    rf"(\d+) records sent, {_NUMBER} records/sec \({_NUMBER} MB/sec\), {_NUMBER} ms avg latency, "
    rf"{_NUMBER} ms max latency, (\d+) ms 50th, (\d+) ms 95th, (\d+) ms 99th, (\d+) ms 99.9th"
)


@dataclass(frozen=True)
class PerfTestResult:
    """The summary of kafka-producer-perf-test. Its latencies begin when a record is sent; its
    percentiles are whole milliseconds."""

    records: int
    records_per_s: float
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def write_payload_file(sent: Payloads, path: Path) -> Path:
    """Writes the pool of payloads to `path`, one a line; the tool picks among them at random."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(sent.value(n) for n in range(POOL)) + b"\n")
    return path


def producer_arguments(
    kafka: KafkaAddress,
    topic: str,
    rate_per_s: int,
    count: int,
    payloads: Path,
    producer: Mapping[str, str],
) -> list[str]:
    """Returns the arguments of kafka-producer-perf-test for a producer with the same settings.

    `rate_per_s` is -1 for as fast as possible; `payloads` is a file of write_payload_file().
    """
    settings = {"bootstrap.servers": kafka.bootstrap, "batch.size": str(LIBRDKAFKA_BATCH)}
    settings |= {JAVA_NAMES[key]: value for key, value in producer.items() if key in JAVA_NAMES}
    return [
        "--topic",
        topic,
        "--num-records",
        str(count),
        "--throughput",
        str(rate_per_s),
        "--payload-file",
        str(payloads),
        "--producer-props",
        *(f"{key}={value}" for key, value in settings.items()),
    ]


@dataclass(frozen=True)
class ReadResult:
    """The result of kafka-consumer-perf-test: `mib` counts keys and values, and the rate leaves out
    the time in which the consumer joined its group."""

    records: int
    mib: float
    records_per_s: float


def consumer_arguments(kafka: KafkaAddress, topic: str, count: int, group: str) -> list[str]:
    """Returns the arguments of kafka-consumer-perf-test for reading `count` records as `group`."""
    return [
        "--bootstrap-server",
        kafka.bootstrap,
        "--group",
        group,
        "--topic",
        topic,
        "--messages",
        str(count),
        "--timeout",
        "60000",
    ]


def parse_consumer(output: str) -> ReadResult:
    """Reads the result in the output. Raises Inconclusive when there is none."""
    rows = re.findall(r"^\d{4}-.*$", output, re.MULTILINE)
    # A comma that ends a cell is followed by a space; a decimal comma is not.
    cells = rows[-1].split(", ") if rows else []
    if len(cells) != 10:
        raise Inconclusive(
            "kafka-consumer-perf-test did not finish.", seen=output.strip()[-500:] or "(no output)"
        )
    return ReadResult(int(cells[4]), _number(cells[2]), _number(cells[9]))


def parse_producer(output: str) -> PerfTestResult:
    """Reads the last summary in the output. Raises Inconclusive when there is none."""
    found = _SUMMARY.findall(output)
    if not found:
        raise Inconclusive(
            "kafka-producer-perf-test did not finish.", seen=output.strip()[-500:] or "(no output)"
        )
    records, rate, _, mean, most, p50, p95, p99, _ = (_number(text) for text in found[-1])
    return PerfTestResult(int(records), rate, mean, p50, p95, p99, most)


def _number(text: str) -> float:
    return float(re.sub(r"[,\u066b]", ".", text.strip()))
