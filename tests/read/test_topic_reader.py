"""The reader's loop against a scripted client: it ends unless a position advances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from confluent_kafka import TopicPartition

from support.clients.kafka_address import KafkaAddress
from support.read import damaged_batches, topic_reader
from support.read.topic_reader import TopicReader

PATIENCE = timedelta(milliseconds=50)
Batch = Callable[[int], "list[Message]"]


@dataclass
class Problem:
    code: str

    def name(self) -> str:
        return self.code

    def str(self) -> str:
        return "its words"


@dataclass
class Message:
    """A fake of confluent_kafka.Message: a record, or the error `problem`."""

    at: int
    problem: str = ""
    home: int = 0

    def topic(self) -> str:
        return "t"

    def partition(self) -> int:
        return self.home

    def offset(self) -> int:
        return self.at

    def error(self) -> Problem | None:
        return Problem(self.problem) if self.problem else None


class Client:
    """A fake broker client. Partition 0 has `end` records; 1 is empty, or has no leader."""

    kafka = KafkaAddress("127.0.0.1:9")

    def __init__(self, end: int, leaderless: bool = False) -> None:
        self._ends = {0: end} if leaderless else {0: end, 1: 0}

    def partitions(self, topic: str) -> tuple[int, ...]:
        return (0, 1)

    def start_offsets(self, topic: str) -> dict[int, int]:
        return dict.fromkeys(self._ends, 0)

    def end_offsets(self, topic: str) -> dict[int, int]:
        return self._ends


class ScriptedConsumer:
    """A fake consumer that returns the batch of `script` for its position."""

    script: Batch
    settings: dict[str, Any]
    asked: ClassVar[list[int]] = []

    def __init__(self, settings: dict[str, Any]) -> None:
        type(self).settings = settings
        self._at = 0

    def assign(self, partitions: Sequence[TopicPartition]) -> None:
        self._at = min((p.offset for p in partitions if p.partition == 0), default=0)

    def consume(self, count: int, timeout: float) -> list[Message]:
        self.asked.append(count)
        batch = type(self).script(self._at)
        read = [m.at for m in batch if not m.problem]
        self._at = max(read, default=self._at - 1) + 1
        return batch

    def poll(self, timeout: float) -> Message | None:
        return next(iter(self.consume(1, timeout)), None)

    def close(self) -> None: ...


def read(
    monkeypatch: pytest.MonkeyPatch, script: Batch, end: int, client: Client | None = None
) -> tuple[TopicReader, list[int]]:
    monkeypatch.setattr(ScriptedConsumer, "script", staticmethod(script), raising=False)
    for module in (topic_reader, damaged_batches):
        monkeypatch.setattr(module, "Consumer", ScriptedConsumer)
    reader = TopicReader(client or Client(end), "g", ["t"], PATIENCE)  # type: ignore[arg-type]
    return reader, [message.offset() for batch in reader for message in batch]


def good(end: int, damaged: range = range(0)) -> Batch:
    def script(at: int) -> list[Message]:
        if at in damaged:
            # librdkafka also parses the payload of a damaged batch as if it were a batch.
            return [Message(at, "_BAD_MSG"), Message(7 * 10**18, "_NOT_IMPLEMENTED")]
        return [Message(n) for n in range(at, min(at + 3, end)) if n not in damaged]

    return script


def test_every_record_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, seen = read(monkeypatch, good(8), 8)
    assert seen == list(range(8))
    assert reader.complete
    assert not reader.damaged


def test_the_reader_asks_for_no_more_records_than_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client that is asked for more waits until its time-out."""
    ScriptedConsumer.asked.clear()
    read(monkeypatch, good(8), 8)
    assert ScriptedConsumer.asked == [8, 5, 2]


def test_a_damaged_batch_is_skipped_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, seen = read(monkeypatch, good(20, range(6, 11)), 20)
    assert seen == [*range(6), *range(11, 20)]
    (damage,) = reader.damaged
    assert (damage.partition, damage.offset, damage.until) == (0, 6, 11)
    assert str(damage) == "t, partition 0, offsets 6 to 10: _BAD_MSG: its words"
    assert reader.complete


@pytest.mark.parametrize("recovers", [True, False])
def test_an_unknown_error_is_probed_again_before_the_batch_is_skipped(
    monkeypatch: pytest.MonkeyPatch, recovers: bool
) -> None:
    """A broker also returns UNKNOWN for some seconds after its recovery."""
    pauses: list[timedelta] = []
    monkeypatch.setattr("support.clock.pause", pauses.append)

    def script(at: int) -> list[Message]:
        return [Message(at, "UNKNOWN")] if at >= 6 and not (recovers and pauses) else good(20)(at)

    reader, seen = read(monkeypatch, script, 20)
    assert sum(pauses, timedelta()) < PATIENCE
    assert pauses
    if recovers:
        assert seen == list(range(20))
        assert reader.complete
        assert not reader.damaged
    else:
        (damage,) = reader.damaged
        assert (damage.offset, damage.until) == (6, 20)


def test_the_same_batch_again_and_again_is_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, seen = read(monkeypatch, lambda _: [Message(0), Message(1)], 5)
    assert seen == [0, 1]
    assert not reader.complete
    assert "read to 2 of 5" in reader.unreadable["t", 0]


def test_a_partition_that_delivers_nothing_is_reported_with_the_last_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, seen = read(monkeypatch, lambda _: [Message(0, "TOPIC_AUTHORIZATION_FAILED")], 5)
    assert seen == []
    assert "TOPIC_AUTHORIZATION_FAILED: its words" in reader.unreadable["t", 0]
    assert not reader.damaged


def test_offsets_without_a_record_at_the_end_count_as_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The marker that ends a transaction takes such an offset."""
    reader, seen = read(
        monkeypatch, lambda at: [Message(0)] if at == 0 else [Message(3, "_PARTITION_EOF")], 3
    )
    assert seen == [0]
    assert reader.complete


def test_a_partition_without_a_leader_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, seen = read(monkeypatch, good(4), 4, Client(4, leaderless=True))
    assert seen == [0, 1, 2, 3]
    assert not reader.complete
    assert reader.unreadable == {("t", 1): "it has no leader"}


def test_reading_no_topic_or_no_partition_is_not_complete() -> None:
    class Nothing(Client):
        def partitions(self, topic: str) -> tuple[int, ...]:
            return ()

        def end_offsets(self, topic: str) -> dict[int, int]:
            return {}

    for topics in ([], ["t"]):
        reader = TopicReader(Nothing(0), "g", topics, PATIENCE)  # type: ignore[arg-type]
        assert not reader.complete


def test_the_reader_has_strict_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read(monkeypatch, good(2), 2)
    strict = ScriptedConsumer.settings
    assert (strict["check.crcs"], strict["auto.offset.reset"]) == ("true", "error")
    assert strict["enable.auto.commit"] == "false"
