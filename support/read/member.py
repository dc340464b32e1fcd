"""One member of a consumer group, a separate process: `python -m support.read.member < order`.

It takes a batch, processes record after record, and commits what it has processed. To process a
record is to write it to the journal, which is flushed before the record counts. The member leaves
its group when its standard input closes. After SIGKILL the group waits for it, as after a crash.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from support import clock
from support.clients.connection import client_config
from support.generate.payload import payloads
from support.read.log_reader import note
from support.read.member_order import EVENTS, JOURNAL, MemberEvent, MemberOrder
from support.record.observed import ObservationJournal
from support.record.sessions import Assignment, Commit, CommitAnswer

BATCH = 50
GRACE = timedelta(seconds=10)
"""Time to leave the group; it needs the broker, which may be down."""
PASSING = frozenset(
    {
        "_NO_OFFSET",
        "_TRANSPORT",
        "_WAIT_COORD",
        "_TIMED_OUT",
        "NOT_COORDINATOR",
        "COORDINATOR_LOAD_IN_PROGRESS",
        "COORDINATOR_NOT_AVAILABLE",
        "REBALANCE_IN_PROGRESS",
        "ILLEGAL_GENERATION",
        "UNKNOWN_MEMBER_ID",
        "REQUEST_TIMED_OUT",
        "_STATE",
    }
)
"""Errors of a commit while the broker is down or the group rebalances; the next commit covers the
same records."""


class Member:
    """Reads, processes and commits until `leaving` is set."""

    def __init__(self, order: MemberOrder) -> None:
        self._order = order
        folder = Path(order.folder)
        self._journal = ObservationJournal(folder / JOURNAL)
        self._events = (folder / EVENTS).open("wb", buffering=0)
        self._sent = payloads(order.seed, sampled=order.sampled)
        self._positions: dict[int, int] = {}
        self._revoked: set[int] = set()
        """Partitions that were taken away during the current poll."""
        self._committed_ns = clock.now_ns()
        config = {
            **client_config(order.kafka, order.consumer),
            "error_cb": self._write_error,
            "on_commit": self._write_answers,
        }
        self._consumer = Consumer(config)
        self.leaving = Event()

    def run(self) -> None:
        """Works until `leaving` is set, then commits and leaves the group.

        Raises KafkaException when a commit fails with an error that is not PASSING.
        """
        self._consumer.subscribe(
            [self._order.topic],
            on_assign=lambda _, partitions: self._reassign("assigned", partitions),
            on_revoke=lambda _, partitions: self._reassign("revoked", partitions),
            on_lost=lambda _, partitions: self._reassign("lost", partitions),
        )
        while not self.leaving.is_set():
            batch = self._next_batch()
            if self._order.commit_first and batch:
                self._commit({m.partition(): m.offset() + 1 for m in batch}, wait=True)
            for message in batch:
                self._process(message)
            self._commit_when_due()
        if not self._order.commit_first:
            self._commit(self._positions, wait=True)
        self._consumer.close()

    def _next_batch(self) -> list[Message]:
        """Takes the records that have been fetched; waits briefly if there is none.

        A rebalance happens inside poll(). Records of a partition that was taken away meanwhile are
        dropped: its new owner starts from the commit.
        """
        batch: list[Message] = []
        wait_s = 0.05
        while len(batch) < BATCH:
            self._revoked.clear()
            message = self._consumer.poll(wait_s)
            batch = [taken for taken in batch if taken.partition() not in self._revoked]
            if message is None:
                break
            if message.error() is None:
                batch.append(message)
            else:
                # A damaged batch repeats its error for ever: process what was taken before it.
                self._write_error(message.error())
                break
            wait_s = 0
        return batch

    def _process(self, message: Message) -> None:
        if self._order.processing_ms:
            clock.pause(timedelta(milliseconds=self._order.processing_ms))
        note(self._journal, [message], self._sent)
        self._journal.flush()
        self._positions[message.partition()] = message.offset() + 1
        if not self._order.commit_first:
            self._commit_when_due()

    def _commit_when_due(self) -> None:
        due = self._committed_ns + self._order.commit_every_ms * clock.NS_PER_MS
        if clock.now_ns() >= due and not self._order.commit_first:
            self._commit(self._positions, wait=False)

    def _commit(self, positions: Mapping[int, int], *, wait: bool) -> None:
        self._committed_ns = clock.now_ns()
        if not positions:
            return
        offsets = [TopicPartition(self._order.topic, p, o) for p, o in positions.items()]
        for partition, offset in positions.items():
            self._write(MemberEvent(commit=Commit(clock.now_ns(), partition, offset)))
        try:
            stored = self._consumer.commit(offsets=offsets, asynchronous=not wait)
        except KafkaException as error:
            self._write_answers(error.args[0], offsets)
            if error.args[0].name() not in PASSING:
                raise
        else:
            # librdkafka calls no callback for a commit that is waited for.
            self._write_answers(None, stored or [])

    def _reassign(self, kind: str, partitions: list[TopicPartition]) -> None:
        """Records that partitions were assigned, revoked or lost; commits revoked ones."""
        ids = tuple(sorted(each.partition for each in partitions))
        if kind == "revoked" and not self._order.commit_first:
            self._commit({p: o for p, o in self._positions.items() if p in ids}, wait=True)
        if kind != "assigned":
            self._revoked.update(ids)
            self._positions = {p: o for p, o in self._positions.items() if p not in ids}
        self._write(MemberEvent(assignment=Assignment(clock.now_ns(), kind, ids)))

    def _write_answers(
        self, error: KafkaError | None, offsets: list[TopicPartition] | None
    ) -> None:
        """Records the answer to a commit, for each partition. Must not raise: it is called from
        C."""
        if error is not None:
            self._write_error(error)
        now = clock.now_ns()
        for each in offsets or ():
            failure = error or each.error
            name = failure.name() if failure is not None else ""
            self._write(MemberEvent(answer=CommitAnswer(now, each.partition, each.offset, name)))

    def _write_error(self, error: KafkaError) -> None:
        """Records an error of the client. Must not raise: it is called from C."""
        self._write(MemberEvent(error=error.name()))

    def _write(self, event: MemberEvent) -> None:
        self._events.write(msgspec.json.encode(event) + b"\n")


def main() -> int:
    """Runs the member that standard input orders, until standard input closes."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=MemberOrder)
    member = Member(order)

    def await_parent() -> None:
        sys.stdin.buffer.read()
        member.leaving.set()
        # The process must end even if no broker answers the request to leave.
        clock.pause(GRACE)
        os._exit(3)

    Thread(target=await_parent, daemon=True).start()
    member.run()
    return 0


if __name__ == "__main__":
    code = main()
    os._exit(code)
