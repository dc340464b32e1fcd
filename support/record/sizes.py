"""Events of many sizes: which were stored, which limits stopped the others, and all limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from support.record.secrets import without_secrets
from support.record.section import json_section
from support.results.sizes import SizeOutcome


@dataclass(frozen=True)
class SizesRecord:
    """The outcome of each event; `unreadable` names stored events that read back otherwise."""

    outcomes: tuple[SizeOutcome, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class SizeLimits:
    """Settings of the producer, a CDC topic, Connect's producer and the consumer.

    On a stack of others, `name` is that of their topic for which the limits match least.
    `connect_known` is False where neither a connector nor a worker says what Connect's producer
    may send.
    """

    producer: Mapping[str, str]
    topic: Mapping[str, str | None]
    connect: Mapping[str, str]
    consumer: Mapping[str, str]
    name: str = ""
    connect_known: bool = True

    @property
    def known(self) -> bool:
        """Whether the limits of Connect's producer and of the topic are known."""
        return self.connect_known and self.topic.get("max.message.bytes") is not None

    @property
    def surplus(self) -> int:
        """How much more Connect's producer sends than the topic takes, in bytes."""
        sent = int(self.connect.get("max.request.size", "1048576"))
        return sent - int(self.topic.get("max.message.bytes") or 0)


@dataclass(frozen=True)
class StoppedTask:
    """A connector's state and those of its tasks; `reason` is the trace's line about the size."""

    connector: str
    tasks: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class LargeRowsRecord:
    """Key of a row -> digest of its large value: in its last event, and in PostgreSQL."""

    events: Mapping[int, str]
    rows: Mapping[int, str]


def _shown(limits: SizeLimits) -> SizeLimits:
    return replace(
        limits,
        producer=without_secrets(limits.producer),
        connect=without_secrets(limits.connect),
        consumer=without_secrets(limits.consumer),
    )


EVENT_SIZES = json_section("sizes", SizesRecord)
SIZE_LIMITS = json_section("size_limits", SizeLimits, _shown)
STOPPED_TASK = json_section("stopped_task", StoppedTask)
LARGE_ROWS = json_section("large_rows", LargeRowsRecord)
