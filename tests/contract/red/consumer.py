"""A consumer on a real topic that seeks and commits only on a test's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from support import clock
from support.clients.connection import client_config
from support.experiment.experiment import Experiment
from support.generate.payload import payloads
from support.read.log_reader import note
from support.record.observed import ObservationJournal
from support.record.sessions import Assignment, Commit, CommitOutcome, Session
from support.waiting import wait_until
from tests.contract.red.producer import SEED

QUICK = {"heartbeat.interval.ms": "300"}
PATIENCE = timedelta(seconds=15)


class CarelessConsumer:
    """Reads, seeks and commits only when a test calls it. close() returns its session."""

    def __init__(
        self,
        trial: Experiment,
        topic: str,
        group: str,
        name: str,
        *,
        resumes_from: Mapping[int, int] | None = None,
        from_beginning: bool = False,
    ) -> None:
        """With `from_beginning` it ignores what its group has committed."""
        self._topic, self.name, self._resumes_from = topic, name, resumes_from or {}
        self._from_beginning = from_beginning
        self._journal = ObservationJournal(trial.folder / f"{name}.journal")
        self._commits: list[Commit] = []
        self._assignments: list[Assignment] = []
        self._next: dict[int, int] = {}
        self.count = 0
        settings = {**trial.stack.baseline.consumer, **QUICK, "group.id": group}
        self._started_ns = clock.now_ns()
        self._consumer = Consumer(client_config(trial.stack.endpoints.kafka, settings))
        self._consumer.subscribe([topic], on_assign=self._assigned, on_revoke=self._revoked)

    @property
    def assigned(self) -> int:
        """How often partitions were assigned to it."""
        return sum(each.kind == "assigned" for each in self._assignments)

    def poll(self, seconds: float = 0.1) -> bool:
        """Polls once; returns False when no record came."""
        message = self._consumer.poll(seconds)
        if message is None or message.error() is not None:
            return False
        note(self._journal, [message], payloads(SEED))
        self._next[message.partition()] = message.offset() + 1
        self.count += 1
        return True

    def read(self, count: int) -> None:
        """Polls until it has received `count` records in all."""
        self.until(lambda: self.count >= count)

    def until(self, done: Callable[[], bool], other: CarelessConsumer | None = None) -> None:
        """Polls in turn with another consumer until `done`. Raises NotInTime."""

        def look() -> bool:
            if done():
                return True
            self.poll()
            if other is not None:
                other.poll()
            return False

        wait_until(look, bool, PATIENCE, f"consumer {self.name}, {self.count} records received")

    def seek(self, offset: int) -> None:
        """Moves to an offset of partition 0."""
        self._consumer.seek(TopicPartition(self._topic, 0, offset))

    def commit(self, offset: int | None = None) -> None:
        """Commits an offset of partition 0; without one, the offsets of what it has processed."""
        offsets, asked_ns = self._next if offset is None else {0: offset}, clock.now_ns()
        partitions = [TopicPartition(self._topic, *each) for each in offsets.items()]
        self._consumer.commit(offsets=partitions, asynchronous=False)
        self._commits += [
            Commit(asked_ns, partition, committed, CommitOutcome.OK, clock.now_ns())
            for partition, committed in offsets.items()
        ]

    def close(self) -> Session:
        """Leaves the group; returns what the consumer did."""
        self._consumer.close()
        return Session(
            self.name,
            self._journal.close(),
            self._started_ns,
            clock.now_ns(),
            False,
            self._resumes_from,
            tuple(self._commits),
            tuple(self._assignments),
        )

    def _assigned(self, consumer: Consumer, partitions: list[Any]) -> None:
        ids = tuple(sorted(each.partition for each in partitions))
        self._assignments.append(Assignment(clock.now_ns(), "assigned", ids))
        if self._from_beginning:
            for each in partitions:
                each.offset = OFFSET_BEGINNING
            consumer.assign(partitions)

    def _revoked(self, _consumer: Consumer, partitions: list[Any]) -> None:
        ids = tuple(sorted(each.partition for each in partitions))
        self._assignments.append(Assignment(clock.now_ns(), "revoked", ids))
