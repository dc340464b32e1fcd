"""The watch of arriving events records when each arrives, and reports when it can't."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, TopicPartition

from support.checks.cdc_identity import identity
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.read import event_watch
from support.read.event_watch import EventWatch
from support.waiting import wait_until

VALUE = (
    b'{"before":null,"after":{"id":1,"version":1},"source":{"version":"2.5",'
    b'"connector":"postgresql","name":"d","ts_ms":5,"snapshot":"false","db":"a",'
    b'"schema":"public","table":"users","lsn":1},"op":"c","ts_ms":6}'
)


class Record:
    """An insert into the table users, or an error of the client."""

    def __init__(self, offset: int = 0, error: KafkaError | None = None) -> None:
        self._offset, self._error = offset, error

    def error(self) -> KafkaError | None:
        return self._error

    def topic(self) -> str:
        return "x.users"

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset

    def key(self) -> bytes:
        return b'{"id":1}'

    def value(self) -> bytes:
        return VALUE

    def timestamp(self) -> tuple[int, int]:
        return 1, 6


class Playback:
    """A fake consumer of a topic with `partitions`, which delivers `given` in order."""

    def __init__(self, *given: Any, partitions: int = 3, end: int = 0) -> None:
        self._given, self._partitions, self._end = list(given), partitions, end
        self.assigned: list[tuple[str, int, int]] = []
        self.closed = False

    def list_topics(self, topic: str, timeout: float) -> Any:
        parts = dict.fromkeys(range(self._partitions))
        return SimpleNamespace(topics={topic: SimpleNamespace(partitions=parts, error="unknown")})

    def get_watermark_offsets(self, _: TopicPartition, _timeout: float) -> tuple[int, int]:
        return 0, self._end

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.assigned = [(each.topic, each.partition, each.offset) for each in partitions]

    def poll(self, _timeout: float) -> Any:
        given = self._given.pop(0) if self._given else None
        if isinstance(given, Exception):
            raise given
        return given

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Callable[[Playback], EventWatch]:
    def start(consumer: Playback) -> EventWatch:
        monkeypatch.setattr(event_watch, "Consumer", lambda _config: consumer)
        return EventWatch(KafkaAddress("127.0.0.1:9"), ["x.users"], identity)

    return start


def soon(seen: Callable[[], object]) -> None:
    wait_until(seen, bool, timedelta(seconds=5), "the watch to see it")


def test_every_partition_that_the_broker_has_is_watched(
    watching: Callable[[Playback], EventWatch],
) -> None:
    """The broker is asked: with -D topic.partitions=-1 it decides how many there are."""
    consumer = Playback()
    watching(consumer).close()
    assert consumer.assigned == [("x.users", 0, 0), ("x.users", 1, 0), ("x.users", 2, 0)]
    assert consumer.closed


def test_a_topic_without_partitions_is_an_error(
    watching: Callable[[Playback], EventWatch],
) -> None:
    consumer = Playback(partitions=0)
    with pytest.raises(StackError, match="has no partition"):
        watching(consumer)
    assert consumer.closed


def test_an_event_arrives_when_it_is_first_read(
    watching: Callable[[Playback], EventWatch],
) -> None:
    watch = watching(Playback(Record(3), Record(4), end=4))
    soon(lambda: len(watch.arrivals.all) == 2)
    watch.close()
    before, after = watch.arrivals.all
    assert before.arrived_ns is None  # It was in the topic before the watch began.
    assert after.arrived_ns is not None
    assert (after.change, after.commit_ms) == (("c", "users", 1, 1), 5)


def test_an_event_that_is_read_twice_arrives_once(
    watching: Callable[[Playback], EventWatch],
) -> None:
    watch = watching(Playback(Record(3), Record(3), Record(4)))
    soon(lambda: len(watch.arrivals.all) == 2)
    watch.close()
    assert len(watch.arrivals.first_of_each()) == 1


def test_lost_connections_are_counted_and_do_not_end_the_watch(
    watching: Callable[[Playback], EventWatch],
) -> None:
    lost = Record(error=KafkaError(KafkaError._ALL_BROKERS_DOWN))
    watch = watching(Playback(lost, Record(1)))
    soon(lambda: watch.arrivals.all)
    watch.close()
    assert watch.trouble == ""
    assert watch.errors == {"_ALL_BROKERS_DOWN": 1}


def test_a_watch_that_dies_says_so(watching: Callable[[Playback], EventWatch]) -> None:
    watch = watching(Playback(RuntimeError("boom")))
    soon(lambda: watch.trouble)
    watch.close()
    assert "RuntimeError: boom" in watch.trouble


def refused() -> Record:
    return Record(error=KafkaError(KafkaError._BAD_MSG))


def test_a_partition_is_stuck_if_the_client_keeps_refusing_its_batch(
    watching: Callable[[Playback], EventWatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_watch, "STUCK_S", 0)
    watch = watching(Playback(Record(1), refused(), refused()))
    soon(lambda: watch.trouble)
    watch.close()
    assert "x.users, partition 0: _BAD_MSG" in watch.trouble
    assert len(watch.arrivals.all) == 1


def test_a_partition_that_delivers_a_record_is_no_longer_stuck(
    watching: Callable[[Playback], EventWatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watching(Playback(refused(), refused(), Record(5), refused()))
    soon(lambda: watch.arrivals.all)
    monkeypatch.setattr(event_watch, "STUCK_S", 0)
    assert watch.trouble == ""
    watch.close()
