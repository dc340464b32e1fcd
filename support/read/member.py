"""One member of a consumer group, a process of its own: `python -m support.read.member < order`.

It takes a batch, processes record after record (puts each down in its journal, on disk before it
counts), and commits what it has processed. It leaves the group when its standard input closes;
SIGKILL leaves the group waiting for it, as a crash does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
from confluent_kafka import Consumer, KafkaException, TopicPartition

from support import clock
from support.clients.connection import client_config
from support.generate.payload import payloads
from support.read.log_reader import note
from support.record.observed import ObservationJournal
from support.record.sessions import Assignment, Commit, CommitAnswer

BATCH = 50
GRACE = timedelta(seconds=10)
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
"""A commit may fail so while the broker is away or the group rebalances: the next covers it."""


@dataclass(frozen=True)
class MemberOrder:
    """`consumer` in librdkafka's names, the group among them; `seed` of the payloads that come."""

    bootstrap: str
    topic: str
    consumer: Mapping[str, str]
    seed: int
    folder: str
    processing_ms: float = 0.0
    """What a record costs before it is put down."""
    commit_every_ms: int = 500
    commit_first: bool = False
    """Commit a batch before it is processed: at most once, which loses it in a crash."""


@dataclass(frozen=True)
class MemberEvent:
    """A line of `events.jsonl`: one of a commit that is asked for, the answer to one, a change of
    assignment, or an error by name."""

    commit: Commit | None = None
    answer: CommitAnswer | None = None
    assignment: Assignment | None = None
    error: str = ""


class Member:
    """Reads, processes and commits until told to leave."""

    def __init__(self, order: MemberOrder) -> None:
        self._order = order
        folder = Path(order.folder)
        self._journal = ObservationJournal(folder / JOURNAL)
        self._events = (folder / EVENTS).open("wb", buffering=0)
        self._sent = payloads(order.seed)
        self._positions: dict[int, int] = {}
        self._gone: set[int] = set()
        self._committed_ns = clock.now_ns()
        config = {
            **client_config(order.bootstrap, order.consumer),
            "error_cb": self._error,
            "on_commit": self._committed,
        }
        self._consumer = Consumer(config)
        self.leaving = Event()

    def run(self) -> None:
        """Until `leaving`; leaves the group in an orderly way."""
        self._consumer.subscribe(
            [self._order.topic],
            on_assign=lambda _, given: self._assigned("assigned", given),
            on_revoke=lambda _, given: self._assigned("revoked", given),
            on_lost=lambda _, given: self._assigned("lost", given),
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

    def _next_batch(self) -> list[Any]:
        """What is there already, but at least one record if it comes soon.

        A rebalance happens inside poll: what was taken from a partition that went away meanwhile
        is left to its new owner, who starts from the commit.
        """
        batch: list[Any] = []
        wait_s = 0.05
        while len(batch) < BATCH:
            self._gone.clear()
            message = self._consumer.poll(wait_s)
            batch = [taken for taken in batch if taken.partition() not in self._gone]
            if message is None:
                break
            if message.error() is None:
                batch.append(message)
            else:
                # It may come for ever, as of a damaged batch: what is there already goes first.
                self._error(message.error())
                break
            wait_s = 0
        return batch

    def _process(self, message: Any) -> None:
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
            self._tell(MemberEvent(commit=Commit(clock.now_ns(), partition, offset)))
        try:
            stored = self._consumer.commit(offsets=offsets, asynchronous=not wait)
        except KafkaException as error:
            self._committed(error.args[0], offsets)
            if error.args[0].name() not in PASSING:
                raise
        else:
            # A commit that is waited for has no callback.
            self._committed(None, stored or [])

    def _assigned(self, kind: str, partitions: list[Any]) -> None:
        ids = tuple(sorted(each.partition for each in partitions))
        if kind == "revoked" and not self._order.commit_first:
            self._commit({p: o for p, o in self._positions.items() if p in ids}, wait=True)
        if kind != "assigned":
            self._gone.update(ids)
            self._positions = {p: o for p, o in self._positions.items() if p not in ids}
        self._tell(MemberEvent(assignment=Assignment(clock.now_ns(), kind, ids)))

    def _committed(self, error: Any, offsets: Any) -> None:
        """The answer to a commit; one that failed is covered by the next. Must not raise: it is
        called from C."""
        if error is not None:
            self._error(error)
        now = clock.now_ns()
        for each in offsets or ():
            trouble = error or each.error
            name = trouble.name() if trouble is not None else ""
            self._tell(MemberEvent(answer=CommitAnswer(now, each.partition, each.offset, name)))

    def _error(self, error: Any) -> None:
        """Must not raise: it is called from C."""
        self._tell(MemberEvent(error=error.name()))

    def _tell(self, event: MemberEvent) -> None:
        self._events.write(msgspec.json.encode(event) + b"\n")


JOURNAL, EVENTS = "seen.journal", "events.jsonl"


def main() -> int:
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=MemberOrder)
    member = Member(order)

    def await_parent() -> None:
        sys.stdin.buffer.read()
        member.leaving.set()
        # Leaving needs the broker; without one the process must end all the same.
        clock.pause(GRACE)
        os._exit(3)

    Thread(target=await_parent, daemon=True).start()
    member.run()
    return 0


if __name__ == "__main__":
    code = main()
    os._exit(code)
