"""The lag of a consumer group, the retention of its topic, and the load in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.record.section import json_section
from support.record.topic_in_force import TopicInForce


@dataclass(frozen=True)
class LagPoint:
    """A sample of the lag at one time (monotonic ns).

    Partition with records -> end offset minus committed offset; None without a committed offset.
    """

    at_ns: int
    partitions: Mapping[int, int | None]

    @property
    def total(self) -> int | None:
        """The sum over all partitions; None while one of them has no committed offset."""
        known = [lag for lag in self.partitions.values() if lag is not None]
        return sum(known) if known and len(known) == len(self.partitions) else None


@dataclass(frozen=True)
class LagRecord:
    """The lag of a group, sampled every half second.

    The group had to fall `wanted` records behind, and read at full speed from `let_go_ns` on.
    `written`: records that were acknowledged in total.
    """

    points: tuple[LagPoint, ...]
    wanted: int
    let_go_ns: int
    written: int


@dataclass(frozen=True)
class KafkaUiRecord:
    """Partition -> lag of a group: as Kafka states it, and as Kafka UI shows it."""

    kafka: Mapping[int, int | None]
    kafka_ui: Mapping[int, int | None]


@dataclass(frozen=True)
class TopicLoad:
    """The load of a topic: records per second, and the mean size of a record in the log."""

    per_s: float
    record_bytes: float

    def __str__(self) -> str:
        rate = f"{self.per_s:,.0f}" if self.per_s >= 10 else f"{self.per_s:.2g}"
        return f"{rate} messages/s of {self.record_bytes / 1000:.1f} KB"


@dataclass(frozen=True)
class RetentionSettings:
    """The CDC topics' settings.

    `loads`: topic -> its measured load, only on a stack with a load that the suite did not make.
    `not_known`: why further topics may be missing.
    """

    topics: Sequence[TopicInForce]
    loads: Mapping[str, TopicLoad] | None = None
    not_known: tuple[str, ...] = ()


LAG = json_section("lag", LagRecord)
KAFKA_UI = json_section("kafka_ui", KafkaUiRecord)
RETENTION_SETTINGS = json_section("retention_settings", RetentionSettings)
