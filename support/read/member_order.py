"""The files by which the suite and a consumer process communicate: order, journal, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from support.clients.kafka_address import KafkaAddress
from support.record.sampled_payloads import SampledPayloads
from support.record.sessions import Assignment, Commit, CommitAnswer

JOURNAL, EVENTS = "seen.journal", "events.jsonl"
"""Files in the order's folder: the records that were processed, and a MemberEvent a line."""


@dataclass(frozen=True)
class MemberOrder:
    """The task of a member of a consumer group.

    `consumer`: its settings by librdkafka's names, the group among them. `seed`: the seed of the
    payloads that it reads. `folder`: where it writes its files.
    """

    kafka: KafkaAddress
    topic: str
    consumer: Mapping[str, str]
    seed: int
    folder: str
    processing_ms: float = 0.0
    """Time that a record takes before it counts as processed."""
    commit_every_ms: int = 500
    commit_first: bool = False
    """Commits a batch before it is processed: delivery at most once, which a crash turns into
    loss."""
    sampled: SampledPayloads | None = None
    """The values that the payloads imitate; None for envelopes."""


@dataclass(frozen=True)
class MemberEvent:
    """A commit that was requested, the answer to one, a change of assignment, or an error's name.

    Exactly one of the fields is set.
    """

    commit: Commit | None = None
    answer: CommitAnswer | None = None
    assignment: Assignment | None = None
    error: str = ""


def read_events(folder: Path) -> list[MemberEvent]:
    """Reads the events that a member has written; a last line cut off by a crash is left out."""
    lines = (folder / EVENTS).read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=MemberEvent) for line in lines]
