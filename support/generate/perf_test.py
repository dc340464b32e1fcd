"""Kafka's own measuring tools: their command lines, and what their output says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.errors import Inconclusive
from support.generate.payload import LARGEST, POOL, SMALLEST, payloads

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
"""librdkafka's setting -> the Java client's. Others have no counterpart, or no effect here."""

LIBRDKAFKA_BATCH = 1_000_000
"""Its batch.size; Java's is 16,384: both tools are given the same."""

_NUMBER = r"(\d+(?:[.,\u066b]\d+)?)"
"""With whichever sign the locale puts before the decimals."""

_SUMMARY = re.compile(
    rf"(\d+) records sent, {_NUMBER} records/sec \({_NUMBER} MB/sec\), {_NUMBER} ms avg latency, "
    rf"{_NUMBER} ms max latency, (\d+) ms 50th, (\d+) ms 95th, (\d+) ms 99th, (\d+) ms 99.9th"
)


@dataclass(frozen=True)
class PerfTestResult:
    """The last line of kafka-producer-perf-test; latency from sending, whole milliseconds."""

    records: int
    records_per_s: float
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def write_payload_file(seed: int, path: Path, sizes: tuple[int, int] = (SMALLEST, LARGEST)) -> Path:
    """One payload a line; the tool picks among them at random."""
    sent = payloads(seed, *sizes)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(sent.value(n) for n in range(POOL)) + b"\n")
    return path


def producer_arguments(
    bootstrap: str,
    topic: str,
    rate_per_s: int,
    count: int,
    payloads: Path,
    producer: Mapping[str, str],
) -> list[str]:
    """Arguments with the same settings as ours; `rate_per_s` -1: as fast as possible."""
    settings = {"bootstrap.servers": bootstrap, "batch.size": str(LIBRDKAFKA_BATCH)}
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
    """The line of kafka-consumer-perf-test; `mib` of keys and values, joining not counted."""

    records: int
    mib: float
    records_per_s: float


def consumer_arguments(bootstrap: str, topic: str, count: int) -> list[str]:
    return [
        "--bootstrap-server",
        bootstrap,
        "--topic",
        topic,
        "--messages",
        str(count),
        "--timeout",
        "60000",
    ]


def parse_consumer(output: str) -> ReadResult:
    """Raises Inconclusive when the tool did not get to its line of figures."""
    rows = re.findall(r"^\d{4}-.*$", output, re.MULTILINE)
    # The space tells what ends a cell from what begins the decimals.
    cells = rows[-1].split(", ") if rows else []
    if len(cells) != 10:
        raise Inconclusive(
            "kafka-consumer-perf-test did not finish.", seen=output.strip()[-500:] or "(no output)"
        )
    return ReadResult(int(cells[4]), _number(cells[2]), _number(cells[9]))


def parse_producer(output: str) -> PerfTestResult:
    """Raises Inconclusive when the tool did not get to its summary."""
    found = _SUMMARY.findall(output)
    if not found:
        raise Inconclusive(
            "kafka-producer-perf-test did not finish.", seen=output.strip()[-500:] or "(no output)"
        )
    records, rate, _, mean, most, p50, p95, p99, _ = (_number(text) for text in found[-1])
    return PerfTestResult(int(records), rate, mean, p50, p95, p99, most)


def _number(text: str) -> float:
    return float(re.sub(r"[,\u066b]", ".", text.strip()))
