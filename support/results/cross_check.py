"""Cross-checks: our load generator and our reader, compared with Kafka's own tools."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ToolLatency:
    """Latency from sending to acknowledgement (ms), as one tool measured it."""

    tool: str
    records: int
    records_per_s: float | None
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None


@dataclass(frozen=True)
class LatencyCrossCheck:
    """Our generator, Kafka's tool, and our generator again.

    One after the other, with the same rate, payloads, settings and broker.
    """

    ours_before: ToolLatency
    theirs: ToolLatency
    ours_after: ToolLatency


@dataclass(frozen=True)
class ToolReading:
    """One reading of a topic by one tool. `bytes` are those of keys and values."""

    tool: str
    records: int
    bytes: int
    records_per_s: float


@dataclass(frozen=True)
class ReadingCrossCheck:
    """Our reader, Kafka's tool, and our reader again: the same topic, one after the other."""

    ours_before: ToolReading
    theirs: ToolReading
    ours_after: ToolReading
