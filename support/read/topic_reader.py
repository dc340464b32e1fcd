"""Reads topics, or their last records, up to their current end with a fresh client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import reader_config
from support.interruption import check
from support.read.damaged_batches import DAMAGED, UNEXPLAINED, Probe, probe_offset, readable_from
from support.record.damage import Damage

BATCH = 500
"""Records that a fetch returns at most."""
PROBE_PATIENCE = timedelta(seconds=5)
AT_END = "_PARTITION_EOF"

Partition = tuple[str, int]
"""Topic and partition."""


class TopicReader:
    """Iterates once over the records of topics, in batches; a batch may go beyond `ends`.

    `ends` are the end offsets when the reader was created, `reached` the positions that it has
    reached. With `last` it reads only the last `last` records of each partition.
    `consumer` are settings to read with; without them the client is strict.

    The reader stops when `patience` passes without any position advancing. It skips a batch that
    the client refuses, and keeps it in `damaged`. A partition that was not read to its end is in
    `unreadable`, with the reason.
    """

    def __init__(
        self,
        client: BrokerClient,
        group: str,
        topics: Sequence[str],
        patience: timedelta,
        last: int | None = None,
        consumer: Mapping[str, str] | None = None,
    ) -> None:
        starts = {(t, p): start for t in topics for p, start in client.start_offsets(t).items()}
        ends = {(t, p): end for t in topics for p, end in client.end_offsets(t).items()}
        self.ends = {each: end for each, end in ends.items() if each in starts}
        if last is not None:
            starts = {each: max(starts[each], end - last) for each, end in self.ends.items()}
        self.reached = {each: min(starts[each], end) for each, end in self.ends.items()}
        self.damaged: list[Damage] = []
        self.unreadable = {
            (t, p): "it has no leader"
            for t in topics
            for p in client.partitions(t)
            if (t, p) not in self.ends
        }
        self._empty = not topics or {t for t, _ in (*self.ends, *self.unreadable)} != set(topics)
        self._errors: dict[Partition, tuple[str, str]] = {}
        """Partition -> name and text of the first error of the current client."""
        self._last_error = "the client reported no error"
        self._patience = patience
        self._config = {**reader_config(client.kafka, group), **(consumer or {})}

    @property
    def complete(self) -> bool:
        """Whether every partition of every topic was read up to its end."""
        return not self._empty and not self.unreadable and not self._unfinished()

    def __iter__(self) -> Iterator[list[Message]]:
        last_progress = clock.now_ns()
        try:
            while self._unfinished():
                with closing(self._new_client()) as reader:
                    while self._unfinished() and not self._errors:
                        check()
                        before = sum(self.reached.values())
                        yield self._take(reader.consume(self._batch_size(), timeout=1.0))
                        if sum(self.reached.values()) > before:
                            last_progress = clock.now_ns()
                        waited_s = (clock.now_ns() - last_progress) / clock.NS_PER_S
                        if waited_s > self._patience.total_seconds():
                            return
                if self._skip_damaged():
                    last_progress = clock.now_ns()
        finally:
            for each in self._unfinished():
                why = f"read to {self.reached[each]} of {self.ends[each]}; {self._last_error}"
                self.unreadable.setdefault(each, why)

    def _unfinished(self) -> list[Partition]:
        return [each for each, end in self.ends.items() if self.reached[each] < end]

    def _batch_size(self) -> int:
        """Returns how many records to ask for.

        Never more than are left: a client that is asked for more waits until its time-out.
        """
        left = sum(self.ends[each] - self.reached[each] for each in self._unfinished())
        return min(BATCH, left)

    def _new_client(self) -> Consumer:
        """Creates a client for the unfinished partitions; needed again after every error.

        After an error the client's position is undefined, and librdkafka 2.8 can abort the process
        when a partition is assigned again before a fetch.
        """
        reader = Consumer(self._config)
        reader.assign([TopicPartition(*each, self.reached[each]) for each in self._unfinished()])
        return reader

    def _take(self, messages: Sequence[Message]) -> list[Message]:
        """Returns the records that advance a position.

        Records after an error in their partition are dropped: the client's position is undefined.
        """
        taken = []
        for message in messages:
            partition, offset = (message.topic(), message.partition()), message.offset()
            error = message.error()
            if error is not None and error.name() != AT_END:
                self._note_error(partition, error)
            elif partition not in self._errors and offset >= self.reached.get(partition, 0):
                # Offsets after the last record may hold none; AT_END comes with the end offset.
                self.reached[partition] = offset + (error is None)
                taken += [message] if error is None else []
        return taken

    def _note_error(self, partition: Partition, error: KafkaError) -> None:
        self._last_error = (
            f"{partition[0]}, partition {partition[1]}: {error.name()}: {error.str()}"
        )
        if partition in self.ends:
            self._errors.setdefault(partition, (error.name(), error.str()))

    def _skip_damaged(self) -> bool:
        """Skips each batch that the client refuses once more; other errors are left to a retry."""
        skipped = False
        for partition, (name, reason) in self._errors.items():
            at, end = self.reached[partition], self.ends[partition]
            probe = partial(probe_offset, self._config, *partition, within=PROBE_PATIENCE)
            if name not in DAMAGED or at >= end or probe(at) is not Probe.REFUSED:
                continue
            until = readable_from(probe, at, end)
            if name == UNEXPLAINED:
                clock.pause(self._patience / 3)
                if probe(at) is not Probe.REFUSED:
                    continue
            if until is not None:
                self.damaged.append(Damage(*partition, at, until, f"{name}: {reason}"))
                self.reached[partition] = until
                skipped = True
        self._errors.clear()
        return skipped
